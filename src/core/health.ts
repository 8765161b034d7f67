import type { DeadJob, JobDepth } from './jobs.ts'
import type { InboxPause, NodeInbox } from './inbox.ts'
import type { ModelOutcome } from './model-ledger.ts'
import type { FailingTimer, TimerDepth } from './timers.ts'

/** Messages of one inbox that were refused for good, by what the refusal means. */
export interface Refusals {
  readonly code: string
  readonly count: number
  /** What the latest one said, with what to do where the channel knows; never a secret, never what anybody wrote. */
  readonly message: string
  /** The provider's own number or word, e.g. `45047`. */
  readonly providerCode?: string
}

/** What goes through one inbox. */
export interface InboxFlow {
  readonly inboxId: string
  readonly lastMessageAt?: Date
  /** Of what was written within the last day. */
  readonly refused: readonly Refusals[]
}

/** What is still to be sent. */
export interface OutboxDepth {
  /** Can go as soon as somebody has time, or is on its way. */
  readonly queued: number
  /** Goes when the contact writes again. */
  readonly waiting: number
  readonly oldestQueuedAt?: Date
}

/** The knowledge measured last against labelled messages and conversations. */
export interface LastEvaluation {
  readonly at: Date
  /** What spoke against publishing; empty: nothing fell below its floor. */
  readonly concerns: readonly string[]
}

/** A call of a language model that brought no answer. */
export interface ModelFault {
  readonly model: string
  readonly at: Date
  readonly outcome: ModelOutcome
}

/** What only the database knows of how the product fares. */
export interface HealthReading {
  flows(now: Date): Promise<readonly InboxFlow[]>
  outbox(): Promise<OutboxDepth>
  /** Bytes of the whole database. */
  size(): Promise<number>
  /** Undefined: nothing was measured yet. */
  lastEvaluation(): Promise<LastEvaluation | undefined>
  /** The latest of each language model within the last day, on any node. */
  modelFaults(now: Date): Promise<readonly ModelFault[]>
}

/** An account on one node, with what goes through it. */
export interface ChannelHealth extends NodeInbox, Omit<InboxFlow, 'inboxId'> {
  readonly pause?: InboxPause
}

/** What messages are understood with. */
export interface ModelHealth {
  readonly encoder: {
    /** As configured; `none`: there is to be none. */
    readonly model: string
    /** Absent: it is not in use. */
    readonly version?: string
    /** Why it is not, with what to do. */
    readonly problem?: string
  }
  /** When the classifier was last trained on the content, by this node. */
  readonly trainedAt: Date
  /** Whether meanings count; else answers go by words alone. */
  readonly byMeaning: boolean
  /** The content in use, and the published version it holds; 0: the files alone. */
  readonly content: { readonly version: string; readonly published: number; readonly articles: number }
  /** From which probability a question is answered, and asked back. */
  readonly thresholds: { readonly answer: number; readonly clarify: number }
}

/** How one configured language model fares. */
interface LanguageModelHealth {
  /** `<provider>/<name>`. */
  readonly model: string
  /** In contacts' turns, on the node that answers. Absent: none can be used. */
  readonly breaker?: 'closed' | 'open' | 'trying'
  readonly leftAloneUntil?: Date
  /** The same of its work for agents and editors, which is left alone by itself. */
  readonly staff?: { readonly breaker: 'closed' | 'open' | 'trying'; readonly leftAloneUntil?: Date }
  /** Within the last day, on any node. */
  readonly lastFault?: Pick<ModelFault, 'at' | 'outcome'>
}

/** The configured language models, and what they took of the day's budget. */
export interface LanguageModelsHealth {
  /** In the order in which they are asked. */
  readonly models: readonly LanguageModelHealth[]
  /** Why they are not in use, with what to do. */
  readonly problem?: string
  /** On all nodes. Costs in the configured currency; no limit: none is set. */
  readonly today: {
    readonly tokens: number
    readonly tokensLimit: number
    readonly cost: number
    readonly costLimit?: number
  }
}

/** Room on the disk that holds the data folder. */
export interface DiskRoom {
  readonly folder: string
  readonly freeBytes: number
  readonly totalBytes: number
  /** Less free than the product needs. */
  readonly isLow: boolean
}

/** How the product fares. What could not be read is absent, and `unread` names it. */
export interface SystemHealth {
  readonly at: Date
  readonly database: {
    readonly kind: 'embedded' | 'postgres'
    readonly reachable: boolean
    /** Of one empty question. */
    readonly latencyMs?: number
    readonly bytes?: number
  }
  readonly channels: readonly ChannelHealth[]
  readonly outbox?: OutboxDepth
  readonly jobs: readonly JobDepth[]
  /** The latest first. */
  readonly deadJobs: readonly DeadJob[]
  readonly timers: readonly TimerDepth[]
  /** The oldest first. */
  readonly failingTimers: readonly FailingTimer[]
  readonly model: ModelHealth & { readonly evaluation?: LastEvaluation }
  /** Absent: none is configured, or `unread` names it. */
  readonly languageModel?: LanguageModelsHealth
  readonly disk?: DiskRoom
  readonly unread: readonly string[]
}
