import { randomBytes } from 'node:crypto'
import { TongdaError } from '../../src/core/errors.ts'
import { createClosing } from '../kit/closing.ts'
import { createScreens } from '../kit/screens.ts'
import { createTrace } from '../kit/trace.ts'
import type { WecomSimulatorOptions, WecomUser } from './account.ts'
import { createCallback } from './callback.ts'
import type { Callback, PushResult } from './callback.ts'
import { createFaults } from './faults.ts'
import type { Faults } from './faults.ts'
import { createMediaShelf } from './media.ts'
import { createMessageLog } from './message-log.ts'
import type { Item, MessageLog } from './message-log.ts'
import type { Shown } from './send-body.ts'
import { createSessions } from './sessions.ts'
import { createTokens } from './tokens.ts'

/** One call of the API as it was made. */
export interface ApiCall {
  readonly path: string
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
}

const newMsgId = (): string => randomBytes(16).toString('hex')

/** Puts messages and events into the list and tells the callback. */
const createPublisher = (
  { account, clock }: WecomSimulatorOptions,
  { faults, log, callback }: { faults: Faults; log: MessageLog; callback: Callback },
) => {
  const pushing = new Set<Promise<PushResult>>()
  const seconds = (): number => Math.floor(clock.now().getTime() / 1_000)

  const push = (userKey: string): Promise<PushResult> => {
    const work = callback.push(userKey)
    pushing.add(work)
    void work.finally(() => pushing.delete(work))
    return work
  }
  const publish = (userKey: string, item: Item): Promise<PushResult> => {
    log.reversed = faults.on('out-of-order')
    log.add(item)
    if (!faults.on('duplicate')) return push(userKey)
    log.add(item)
    void push(userKey)
    return push(userKey)
  }
  const base = (userKey: string, origin: 3 | 5) => ({
    msgid: newMsgId(),
    open_kfid: account.openKfId,
    external_userid: userKey,
    send_time: seconds(),
    origin,
  })
  return {
    push,
    publish,
    /** A message of a user (3) or of the company's people (5). */
    said: (userKey: string, origin: 3 | 5, content: Item, msgid?: string): Promise<PushResult> =>
      publish(userKey, { ...base(userKey, origin), ...(msgid === undefined ? {} : { msgid }), ...content }),
    happened: (userKey: string, event: Item): Promise<PushResult> =>
      publish(userKey, {
        msgid: newMsgId(),
        send_time: seconds(),
        origin: 4,
        msgtype: 'event',
        event: { open_kfid: account.openKfId, external_userid: userKey, ...event },
      }),
    settled: async (): Promise<void> => {
      while (pushing.size > 0) await Promise.allSettled([...pushing])
    },
  }
}

/** The parts of a simulated WeCom, connected. */
export const createPlatform = (options: WecomSimulatorOptions, onChange: () => void) => {
  const { account, clock } = options
  const users = new Map<string, WecomUser>((options.users ?? []).map((user) => [user.key, user]))
  const faults = createFaults()
  const trace = createTrace(onChange)
  const log = createMessageLog(clock)
  const sessions = createSessions(clock, options.servicers ?? [])
  for (const { key, wroteBefore } of users.values()) if (wroteBefore === true) sessions.wrote(key)
  const callback = createCallback({ options, faults, trace })
  const screens = createScreens(clock, onChange)
  return {
    ...createPublisher(options, { faults, log, callback }),
    options,
    account,
    clock,
    users,
    faults,
    trace,
    log,
    sessions,
    callback,
    screens,
    tokens: createTokens(clock),
    media: createMediaShelf(clock),
    calls: [] as ApiCall[],
    /** msgids that were sent, so that the same one is not sent twice. */
    sent: new Set<string>(),
    closing: createClosing(),
    userOf: (userKey: string): WecomUser => {
      const user = users.get(userKey)
      if (user === undefined) throw new TongdaError('not_found', 'the simulator knows no such user')
      return user
    },
    /** The list stays as long as it is: the account's cursor points into it. */
    reset: (): void => {
      for (const part of [faults, trace, sessions, screens]) part.clear()
      users.clear()
      for (const user of options.users ?? []) users.set(user.key, user)
      log.reversed = false
    },
    /** What a user sees of the account. */
    show: (userKey: string, shown: Shown): void => {
      screens.show(userKey, { from: 'account', ...shown })
    },
  }
}
export type Platform = ReturnType<typeof createPlatform>
