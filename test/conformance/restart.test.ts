import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createServerProcess, type ServerProcess } from '../../bench/server-process.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ChannelName } from '../../src/core/message.ts'
import { tongda } from '../support/command.ts'
import { serviceUrl } from '../support/services.ts'
import { meet, type Contact } from './contact.ts'
import { names, nextUserOf, serve, type Provider, type SetUp } from './stage.ts'
import { cache, review } from './questions.ts'
import { forum } from './stages/api.ts'
import { botframework } from './stages/botframework.ts'
import { email } from './stages/email.ts'
import { telegram } from './stages/telegram.ts'
import { web } from './stages/web.ts'
import { wechat } from './stages/wechat.ts'
import { wechaty } from './stages/wechaty.ts'
import { wecom } from './stages/wecom.ts'
import { weibo } from './stages/weibo.ts'
import { caseTitles, conformanceTable } from './table.ts'
import { openWire, type Wire } from './wire.ts'
import { fillDataFolder } from '../support/data-folder.ts'

const bridge = serviceUrl('wechaty-bridge')
const settleMs = 10_000

/** Every channel that has the case; Wechaty where its bridge is installed. */
const setUps: Readonly<Partial<Record<ChannelName, SetUp>>> = {
  wechat,
  wecom,
  weibo,
  email,
  web,
  telegram,
  botframework,
  api: forum,
  ...(bridge === undefined ? {} : { wechaty: wechaty(bridge) }),
}

interface Guest {
  readonly provider: Provider
  /** Whose answer is on its way when the product is killed, and whose message is only just stored. */
  readonly answered: Contact
  readonly stored: Contact
}

const closing: (() => void | Promise<void>)[] = []
const guests = new Map<string, Guest>()
let server: ServerProcess
let wire: Wire
let token: string

const open = async (setUp: SetUp, port: number): Promise<Provider> => {
  const apiPort = await freePort()
  const provider = await setUp({
    base: wire.url,
    apiOf: () => `http://127.0.0.1:${String(apiPort)}`,
    clock: systemClock,
    productUrl: () => `http://127.0.0.1:${String(port)}`,
    ...{ names, wire },
  })
  closing.push(await serve(provider.api, apiPort), () => provider.close())
  return provider
}

/** Answers go by API alone, so that none rides on a request that the kill breaks off. */
const sectionOf = ({ inbox }: Provider) => ({
  channel: inbox.channel,
  ...inbox.section,
  ...(inbox.channel === 'wechat' || inbox.channel === 'weibo' ? { passiveBudgetMs: 0 } : {}),
})

beforeAll(async () => {
  const port = await freePort()
  wire = await openWire(port)
  const providers = await Promise.all(Object.values(setUps).map((setUp) => open(setUp, port)))
  server = createServerProcess({
    port,
    config: {
      // Long enough for the kill to come before the answers that nothing else keeps back.
      router: { settleMs, settleMaxMs: settleMs, leaseMs: 4_000 },
      inboxes: Object.fromEntries(providers.map((provider) => [provider.inbox.inboxId, sectionOf(provider)])),
    },
  })
  fillDataFolder(join(server.folder, 'data'))
  await server.start()
  const made = await tongda(['key', 'create', '--name', 'test', '--scope', 'events:read', '--json'], {
    dataDir: join(server.folder, 'data'),
  })
  token = z.looseObject({ token: z.string() }).parse(JSON.parse(made.stdout)).token
  for (const provider of providers) {
    const from = { client: provider.client, nextUser: nextUserOf(provider) }
    const [answered, stored] = [await meet(from), await meet(from)]
    guests.set(provider.inbox.channel, { provider, answered, stored })
  }
})
afterAll(async () => {
  for (const close of closing) await close()
  await server.dispose()
  wire.close()
})

const all = (): readonly Guest[] => [...guests.values()]
/** What keeps an answer from the contact: a call that hangs. The forum shows the answer before it hangs: it fails. */
const holdOf = ({ provider: { client, inbox } }: Guest): string | undefined => {
  const hold = inbox.channel === 'api' ? 'api-500' : 'api-hang'
  return client.faults().some(({ name }) => name === hold) ? hold : undefined
}
const holdAnswers = (on: boolean): void => {
  for (const guest of all()) {
    const hold = holdOf(guest)
    if (hold !== undefined) guest.provider.client.setFault(hold, on)
  }
}

const Received = z.looseObject({
  data: z.array(z.looseObject({ data: z.looseObject({ inboxId: z.string() }) })),
})
/** How many messages of an inbox are stored. */
const storedIn = async (inboxId: string): Promise<number> => {
  const answer = await fetch(`${server.url}/api/v1/events?types=message.received&limit=100`, {
    headers: { authorization: `Bearer ${token}` },
  })
  const { data } = Received.parse(await answer.json())
  return data.filter((event) => event.data.inboxId === inboxId).length
}

describe('a product that is killed under all channels', () => {
  it('stores what is said, and has answers on their way', async () => {
    const holding = all().filter((guest) => holdOf(guest) !== undefined)
    const others = all().filter((guest) => holdOf(guest) === undefined)
    holdAnswers(true)
    for (const { answered } of holding) answered.says(review.text)
    await Promise.all(holding.map(({ answered }) => answered.isThrough()))
    // The answer has been offered, and its contact has not got it.
    for (const { provider, answered } of holding)
      await expect
        .poll(() => provider.client.exchanges(answered.key).some(({ kind }) => kind === 'api'), {
          timeout: settleMs + 15_000,
        })
        .toBe(true)
    for (const { stored } of holding) stored.says(cache.text)
    await Promise.all(holding.map(({ stored }) => stored.isThrough()))
    // Elsewhere both only wait for more words when the kill comes.
    const waiting = others.flatMap(({ answered, stored }) => [answered, stored])
    for (const { answered, stored } of others) {
      answered.says(review.text)
      stored.says(cache.text)
    }
    await Promise.all(waiting.map((contact) => contact.isThrough()))
    // Where nobody keeps them, a crash may only come once they are stored.
    for (const { provider } of others)
      if (provider.hooks.keepsNothing === true)
        await expect.poll(() => storedIn(provider.inbox.inboxId), { interval: 50 }).toBe(2)
    const early = all().flatMap(({ provider, answered, stored }) =>
      answered.count(review.answer) + stored.count(cache.answer) > 0 ? provider.inbox.channel : [],
    )
    await server.kill()
    holdAnswers(false)
    await server.start()
    expect(early).toEqual([])
  })

  for (const channel of Object.keys(conformanceTable) as ChannelName[])
    if (conformanceTable[channel].restart === 'yes')
      it.skipIf(setUps[channel] === undefined)(
        `${channel}: ${caseTitles.restart}`,
        async () => {
          const guest = guests.get(channel)
          if (guest === undefined) throw new Error('nobody has written')
          const { answered, stored } = guest
          await answered.hears(review.answer, 60_000)
          await stored.hears(cache.answer, 60_000)
          expect([answered.count(review.answer), stored.count(cache.answer)]).toEqual([1, 1])
        },
        120_000,
      )
})
