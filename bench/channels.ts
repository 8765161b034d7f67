import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { SimulatedClient } from '../sandbox/simulator.ts'
import { openDemoClients } from '../src/app/demo-clients.ts'
import { sectionsOf } from './sections.ts'
import { freePort } from '../src/app/free-port.ts'
import { systemClock } from '../src/core/clock.ts'
import { silentLog } from '../src/core/log.ts'
import type { Asking } from './asking.ts'
import { atRate, quantile, round } from './load.ts'
import { learnOnce } from './learned.ts'
import { question } from './questions.ts'
import { report } from './report.ts'
import { createServerProcess } from './server-process.ts'
import { openWebVisitors } from './web-client.ts'

const patienceMs = 20_000
const names = Array.from({ length: 100 }, (_, place) => `阿${String(place + 1)}`)

/** Mail is not in it: a mail is read when its server says so, and answered in its own time. */
const measured = ['weibo', 'wecom', 'telegram', 'botframework', 'api']

const askOn = (channel: string, client: SimulatedClient): Asking => {
  // Of each contact the asked questions, oldest first, with the number of answers that must stand there.
  const waiting = new Map<string, { readonly needed: number; readonly answered: () => void }[]>()
  const users = client.users().slice(0, names.length)
  const heard = (key: string): number => client.lines(key).filter(({ from }) => from === 'account').length
  const stop = client.onChange(() => {
    for (const [key, asked] of waiting) {
      if (asked.length === 0) continue
      const count = heard(key)
      while (asked[0] !== undefined && asked[0].needed <= count) asked.shift()?.answered()
    }
  })
  return {
    channel,
    ask: (n) =>
      new Promise((resolve, reject) => {
        const { key } = users[n % users.length] ?? { key: '' }
        const giveUp = setTimeout(() => reject(new Error(`${channel}: no answer`)), patienceMs)
        const startedAt = performance.now()
        const answered = (): void => {
          clearTimeout(giveUp)
          resolve(performance.now() - startedAt)
        }
        const asked = waiting.get(key) ?? []
        asked.push({ needed: heard(key) + asked.length + 1, answered })
        waiting.set(key, asked)
        client.act(key, { kind: 'text', text: question(n) })
      }),
    close: stop,
  }
}

const measure = async ({ channel, ask, close }: Asking): Promise<void> => {
  await atRate(20, 200, (n) => ask(n))
  const times = await atRate(20, 400, (n) => ask(n))
  close()
  report('channel-reply-at-20-per-second', {
    channel,
    messages: times.length,
    p50Ms: round(quantile(times, 0.5)),
    p99Ms: round(quantile(times, 0.99)),
  })
}

/** A message's way from the provider and back, on every channel that answers at once, one after another. */
export const channelLatency = async (): Promise<void> => {
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'tongda-bench-'))
  const base = `http://127.0.0.1:${String(port)}`
  const { clients, stop } = await openDemoClients({ base, clock: systemClock, names, folder, log: silentLog })
  const web = {
    channel: 'web',
    publicUrl: base,
    origins: [base],
    limits: { sessionsPerMinute: names.length },
  }
  const server = createServerProcess({
    port,
    learned: await learnOnce(),
    config: {
      router: { settleMs: 0 },
      inboxes: { ...sectionsOf(clients.filter(({ inbox }) => measured.includes(inbox.channel))), web },
    },
  })
  try {
    await server.start()
    for (const { simulator } of clients)
      if (measured.includes(simulator.channel)) await measure(askOn(simulator.channel, simulator.client))
    await measure(await openWebVisitors(base, 'web', names.length))
  } finally {
    await server.dispose()
    await stop()
    rmSync(folder, { recursive: true, force: true })
  }
}
