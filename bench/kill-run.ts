import { serve } from '@hono/node-server'
import { setTimeout as delay } from 'node:timers/promises'
import { createWechatSimulator, type WechatSimulator } from '../sandbox/index.ts'
import { systemClock } from '../src/core/clock.ts'
import { silentLog } from '../src/core/log.ts'
import { openEmbedded, openPostgres } from '../src/store/index.ts'
import { judge, total, type Asked, type Verdict } from './ledger.ts'
import { freePort } from '../src/app/free-port.ts'
import { createRandom } from './random.ts'
import { createServerProcess, type ServerProcess } from './server-process.ts'
import { account } from './wechat-client.ts'

/** How hard to be. */
export interface KillRunOptions {
  readonly kills: number
  readonly contacts: number
  /** Of the random moments; printed, so that a run can be had again. */
  readonly seed: number
  /** PostgreSQL; undefined: the embedded database. */
  readonly databaseUrl?: string
  readonly onKill?: (kill: number) => void
}

/** What a run showed. */
export interface KillRunResult extends Verdict {
  readonly kills: number
  /** Repeats that the product knows of and shows as such. */
  readonly marked: number
  /** Milliseconds from the last restart until everything acknowledged was answered. */
  readonly settledMs: number
}

// Menu keys with fixed texts: every message has an answer of its own, whatever the articles say.
const keys = 400
const keyOf = (n: number): string => `ASK_${String(n)}`
const answerOf = (n: number): string => `答复第${String(n)}号`

const configFor = (apiBase: string) => ({
  production: true,
  router: { settleMs: 0 },
  dialogue: {
    menuKeys: Object.fromEntries(
      Array.from({ length: keys }, (_, n) => [keyOf(n), { to: 'text', text: answerOf(n) }]),
    ),
  },
  inboxes: {
    torture: {
      channel: 'wechat',
      mode: 'safe',
      ...account,
      apiBase,
      passiveBudgetMs: 2_000,
      sendsPerSecond: 500,
      allowances: {
        click: { count: 1_000, windowMs: 3_600_000 },
        message: { count: 1_000, windowMs: 3_600_000 },
      },
    },
  },
})

interface Platform {
  readonly simulator: WechatSimulator
  readonly apiBase: string
  stop(): void
}

/** A simulated platform on a port of its own. Its quotas are wide open: they are not what is tested here. */
const startPlatform = async (serverPort: number, contacts: readonly string[]): Promise<Platform> => {
  const port = await freePort()
  const apiBase = `http://127.0.0.1:${String(port)}`
  const limit = { count: 100_000, windowMs: 86_400_000 }
  const simulator = createWechatSimulator({
    account: { ...account, name: '次元站', mode: 'safe', kind: 'service' },
    callbackUrl: () => `http://127.0.0.1:${String(serverPort)}/channels/torture/callback`,
    apiUrl: () => apiBase,
    clock: systemClock,
    users: contacts.map((openid) => ({ openid, name: openid })),
    limits: { message: limit, menu: limit, subscribe: limit, scan: limit },
    timing: { attempts: 3, attemptTimeoutMs: 5_000, retryDelayMs: 1_500 },
  })
  const server = serve({ fetch: simulator.api.fetch, port, hostname: '127.0.0.1' })
  return {
    simulator,
    apiBase,
    stop: () => {
      simulator.close()
      server.close()
    },
  }
}

/** A contact who asks the next thing as soon as the platform is done with the last one. */
const chat = async (
  simulator: WechatSimulator,
  openid: string,
  running: () => boolean,
): Promise<readonly Asked[]> => {
  const asked: Asked[] = []
  while (running() && asked.length < keys) {
    const n = asked.length
    const { state } = await simulator.push(openid, { kind: 'click', key: keyOf(n), label: keyOf(n) })
    asked.push({ answer: answerOf(n), acknowledged: state !== 'failed' })
    await delay(20)
  }
  return asked
}

const killRepeatedly = async (
  server: ServerProcess,
  { kills, seed, onKill }: KillRunOptions,
): Promise<void> => {
  const random = createRandom(seed)
  for (let kill = 1; kill <= kills; kill += 1) {
    // From the middle of a start to well into steady work.
    await delay(50 + random() * 1_500)
    await server.kill()
    onKill?.(kill)
    await server.start()
  }
}

const settleLimitMs = 60_000

const awaitSettled = async (verdict: () => Verdict): Promise<number> => {
  const startedAt = performance.now()
  while (verdict().lost > 0 && performance.now() - startedAt < settleLimitMs) await delay(100)
  return Math.round(performance.now() - startedAt)
}

/** How many messages the product itself shows as possibly sent twice. */
const countMarked = async (server: ServerProcess, databaseUrl: string | undefined): Promise<number> => {
  const database = await (databaseUrl === undefined
    ? openEmbedded({ folder: `${server.folder}/data`, log: silentLog })
    : openPostgres({ url: databaseUrl, maxConnections: 2, timeoutMs: 60_000, log: silentLog }))
  const [row] = await database.query<{ marked: number }>(
    'select count(*)::int as marked from outbox where repeated',
  )
  await database.close()
  return row?.marked ?? 0
}

/**
 * Kills the server at random moments while contacts chat through a simulated platform, then compares what every
 * contact asked with what stands on the contact's screen.
 */
export const killRun = async (options: KillRunOptions): Promise<KillRunResult> => {
  const port = await freePort()
  const contacts = Array.from({ length: options.contacts }, (_, n) => `oTorture${String(n).padStart(4, '0')}`)
  const platform = await startPlatform(port, contacts)
  const { simulator } = platform
  const server = createServerProcess({
    port,
    config: configFor(platform.apiBase),
    ...(options.databaseUrl === undefined ? {} : { environment: { DATABASE_URL: options.databaseUrl } }),
  })
  try {
    await server.start()
    let running = true
    const chats = contacts.map((openid) => chat(simulator, openid, () => running))
    await killRepeatedly(server, options)
    running = false
    const asked = await Promise.all(chats)
    const verdict = (): Verdict =>
      total(contacts.map((openid, place) => judge(asked[place] ?? [], simulator.transcript(openid))))
    const settledMs = await awaitSettled(verdict)
    await server.stop()
    const marked = await countMarked(server, options.databaseUrl)
    return { ...verdict(), kills: options.kills, marked, settledMs }
  } finally {
    platform.stop()
    await server.dispose()
  }
}
