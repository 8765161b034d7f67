import { cpSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest'
import { createServerProcess, type ServerProcess } from '../../bench/server-process.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { ChannelName } from '../../src/core/message.ts'
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

const bridge = serviceUrl('wechaty-bridge')

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
      router: { settleMs: 500, leaseMs: 4_000 },
      inboxes: Object.fromEntries(providers.map((provider) => [provider.inbox.inboxId, sectionOf(provider)])),
    },
  })
  // What the other tests share, too: a database and what was learned take seconds to make.
  cpSync(inject('databaseTemplate'), join(server.folder, 'data', 'database'), { recursive: true })
  cpSync(inject('modelCache'), join(server.folder, 'data', 'cache'), { recursive: true })
  await server.start()
  for (const provider of providers) {
    const from = { client: provider.client, nextUser: nextUserOf(provider) }
    const [answered, stored] = [await meet(from), await meet(from)]
    guests.set(provider.inbox.channel, { provider, answered, stored })
  }
}, 120_000)
afterAll(async () => {
  for (const close of closing) await close()
  await server.dispose()
  wire.close()
})

const all = (): readonly Guest[] => [...guests.values()]
const has = ({ client }: Provider, fault: string): boolean =>
  client.faults().some(({ name }) => name === fault)

describe('a product that is killed under all channels', () => {
  it('stores what is said, and has answers on their way', async () => {
    for (const { provider } of all()) provider.client.setFault('api-hang', true)
    for (const { answered } of all()) answered.says(review.text)
    await Promise.all(all().map(({ answered }) => answered.isThrough()))
    // Where the provider can hang, the answer is with it now.
    for (const { provider, answered } of all().filter((guest) => has(guest.provider, 'api-hang')))
      await expect
        .poll(() => provider.client.exchanges(answered.key).some(({ kind }) => kind === 'api'))
        .toBe(true)
    for (const { stored } of all()) stored.says(cache.text)
    await Promise.all(all().map(({ stored }) => stored.isThrough()))
    await server.kill()
    for (const { provider } of all()) provider.client.setFault('api-hang', false)
    await server.start()
  }, 120_000)

  for (const channel of Object.keys(setUps) as ChannelName[])
    if (conformanceTable[channel].restart === 'yes')
      it(`${channel}: ${caseTitles.restart}`, async () => {
        const guest = guests.get(channel)
        if (guest === undefined) throw new Error('nobody has written')
        const { answered, stored } = guest
        await answered.hears(review.answer, 60_000)
        await stored.hears(cache.answer, 60_000)
        expect([answered.count(review.answer), stored.count(cache.answer)]).toEqual([1, 1])
      }, 120_000)
})
