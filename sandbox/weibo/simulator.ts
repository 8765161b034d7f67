import { setTimeout as sleep } from 'node:timers/promises'
import { TongdaError } from '../../src/core/errors.ts'
import { createClosing } from '../kit/closing.ts'
import { createListeners } from '../kit/listeners.ts'
import { createPoster } from '../kit/post.ts'
import { createScreens } from '../kit/screens.ts'
import { createTrace } from '../kit/trace.ts'
import type { Simulator } from '../simulator.ts'
import { documentedRules, documentedTiming } from './account.ts'
import type { WeiboAccount, WeiboSimulatorOptions, WeiboUser } from './account.ts'
import { createApi } from './api.ts'
import { createClient } from './client.ts'
import { compose } from './deed.ts'
import type { Composed, WeiboDeed } from './deed.ts'
import { createDirectory } from './directory.ts'
import { createFaults } from './faults.ts'
import type { OrderedFault } from './faults.ts'
import { buildCheck, writePush } from './push-request.ts'
import { createPusher } from './pusher.ts'
import type { Push, PushOptions, PushOutcome } from './pusher.ts'
import { createShelf } from './shelf.ts'
import { createTokens } from './tokens.ts'

/** One fan-service account on a simulated Weibo, with its fans. */
export interface WeiboSimulator extends Simulator {
  readonly account: WeiboAccount
  /** Somebody new who follows the account. */
  addUser(user: WeiboUser): void
  /** A user does something, and the platform tells the callback; never rejects for what the callback does. */
  push(userKey: string, deed: WeiboDeed, options?: PushOptions): Promise<PushOutcome>
  /** Pushes any body as the platform would sign it. */
  pushBody(userKey: string, body: string, options?: PushOptions): Promise<PushOutcome>
  /** The GET with `echostr` that the platform makes when the callback is entered. */
  checkCallback(): Promise<boolean>
  /** Puts a file into the platform's store; returns the handle that opens it for the account. */
  upload(bytes: Uint8Array): string
  /** The next call whose path ends with `path` gets this fault; several are taken in order. */
  order(path: string, fault: OrderedFault): void
  /** Ends the access token; a new one makes the account's calls work again. */
  expireToken(): void
  renewToken(token: string): void
  /** The menu in force, as it was sent. */
  menu(): string | undefined
}

const outOfOrderGapMs = 50

/** The parts, connected: what the account sends or answers ends on the user's screen. */
const createPlatform = (options: WeiboSimulatorOptions) => {
  const { account, clock } = options
  const rules = { ...documentedRules, ...options.rules }
  const directory = createDirectory(clock, rules, options.users ?? [])
  const listeners = createListeners()
  const screens = createScreens(clock, listeners.tell)
  const trace = createTrace(listeners.tell)
  const shelf = createShelf()
  const faults = createFaults()
  const poster = createPoster()
  const closing = createClosing()
  const tokens = createTokens(options)
  let menus: string | undefined
  const api = createApi({
    ...{ account, rules, clock, directory, shelf, faults, trace },
    closing: closing.signal,
    token: tokens.current,
    tokenLeftMs: tokens.leftMs,
    windowsClosed: () => faults.isOn('window-closed'),
    menu: { get: () => menus, set: (set) => (menus = set) },
    onSent: (userKey, text) => void screens.show(userKey, { from: 'account', text }),
  })
  const deliver = createPusher({
    ...{ account, clock, rules, poster, trace },
    timing: { ...documentedTiming, ...options.timing },
    callbackUrl: options.callbackUrl,
    closing: closing.signal,
  })
  return {
    account,
    clock,
    directory,
    listeners,
    screens,
    trace,
    shelf,
    faults,
    poster,
    closing,
    api,
    deliver,
    tokens,
    menu: () => menus,
  }
}
type Platform = ReturnType<typeof createPlatform>

interface Prepared {
  readonly push: Push
  readonly deed: WeiboDeed['kind']
  readonly lineId?: string
}

const show = (platform: Platform, userKey: string, composed: Composed, held: boolean): string | undefined => {
  if (composed.shown === undefined) return undefined
  const { from, ...rest } = composed.shown
  const state = from === 'user' ? ({ state: held ? 'held' : 'sending' } as const) : {}
  return platform.screens.show(userKey, { from, ...rest, ...state }).id
}

