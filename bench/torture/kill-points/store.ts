import type { DispatchClaim, DispatchResult } from '../../../src/core/stores.ts'
import type { FireTimer } from '../../../src/core/timers.ts'
import {
  createConversationStore as conversationStore,
  createEventLog as eventLog,
  createOutboxStore as outboxStore,
  createTimerStore as timerStore,
} from '../../../src/store/index.ts'
import type { Recorded } from './order.ts'
import { noteRecorded, reach, step } from './points.ts'
import { watched } from './watched.ts'

export * from '../../../src/store/index.ts'

/** The conversation store, with moments to die at. */
export const createConversationStore: typeof conversationStore = (database) => {
  const store = conversationStore(database)
  return {
    ...store,
    accept: (items, now) => step('accept', () => store.accept(items, now)),
    claim: async (owner, limit, leaseMs) => {
      const claims = await store.claim(owner, limit, leaseMs)
      if (claims.length > 0) reach('claim-after')
      return claims
    },
    commit: (outcomes, now) => step('commit', () => store.commit(outcomes, now)),
  }
}

interface Ended {
  readonly claim: DispatchClaim
  readonly result: DispatchResult
}

const recordedOf = ({ claim: { message }, result }: Ended): readonly Recorded[] =>
  result.status === 'sent'
    ? [{ contact: message.contactKey, text: message.part.kind === 'text' ? message.part.text : '' }]
    : []

/** The outbox, with moments to die at; it notes what was sent once that is on record. */
export const createOutboxStore: typeof outboxStore = (database, options) => {
  const store = outboxStore(database, options)
  return {
    ...store,
    claim: async (owner, room, leaseMs, now) => {
      const claims = await store.claim(owner, room, leaseMs, now)
      if (claims.length > 0) reach('send-claim-after')
      return claims
    },
    claimPassive: async (owner, messageIds, leaseMs, now) => {
      const found = await store.claimPassive(owner, messageIds, leaseMs, now)
      if (found.size > 0) reach('ride-claim-after')
      return found
    },
    settle: (results, now) =>
      step('record', async () => {
        await store.settle(results, now)
        noteRecorded(results.flatMap(recordedOf))
      }),
  }
}

/** What is kept of events, with a moment to die at between two steps of the retention. */
export const createEventLog: typeof eventLog = (database) => {
  const log = eventLog(database)
  return {
    ...log,
    retire: async (before) => {
      await log.retire(before)
      reach('retention-during')
    },
  }
}

/** The timers, with moments to die at inside the transaction of a timer and after it. */
export const createTimerStore: typeof timerStore = (database, onSet) => {
  const store = timerStore(database, onSet)
  const fires =
    (fire: FireTimer<unknown>): FireTimer<unknown> =>
    async (transaction, timer) => {
      const next = await fire(transaction, timer)
      if (timer.key === watched) reach('timer-during')
      return next
    }
  return {
    ...store,
    fireNext: async (handlers, aheadMs) => {
      const dying = new Map([...handlers].map(([kind, fire]) => [kind, fires(fire)]))
      const fired = await store.fireNext(dying, aheadMs)
      if (fired.outcome === 'fired' && fired.key === watched) reach('timer-after')
      return fired
    },
  }
}
