import { topics, type Bus, type TurnDone } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Claim, TurnOutcome } from '../core/conversation.ts'
import { insist } from '../core/insist.ts'
import type { Logger } from '../core/log.ts'
import { startPump } from '../core/pump.ts'
import type { CommitResult, ConversationStore } from '../core/stores.ts'
import { createBatcher } from '../core/batcher.ts'
import { asked, isFaultOfMessage } from './blame.ts'
import { momentNow, type HearStep, type TurnStep } from '../core/journey.ts'
import type { OpenPreview } from '../core/preview.ts'
import type { WatchJourney } from '../core/trace.ts'
import type { ShowTyping } from '../core/typing.ts'
import { arrivalOf } from './arrival.ts'
import type { Receipts } from './receipts.ts'
import { seen } from './seen.ts'
import type { Turn } from './turn.ts'
import { createWaitingSign } from './waiting-sign.ts'

export interface WorkerDeps {
  readonly store: ConversationStore
  readonly turn: Turn
  /** What to do about a claim whose turn has failed again and again. */
  readonly giveUp: (claim: Claim) => Promise<TurnOutcome>
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
  /** When the messages came that this node took. */
  readonly receipts: Receipts
  readonly watch: WatchJourney
  /** Hears of each turn that is over. */
  readonly hear?: HearStep
  /** Names this worker in leases. */
  readonly owner: string
  /** Conversations thought about at once. */
  readonly concurrency: number
  /** How long one turn may take before another worker may take over. */
  readonly leaseMs: number
  readonly showTyping: ShowTyping
  /** Shows contacts what is being written; absent: they see the answer alone. */
  readonly preview?: OpenPreview | undefined
  /** Milliseconds an answer may take before the contact is shown "typing". Default 700. */
  readonly typingAfterMs?: number
  /** How often to look without being woken: covers lost wake-ups and other nodes' messages. */
  readonly pollMs: number
}

/** A running worker. */
export interface Worker {
  /** Something became ready, now or in `inMs`. */
  wake(inMs: number): void
  /** Takes no new claims and waits for those under way. */
  stop(): Promise<void>
}

const retryMs = 1_000
// Timers may fire a moment early; a claim a moment before the time finds nothing.
const timerSlackMs = 5
const patience = 3
// A sender or a request that arrives holds the conversation for some milliseconds.
const againMs = 25

const tell = (bus: Bus, outcome: TurnOutcome, now: Date): void => {
  const { claim, outbound } = outcome
  const rides = claim.pending.findLast((message) => message.passiveUntil)
  const done: TurnDone = {
    conversationId: claim.conversationId,
    messageIds: claim.pending.map((message) => message.id),
    ...(rides === undefined || outbound.length === 0 ? {} : { rides: rides.id }),
  }
  bus.publish(topics.turn, done)
  // While the answer may ride on the contact's request, neither it nor what follows it is the sender's to send.
  const riding = rides?.passiveUntil !== undefined && rides.passiveUntil > now
  if (outbound.length > 0 && !riding) bus.publish(topics.outbox, {})
  if (outcome.openTicket !== undefined || outcome.touchesTicket) {
    bus.publish(topics.ticket, { conversationId: outcome.claim.conversationId })
  }
}

/** Commits turns; those that end together share a transaction, and one that cannot be committed spoils no other. */
const createCommit = ({ store, clock }: Pick<WorkerDeps, 'store' | 'clock'>) => {
  const together = createBatcher<TurnOutcome, CommitResult>(
    (outcomes) => store.commit(outcomes, clock.now()),
    { maxItems: 200 },
  )
  const commit = (work: () => Promise<CommitResult>) => asked('the outcome of a turn was not committed', work)
  return async (outcome: TurnOutcome): Promise<CommitResult> => {
    try {
      return await commit(() => together(outcome))
    } catch (error) {
      if (!isFaultOfMessage(error)) throw error
    }
    return commit(async () => (await store.commit([outcome], clock.now()))[0] ?? 'fenced')
  }
}