const createActs = (platform: Platform) => {
  const { account, clock, directory, screens } = platform

  /** What a user does happens at once: it is dated, shown and changes what the account may do. */
  const prepare = (userKey: string, deed: WeiboDeed, held = false): Prepared => {
    if (directory.find(userKey) === undefined) throw new TongdaError('not_found', 'there is no such user')
    const composed = compose(deed, account)
    directory.acted(userKey, deed.kind)
    const lineId = show(platform, userKey, composed, held)
    const body = writePush(composed, userKey, account.uid, clock.now())
    const line = lineId === undefined ? {} : { lineId }
    return { push: { userKey, body }, deed: deed.kind, ...line }
  }

  const deliver = async ({ push, deed, lineId }: Prepared, options: PushOptions): Promise<PushOutcome> => {
    const setState = (state: 'sending' | 'delivered' | 'failed'): void => {
      if (lineId !== undefined && screens.find(lineId)?.state !== undefined) screens.setState(lineId, state)
    }
    setState('sending')
    const outcome = await platform.deliver(push, options)
    setState(outcome.state === 'failed' ? 'failed' : 'delivered')
    // After a reset nobody waits for this answer any more.
    const isGone = lineId !== undefined && screens.find(lineId) === undefined
    if (outcome.answer !== undefined && deed !== 'unfollow' && !isGone) {
      if (deed === 'mention') directory.answeredMention(push.userKey)
      screens.show(push.userKey, { from: 'account', text: outcome.answer })
    }
    return outcome
  }
  return { prepare, deliver }
}

/** Holds texts back until the next one has overtaken them. */
const createHolding = (acts: ReturnType<typeof createActs>) => {
  let held: { readonly prepared: Prepared; readonly options: PushOptions } | undefined
  const release = (): void => {
    if (held !== undefined) void acts.deliver(held.prepared, held.options)
    held = undefined
  }
  return {
    release,
    drop: () => {
      held = undefined
    },
    start: (userKey: string, deed: WeiboDeed, options: PushOptions, holds: boolean): void => {
      const prepared = acts.prepare(userKey, deed, holds && held === undefined)
      if (holds && held === undefined) {
        held = { prepared, options }
        return
      }
      void acts.deliver(prepared, options)
      if (holds) void sleep(outOfOrderGapMs).then(release)
    },
  }
}

/**
 * A simulated Weibo for one account with the fan service: pushes to the callback over real HTTP, answers the API.
 * Documented behaviour is followed; where the documentation is silent or contradicts itself, the stricter reading.
 */
export const createWeiboSimulator = (options: WeiboSimulatorOptions): WeiboSimulator => {
  const platform = createPlatform(options)
  const { account, clock, directory, faults, listeners, screens, trace, shelf, poster } = platform
  const acts = createActs(platform)
  const holding = createHolding(acts)
  return {
    channel: 'weibo',
    account,
    api: platform.api,
    client: createClient({ directory, faults, screens, trace, listeners, shelf, ...holding }),
    addUser: (user) => directory.add(user),
    push: (userKey, deed, pushOptions = {}) => acts.deliver(acts.prepare(userKey, deed), pushOptions),
    pushBody: (userKey, body, pushOptions) => platform.deliver({ userKey, body }, pushOptions),
    checkCallback: async () => {
      const check = buildCheck({ account, clock, callbackUrl: options.callbackUrl() })
      const result = await poster.post(check, documentedTiming.attemptTimeoutMs)
      return result.kind === 'response' && result.status === 200 && result.body.toString() === check.echostr
    },
    upload: (bytes) => shelf.put(bytes).fid,
    order: (path, fault) => faults.order(path, fault),
    expireToken: () => platform.tokens.expire(),
    renewToken: (token) => platform.tokens.renew(token),
    menu: platform.menu,
    reset: () => {
      holding.drop()
      for (const part of [screens, trace, faults]) part.clear()
      directory.reset()
      listeners.tell()
    },
    close: () => {
      platform.closing.abort()
      poster.close()
      return Promise.resolve()
    },
  }
}
