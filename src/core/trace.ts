/** What a turn knows of its own time, kept with its decision. Milliseconds. */
export interface TurnTimes {
  /** The fence of the claim: which look of a worker at the conversation it was. */
  readonly turn: number
  /** How many messages were understood together. */
  readonly pieces: number
  readonly understoodMs: number
  /** From having understood to the finished answer. */
  readonly decidedMs: number
  /** When the answer was finished, as ISO 8601: the way to the provider is counted from here. */
  readonly decidedAt: string
  /** From the adapter's hands to the disk; absent: another node took the message. */
  readonly storedMs?: number
  /** Waited for further pieces of what is typed in pieces. */
  readonly piecesMs?: number
  /** Waited for a worker after it was ready; absent: not known. */
  readonly queuedMs?: number
}

/** The times of a turn with the messages it said, by their ids: as they are stored. */
export interface StoredTimes extends TurnTimes {
  readonly replies: readonly string[]
}

/** An outbox row of what a turn said, as the trace needs it. */
export interface TracedSend {
  readonly outboxId: string
  readonly status: string
  readonly attempts: readonly {
    /** ISO 8601. */
    readonly startedAt: string
    /** Null: nobody knows yet, or ever. */
    readonly endedAt: string | null
  }[]
}

/** The steps and waits of a message, in their order. */
export const traceSteps = ['stored', 'pieces', 'queued', 'understood', 'decided', 'outbox', 'sent'] as const
export type TraceStep = (typeof traceSteps)[number]

/** What became of what was said: `none`: nothing was said. */
export type TraceEnd = 'none' | 'sending' | 'sent' | 'unsent'

/** The way of a contact's message from its arrival to the provider's yes to the answer. */
export interface Trace {
  readonly turn: number
  readonly pieces: number
  /** Work so far, without waits. */
  readonly totalMs: number
  readonly steps: readonly {
    readonly step: TraceStep
    readonly ms: number
    /** Nothing was done meanwhile: a queue, further pieces, another try later. */
    readonly isWait: boolean
  }[]
  readonly end: TraceEnd
  /** Attempts to send, over all parts of the answer. */
  readonly attempts: number
  readonly outboxIds: readonly string[]
}

const waits: ReadonlySet<TraceStep> = new Set(['pieces', 'queued', 'outbox'])

/** To a tenth of a millisecond, and never below zero: two clocks may differ by a hair. */
export const roundMs = (ms: number): number => Math.max(0, Math.round(ms * 10) / 10)

const settled: ReadonlySet<string> = new Set(['failed', 'expired', 'withdrawn'])

const endOf = (sends: readonly TracedSend[]): TraceEnd => {
  if (sends.length === 0) return 'none'
  if (sends.some(({ status }) => settled.has(status))) return 'unsent'
  return sends.every(({ status }) => status === 'sent') ? 'sent' : 'sending'
}

/** How long the provider was spoken to, and how long was waited for that since the decision; undefined: not tried yet. */
const sendingOf = (sends: readonly TracedSend[], decidedAt: string) => {
  const tries = sends
    .flatMap(({ attempts }) => attempts)
    .flatMap(({ startedAt, endedAt }) =>
      endedAt === null ? [] : [{ from: Date.parse(startedAt), to: Date.parse(endedAt) }],
    )
  if (tries.length === 0) return undefined
  const sent = tries.reduce((sum, { from, to }) => sum + Math.max(0, to - from), 0)
  const over = Math.max(...tries.map(({ to }) => to)) - Date.parse(decidedAt)
  return { sent: roundMs(sent), outbox: roundMs(over - sent) }
}

/** Puts together what the turn measured and what became of its answer. */
export const traceOf = (times: StoredTimes, sends: readonly TracedSend[]): Trace => {
  const found: Readonly<Partial<Record<TraceStep, number | undefined>>> = {
    stored: times.storedMs,
    pieces: times.piecesMs,
    queued: times.queuedMs,
    understood: times.understoodMs,
    decided: times.decidedMs,
    ...sendingOf(sends, times.decidedAt),
  }
  const steps = traceSteps.flatMap((step) => {
    const ms = found[step]
    return ms === undefined ? [] : [{ step, ms, isWait: waits.has(step) }]
  })
  return {
    turn: times.turn,
    pieces: times.pieces,
    totalMs: roundMs(steps.reduce((sum, { ms, isWait }) => (isWait ? sum : sum + ms), 0)),
    steps,
    end: endOf(sends),
    attempts: sends.reduce((sum, { attempts }) => sum + attempts.length, 0),
    outboxIds: sends.map(({ outboxId }) => outboxId),
  }
}

/** What is watched on the way of every message. `acknowledge`: until it is stored and the provider may be told so. */
export type JourneyPart = 'acknowledge' | 'queue' | 'understand' | 'turn' | 'send' | 'outbox'

/** Hears how long a part of a message's way took, in milliseconds. */
export type WatchJourney = (part: JourneyPart, ms: number) => void
