import { topics, type Bus, type TurnDone } from '../core/bus.ts'
import type { AwaitReply, PassiveReply } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import { momentNow, type HearStep } from '../core/journey.ts'
import type { DispatchClaim, OutboxStore } from '../core/stores.ts'
import { createBell, type Bell } from '../core/bell.ts'
import type { DeliveryEnds } from '../outbox/index.ts'
import { createBatcher } from '../core/batcher.ts'
import { createBehind } from './behind.ts'

export interface PassiveDeps {
  readonly outbox: OutboxStore
  readonly bus: Bus
  readonly clock: Clock
  readonly owner: string
  readonly ends: DeliveryEnds
  /** Hears of each answer that went on a request. */
  readonly hear?: HearStep
}

/** Answers that ride on the request they answer. */
export interface PassiveReplies {
  readonly awaitReply: AwaitReply
  /** Remembers a stored message whose request is about to wait, so that its turn's end is not missed. */
  expect(messageId: string): void
  /** Resolves once no request waits any more. */
  settled(): Promise<void>
  stop(): void
}

// Long enough for a response to leave, short enough that a lost one is soon sent by API.
const leaseMs = 15_000
// Without a hint from the bus the store is asked again after these pauses.
const firstLookMs = 300
const nextLookMs = 1_000
// As long as a platform repeats a message: three attempts of five seconds, and some room.
const rememberMs = 30_000

interface Expected {
  readonly bells: Set<Bell>
  done?: TurnDone
}

const isTurnDone = (payload: unknown): payload is TurnDone =>
  typeof payload === 'object' &&
  payload !== null &&
  'messageIds' in payload &&
  Array.isArray(payload.messageIds)

/** Takes answers from the outbox; calls of the same moment share a statement. */
const createTaking = ({ outbox, clock, owner, ends, hear }: PassiveDeps) => {
  const ask = createBatcher<string, DispatchClaim | null>(
    async (ids) => {
      const found = await outbox.claimPassive(owner, ids, leaseMs, clock.now())
      return ids.map((id) => found.get(id) ?? null)
    },
    { maxItems: 200 },
  )

  const toReply = (claim: DispatchClaim): PassiveReply => {
    const startedAt = momentNow()
    const { inboxId, id: outboxId, attempt } = claim.message
    return {
      message: claim.message,
      confirm: async () => {
        hear?.({
          ...{ step: 'send', inboxId, outboxId, attempt, via: 'passive', status: 'sent' },
          ...{ startedAt, endedAt: momentNow() },
        })
        await ends.record(claim, { status: 'sent' })
      },
    }
  }

  return { ask, toReply }
}

/** Knows who waits at this moment. */
const watchWaiting = (awaitReply: AwaitReply): Pick<PassiveReplies, 'awaitReply' | 'settled'> => {
  const open = new Set<ReturnType<AwaitReply>>()
  return {
    awaitReply: async (messageId, budgetMs) => {
      const reply = awaitReply(messageId, budgetMs)
      open.add(reply)
      try {
        return await reply
      } finally {
        open.delete(reply)
      }
    },
    settled: async () => {
      while (open.size > 0) await Promise.allSettled(open)
    },
  }
}

/** Makes the waiting room of passive replies. */
export const createPassiveReplies = async (deps: PassiveDeps): Promise<PassiveReplies> => {
  const expected = new Map<string, Expected>()

  const unsubscribe = await deps.bus.subscribe(topics.turn, (payload) => {
    if (!isTurnDone(payload)) return
    for (const messageId of payload.messageIds) {
      const entry = expected.get(messageId)
      if (entry === undefined) continue
      entry.done = payload
      for (const bell of entry.bells) bell.ring()
    }
  })

  const { ask, toReply } = createTaking(deps)
  const behind = await createBehind(deps, ask)

  const expect = (messageId: string): Expected => {
    const entry: Expected = { bells: new Set() }
    expected.set(messageId, entry)
    setTimeout(() => expected.delete(messageId), rememberMs).unref()
    return entry
  }

  const wait = async (
    messageId: string,
    entry: Expected,
    untilMs: number,
  ): Promise<PassiveReply | undefined> => {
    const bell = createBell()
    entry.bells.add(bell)
    try {
      for (let look = firstLookMs; ; look = nextLookMs) {
        const left = untilMs - performance.now()
        if (entry.done === undefined && left > 0) await bell.wait(Math.min(look, left))
        const { done } = entry
        // Nothing said: what waited for a request before, an agent's reply say, may still ride on this one.
        if (done?.rides !== undefined && done.rides !== messageId) return undefined
        const claim = await ask(messageId)
        if (claim !== null) return toReply(claim)
        // Looked again when the turn is done: another request for the same message may have taken it this moment.
        if (done !== undefined) {
          const late = await behind.wait(messageId, done.conversationId, untilMs)
          return late === null ? undefined : toReply(late)
        }
        if (performance.now() >= untilMs) return undefined
      }
    } finally {
      entry.bells.delete(bell)
    }
  }

  return {
    expect: (messageId) => void expect(messageId),
    ...watchWaiting(async (messageId, budgetMs) => {
      const untilMs = performance.now() + budgetMs
      const known = expected.get(messageId)
      if (known !== undefined) return wait(messageId, known, untilMs)
      // A late retry, or a message another node accepted: the answer may be there already.
      const entry = expect(messageId)
      const claim = await ask(messageId)
      return claim === null ? wait(messageId, entry, untilMs) : toReply(claim)
    }),
    stop: () => {
      unsubscribe()
      behind.stop()
    },
  }
}