/** What is told of a turn. */
const stepOf = (
  { claim, times, decision }: TurnOutcome,
  moments: Pick<TurnStep, 'claimedAt' | 'decidedAt' | 'committedAt' | 'committed'>,
): TurnStep => ({
  ...{ step: 'turn', inboxId: claim.inboxId, messageIds: claim.pending.map(({ id }) => id) },
  decision: decision.kind,
  ...moments,
  ...(claim.readyForMs === undefined ? {} : { readyAt: moments.claimedAt - Math.max(0, claim.readyForMs) }),
  ...(times === undefined ? {} : { understoodAt: moments.claimedAt + times.understoodMs }),
})

/** Thinks about one claim and commits it. Failures that are not the message's own count against nobody. */
const createThink = (deps: WorkerDeps) => {
  const {
    turn,
    giveUp,
    bus,
    clock,
    log,
    receipts,
    watch,
    hear,
    showTyping,
    preview,
    typingAfterMs = 700,
  } = deps
  const withSign = createWaitingSign({ showTyping, afterMs: typingAfterMs })
  const failures = new Map<string, number>()
  const commit = createCommit(deps)
  return {
    /** True when the conversation is ready for its next turn already. */
    think: async (claim: Claim): Promise<boolean> => {
      const startedAt = performance.now()
      const claimedAt = momentNow()
      const { conversationId, readyForMs, fence } = claim
      if (readyForMs !== undefined) watch('queue', readyForMs)
      const think = (failures.get(conversationId) ?? 0) < patience ? turn : giveUp
      const { outcome, decidedAt, result } = await seen(preview?.(claim), async (shown) => {
        const made = await withSign(claim, () => think(claim, shown))
        const madeAt = momentNow()
        const { times } = made
        const arrival = arrivalOf(claim, receipts, startedAt)
        await shown?.end()
        const measured = times === undefined ? made : { ...made, times: { ...times, ...arrival } }
        return { outcome: made, decidedAt: madeAt, result: await commit(measured) }
      })
      const { times } = outcome
      if (times !== undefined) watch('understand', times.understoodMs)
      watch('turn', performance.now() - startedAt)
      const committed = result !== 'fenced'
      hear?.(stepOf(outcome, { claimedAt, decidedAt, committedAt: momentNow(), committed }))
      failures.delete(conversationId)
      if (!committed)
        log.info({ conversationId, turn: fence }, 'a turn came too late, another worker has taken over')
      else tell(bus, outcome, clock.now())
      return result === 'more'
    },
    failed: ({ conversationId }: Claim, error: unknown): void => {
      if (isFaultOfMessage(error)) failures.set(conversationId, (failures.get(conversationId) ?? 0) + 1)
    },
  }
}

/** Starts a worker: claims ready conversations, thinks outside any transaction, commits all effects of a turn at once. */
export const startWorker = (deps: WorkerDeps): Worker => {
  const { store, log, owner, concurrency, leaseMs, pollMs } = deps
  const { think, failed } = createThink(deps)
  const timers = new Set<NodeJS.Timeout>()
  const stopping = new AbortController()

  const wake = (inMs: number): void => {
    if (inMs <= 0) {
      pump.ring()
      return
    }
    const timer = setTimeout(() => {
      timers.delete(timer)
      pump.ring()
    }, inMs + timerSlackMs)
    timers.add(timer)
  }

  /** However long the database is away: else the contact would wait for the lease's end. */
  const giveBack = async (claim: Claim): Promise<void> => {
    const { conversationId } = claim
    await insist(() => store.release(claim, retryMs), {
      forMs: leaseMs,
      stopped: stopping.signal,
      onFailure: (error) => log.warn({ conversationId, error }, 'a conversation could not be given back yet'),
    }).catch(() => undefined)
  }

  const pump = startPump<Claim>({
    claim: (limit) => store.claim(owner, limit, leaseMs),
    handle: async (claim) => {
      try {
        if (await think(claim)) wake(0)
      } catch (error) {
        failed(claim, error)
        const { conversationId, fence: turn } = claim
        log.error({ conversationId, turn, error }, 'a turn failed and will be tried again')
        await giveBack(claim)
        wake(retryMs)
      }
    },
    onClaimError: (error) => log.error({ error }, 'claiming failed; the database may be away'),
    concurrency,
    pollMs,
    againMs,
  })

  return {
    wake,
    stop: async () => {
      stopping.abort()
      for (const timer of timers) clearTimeout(timer)
      await pump.stop()
    },
  }
}
