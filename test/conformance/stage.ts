import { createAdaptorServer } from '@hono/node-server'
import type { Hono } from 'hono'
import type { ClientAct, SimulatedClient } from '../../sandbox/simulator.ts'
import type { DemoSurroundings } from '../../src/app/demo-clients.ts'
import { freePort } from '../../src/app/free-port.ts'
import type { InboxConfig } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog, type Logger } from '../../src/core/log.ts'
import type { ChannelName } from '../../src/core/message.ts'
import type { TestAgent } from '../support/agent.ts'
import { startProduct, type Product } from '../support/product.ts'
import { openWire, type Wire } from './wire.ts'

/** What a provider can do beside its client, where a case needs it. */
export interface Hooks {
  /** Sends the last push of a contact once more, byte by byte; resolves when it is answered. */
  readonly resend: () => Promise<void>
  /** A contact says something, and it goes ten times at once. Default: the wire makes the copies. */
  readonly saysTenTimes?: (userKey: string, text: string) => Promise<void>
  /** Sends what is over the limit; resolves with the refusal's number. */
  readonly oversize?: () => Promise<number>
  /** A contact says something of a kind nobody has documented. */
  readonly unknownType?: (userKey: string) => Promise<void>
  /** The platform tells the account what the account itself said to a contact. */
  readonly echo?: (userKey: string, text: string) => Promise<void>
  /** How many messages went out to the account's own address. Default: there is no such address. */
  readonly saidToItself?: () => number
  readonly token?: { readonly expire: () => void; readonly issued: () => number }
  /** Whether a forged push is all that carries its message; false: the message lies at the provider and is fetched. */
  readonly pushCarriesMessage: boolean
  /** `clock`: the window ends by time; `word`: only the provider knows, by its switch. */
  readonly window?: 'clock' | 'word'
  /** Messages of a person that the allowance after one message has room for; `word` as above. */
  readonly quota?: number | 'word'
  /** Whose answer the switch `lost-answer` loses: ours to a push, or the provider's to a send. */
  readonly losesAnswersOf: 'push' | 'send'
  /** Loses our answer to the next push of a contact. Default: the wire does. */
  readonly loseAnswer?: (userKey: string) => void
  /** Breaks the connection until it is called off. Default: the wire is cut for one push. */
  readonly breakConnection?: (broken: boolean) => void | Promise<void>
  /** True where the break ends what is being sent, too. */
  readonly breaksSends?: true
  /** Whether something of a contact has run into the break. Default: any exchange of the contact's. */
  readonly feelsBreak?: (userKey: string) => boolean
  /** Ends the product's patience with a provider that wants it for long, as an operator can. */
  readonly resume?: (agent: TestAgent) => Promise<unknown>
  /** True where each matter is a conversation of its own. */
  readonly threads?: true
  /** True where nobody keeps a message until the product has stored it: what a crash meets on its way is lost. */
  readonly keepsNothing?: true
  /** True where the platform knows one message by its id, so that a repeat is not seen. */
  readonly repeatsAreUnseen: boolean
}

/** One channel with the product behind it. */
export interface Stage {
  readonly channel: ChannelName
  readonly product: Product
  readonly client: SimulatedClient
  readonly wire: Wire
  readonly hooks: Hooks
  /** Errors in the product's log since the last call. */
  takeErrors(): readonly string[]
  /** A contact nobody has met. */
  nextUser(): string | Promise<string>
  close(): Promise<void>
}

/** A provider as it is set up beside the product. */
export interface Provider {
  readonly client: SimulatedClient
  readonly api?: Hono
  readonly inbox: InboxConfig
  readonly hooks: Hooks
  readonly nextUser?: () => string | Promise<string>
  readonly close: () => void | Promise<void>
}

/** Makes the provider for a product that is not there yet; `base` is the wire. */
export type SetUp = (surroundings: Surroundings) => Provider | Promise<Provider>

/** What a provider finds around it. */
export interface Surroundings extends DemoSurroundings {
  readonly wire: Wire
  /** Where visitors reach the product itself. */
  readonly productUrl: () => string
}

/** More people than any channel's cases meet. */
export const names = Array.from({ length: 60 }, (_, place) => `访客${String(place + 1)}`)
const retryDelayMs = 50

/** Keeps what is logged as an error. */
const createErrorLog = () => {
  const errors: string[] = []
  const log: Logger = {
    ...silentLog,
    error: (facts, event) => {
      const { error, code } = facts
      errors.push([event, code, error instanceof Error ? error.message : error].map(String).join(' '))
    },
    child: () => log,
  }
  return { log, take: () => errors.splice(0) }
}

/** Serves a provider's API; returns what ends it. */
export const serve = async (api: Hono | undefined, port: number): Promise<() => void> => {
  if (api === undefined) return () => undefined
  const server = createAdaptorServer({ fetch: api.fetch })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return () => {
    server.close()
    if ('closeAllConnections' in server) server.closeAllConnections()
  }
}

/** One after another of the provider's people, unless it has a way of its own. */
export const nextUserOf = ({ client, nextUser }: Provider): (() => string | Promise<string>) => {
  let used = 0
  const next = (): string => {
    const user = client.users()[used]
    if (user === undefined) throw new Error('everybody has been met')
    used += 1
    return user.key
  }
  return nextUser ?? next
}

/** Starts the provider, then the product with one inbox for it. */
export const openStage = async (channel: ChannelName, setUp: SetUp): Promise<Stage> => {
  const [port, apiPort] = [await freePort(), await freePort()]
  const wire = await openWire(port)
  const errorLog = createErrorLog()
  const started: { product?: Product } = {}
  const provider = await setUp({
    base: wire.url,
    apiOf: () => `http://127.0.0.1:${String(apiPort)}`,
    clock: { now: () => (started.product?.clock ?? systemClock).now() },
    productUrl: () => `http://127.0.0.1:${String(port)}`,
    ...{ names, retryDelayMs, wire },
  })
  const stopApi = await serve(provider.api, apiPort)
  const { inboxId, section } = provider.inbox
  started.product = await startProduct(
    {
      server: { port },
      inboxes: { [inboxId]: { channel: provider.inbox.channel, sendsPerSecond: 1_000, ...section } },
    },
    errorLog.log,
  )
  return {
    channel,
    product: started.product,
    client: provider.client,
    wire,
    hooks: provider.hooks,
    takeErrors: errorLog.take,
    nextUser: nextUserOf(provider),
    close: async () => {
      await started.product?.dispose()
      await provider.close()
      stopApi()
      wire.close()
    },
  }
}

/** An act of each kind that a person has to look at. */
export const plainActs: Readonly<
  Record<'image' | 'voice' | 'file' | 'location', (picture: Uint8Array) => ClientAct>
> = {
  image: (bytes) => ({ kind: 'image', bytes }),
  voice: () => ({ kind: 'voice', durationMs: 2_000, recognition: '你好' }),
  file: () => ({ kind: 'file', name: '对账单.txt', bytes: Buffer.from('第一行') }),
  location: () => ({ kind: 'location', latitude: 31.23, longitude: 121.47, label: '上海' }),
}
