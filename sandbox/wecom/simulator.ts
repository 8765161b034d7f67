import { createListeners } from '../kit/listeners.ts'
import type { ClientAct, Simulator } from '../simulator.ts'
import type { WecomAccount, WecomSimulatorOptions, WecomUser } from './account.ts'
import { createApi } from './api.ts'
import type { CallbackCheck, PushResult } from './callback.ts'
import { createClient, enters, says } from './client.ts'
import type { MediaKind, StoredFile } from './media.ts'
import type { Item } from './message-log.ts'
import { createPlatform } from './platform.ts'
import type { ApiCall } from './platform.ts'
import type { SessionState } from './sessions.ts'

/** One customer-service account on a simulated WeCom, with the people who write to it and those who serve them. */
export interface WecomSimulator extends Simulator {
  readonly account: WecomAccount
  addUser(user: WecomUser): void
  /** Says something as a user; resolves when the platform is done pushing. */
  says(userKey: string, act: ClientAct): Promise<PushResult>
  /** Opens the chat as a user. */
  enters(
    userKey: string,
    scene?: { readonly scene?: string; readonly scene_param?: string },
  ): Promise<PushResult>
  /** Puts a message of a user into the list as it is, under a msgid of the caller's; the same id again repeats it. */
  sends(userKey: string, content: Item, msgid: string): Promise<PushResult>
  /** Puts anything at all into the list and pushes. */
  publishes(item: Item): Promise<PushResult>
  /** An event as the platform reports it. */
  happens(userKey: string, event: Item): Promise<PushResult>
  /** A person of the company takes the user over, speaks, and ends the session. */
  readonly servicer: {
    takes(userKey: string, userid: string): Promise<PushResult>
    says(userKey: string, text: string): Promise<PushResult>
    ends(userKey: string): Promise<PushResult>
  }
  /** Adds to the list without a push; `emptyPages` makes the next pages empty though there is more. */
  readonly list: { add(item: unknown): void; emptyPages(count: number): void }
  /** Sends any plaintext to the callback, correctly sealed. */
  pushPlaintext(plaintext: string): Promise<PushResult>
  push(): Promise<PushResult>
  /** The GET with an encrypted echostr that the platform makes when the callback is set up. */
  checkCallback(): Promise<CallbackCheck>
  session(userKey: string): SessionState
  /** Puts a file into the platform's store, as a user's phone does. */
  upload(kind: MediaKind, name: string, bytes: Uint8Array): StoredFile
  expireTokens(): void
  tokensIssued(): number
  /** The next calls to a path get these errcodes, one each. */
  refuse(path: string, ...errcodes: readonly number[]): void
  /** Calls made to a path, oldest first. */
  calls(path: string): readonly ApiCall[]
  /** Resolves when nothing is being pushed any more. */
  settled(): Promise<void>
}

/**
 * A simulated WeCom for one customer-service account: pushes to the callback over real HTTP, answers the API.
 * Documented behaviour is followed; where the documentation is silent, the stricter reading is taken.
 */
export const createWecomSimulator = (options: WecomSimulatorOptions): WecomSimulator => {
  const listeners = createListeners()
  const platform = createPlatform(options, listeners.tell)
  const { account, users, log, callback, sessions, media, tokens, faults } = platform
  return {
    channel: 'wecom',
    account,
    api: createApi(platform),
    client: createClient(platform, listeners),
    addUser: (user) => void users.set(user.key, user),
    says: (userKey, act) => says(platform, userKey, act),
    enters: (userKey, scene) => enters(platform, userKey, scene),
    sends: (userKey, content, msgid) => {
      sessions.wrote(userKey)
      return platform.said(userKey, 3, content, msgid)
    },
    publishes: (item) => platform.publish('', item),
    happens: (userKey, event) => platform.happened(userKey, event),
    servicer: createServicer(platform),
    list: { add: (item) => log.add(item), emptyPages: (count) => log.emptyPages(count) },
    pushPlaintext: (plaintext) => callback.pushPlaintext(plaintext),
    push: () => platform.push(''),
    checkCallback: () => callback.check(),
    session: (userKey) => sessions.state(userKey).state,
    upload: (kind, name, bytes) => media.put(kind, name, bytes),
    expireTokens: () => tokens.expireAll(),
    tokensIssued: () => tokens.issued(),
    refuse: (path, ...errcodes) => faults.refuse(path, ...errcodes),
    calls: (path) => platform.calls.filter((call) => call.path === path),
    settled: () => platform.settled(),
    reset: () => {
      platform.reset()
      listeners.tell()
    },
    close: () => {
      platform.closing.abort()
      callback.close()
      return Promise.resolve()
    },
  }
}

const createServicer = (platform: ReturnType<typeof createPlatform>): WecomSimulator['servicer'] => {
  const { sessions, screens } = platform
  return {
    takes: (userKey, userid) => {
      const waiting = sessions.state(userKey).state === 2
      sessions.set(userKey, 3, userid)
      const code = sessions.issueCode(userKey, 'served')
      return platform.happened(userKey, {
        event_type: 'session_status_change',
        change_type: waiting ? 1 : 2,
        old_servicer_userid: '',
        new_servicer_userid: userid,
        ...(waiting ? { msg_code: code } : {}),
      })
    },
    says: (userKey, text) => {
      screens.show(userKey, { from: 'account', text })
      const { servicer } = sessions.state(userKey)
      return platform.said(userKey, 5, {
        msgtype: 'text',
        text: { content: text },
        ...(servicer === undefined ? {} : { servicer_userid: servicer }),
      })
    },
    ends: (userKey) => {
      const { servicer = '' } = sessions.state(userKey)
      sessions.set(userKey, 4)
      return platform.happened(userKey, {
        event_type: 'session_status_change',
        change_type: 3,
        old_servicer_userid: servicer,
        msg_code: sessions.issueCode(userKey, 'ended'),
      })
    },
  }
}
