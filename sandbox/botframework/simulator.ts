import { createClosing } from '../kit/closing.ts'
import { createListeners } from '../kit/listeners.ts'
import type { Simulator } from '../simulator.ts'
import { createTrace } from '../kit/trace.ts'
import type { TracedExchange } from '../kit/trace.ts'
import { documentedTiming } from './account.ts'
import type { BotAccount, BotSimulatorOptions } from './account.ts'
import { createAttachedFiles } from './attachments.ts'
import { createApi, createTokens } from './api.ts'
import type { Tokens } from './api.ts'
import { createChats } from './chats.ts'
import type { Chats, Fields, Kept } from './chats.ts'
import { createClient } from './client.ts'
import { createFaults } from './faults.ts'
import type { Faults } from './faults.ts'
import { createKeptFiles } from './kept-files.ts'
import { createPeople } from './people.ts'
import type { People } from './people.ts'
import { createPusher } from './pusher.ts'
import type { Answered } from './pusher.ts'
import { createSigner } from './signer.ts'
import type { Signer, TokenChanges } from './signer.ts'

/** A simulated channel behind the Bot Framework, with one bot. */
export interface BotSimulator extends Simulator {
  readonly account: BotAccount
  readonly people: People
  readonly signer: Pick<Signer, 'rotate' | 'foreignJwk' | 'authorize'>
  readonly faults: Pick<Faults, 'order' | 'clear'>
  readonly tokens: Pick<Tokens, 'expireAll' | 'issued'>
  addUser(userKey: string, name: string): void
  /** Where and who, as every activity of a user says it. */
  address: Chats['address']
  /** One request with any body and any token. */
  post(activity: Fields, changes?: TokenChanges): Promise<Answered>
  messages(userKey: string): readonly Kept[]
  typed(): readonly string[]
  pending(): number
  exchanges(): readonly TracedExchange[]
}

/**
 * A simulated channel: signs real RS256 tokens and publishes its key, signs the bot in, pushes activities over real
 * HTTP and takes the bot's. Written from the public documentation alone.
 */
export const createBotSimulator = (options: BotSimulatorOptions): BotSimulator => {
  const { account, clock, apiUrl, messagesUrl, channelId = 'webchat' } = options
  const listeners = createListeners()
  const onChange = listeners.tell
  const timing = { ...documentedTiming, ...options.timing }
  const serviceUrl = (): string => `${apiUrl()}/`
  const faults = createFaults()
  const trace = createTrace(onChange)
  const signer = createSigner(account.appId, clock, ['msteams', 'webchat', 'directline'])
  const chats = createChats({ account, clock, channelId, serviceUrl, onChange })
  const tokens = createTokens(clock)
  const files = createKeptFiles()
  const attached = createAttachedFiles({ files, onChange })
  const typed: string[] = []
  const closing = createClosing()
  const pusher = createPusher({ timing, clock, signer, faults, trace, serviceUrl, messagesUrl })
  const people = createPeople({ account, channelId, chats, pusher, faults, onChange })
  const comeIn = (): void => {
    for (const { key, name } of options.users ?? []) chats.add(key, name)
  }
  comeIn()
  const onTyping = (userKey: string): void => void typed.push(userKey)
  const shared = { account, clock, timing, chats, signer, faults, trace, tokens, files, attached, apiUrl }
  return {
    channel: 'botframework',
    account,
    people,
    signer,
    faults,
    tokens,
    api: createApi({ ...shared, closing: closing.signal, onTyping }),
    client: createClient({ chats, people, faults, trace, files, apiUrl, listeners }),
    addUser: (userKey, name) => chats.add(userKey, name),
    address: (userKey, place) => chats.address(userKey, place),
    post: (activity, changes) => pusher.once(activity, '', changes),
    messages: (userKey) => chats.linesOf(userKey),
    typed: () => typed,
    pending: () => pusher.pending(),
    exchanges: () => trace.all(),
    reset: () => {
      people.drop()
      for (const part of [chats, trace, faults, files]) part.clear()
      comeIn()
      onChange()
    },
    close: () => {
      closing.abort()
      pusher.close()
      return Promise.resolve()
    },
  }
}
