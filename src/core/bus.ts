/** Live events between parts and nodes. A hint only: whoever misses one finds the truth in the store. */
export interface Bus {
  /** Sends `payload` (JSON) to every subscriber of `topic`, on every node. Never throws. */
  publish(topic: string, payload: unknown): void
  /**
   * Hears a topic until the returned function is called. Resolves once nothing can be missed any more, or, while other nodes
   * cannot be heard, after a moment.
   */
  subscribe(topic: string, hear: (payload: unknown) => void): Promise<() => void>
  close(): Promise<void>
}

/** Mutual exclusion over all nodes, with a limit in time. */
export interface Locks {
  /**
   * Runs `work` while holding `key`; waits for the holder. The hold ends after `ttlMs` even if `work` hangs, and sooner when
   * its node dies.
   */
  withLock<Result>(key: string, ttlMs: number, work: () => Promise<Result>): Promise<Result>
  /**
   * Runs `work` if nobody holds `key`, for as long as it likes: for what two nodes must not do even while Redis is away. `over`
   * aborts with `stopped`, and when the hold cannot be kept: then `work` has to end within five seconds, for another may begin.
   * `held`: it ran, and has ended. `taken`: another holds. `unknown`: while Redis is away nobody begins.
   */
  holdAlone(
    key: string,
    stopped: AbortSignal,
    work: (over: AbortSignal) => Promise<void>,
  ): Promise<'held' | 'taken' | 'unknown'>
}

/** Small values with an end, shared by all nodes. Never the only copy of anything. */
export interface Cache {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, ttlMs: number): Promise<void>
  /** Sets only when absent; true when this call did. The replay check. */
  add(key: string, value: string, ttlMs: number): Promise<boolean>
  /** Deletes only when the value is still `value`; true when this call did. */
  drop(key: string, value: string): Promise<boolean>
}

/** Where a key stands after what was counted. */
export interface Taken {
  /** False: that was too much. */
  readonly allowed: boolean
  readonly left: number
  readonly resetMs: number
}

/** Counts tries by key over all nodes; every count ends by itself. */
export interface Limiter {
  /** Counts one more and gives the number so far. */
  count(key: string): Promise<number>
  /** Goes through `points` times in `durationMs`; after that the milliseconds until the next time. */
  pass(key: string, durationMs: number): Promise<number | undefined>
  /** Counts `amount` more, one unless said, and tells how much of the allowance is left and when it begins anew. */
  take(key: string, amount?: number): Promise<Taken>
  /** One less. */
  takeBack(key: string): Promise<void>
  forget(key: string): Promise<void>
}

/** What a limiter counts: `durationMs` (whole seconds) from a key's first try on, all of it is forgotten. */
export interface LimiterOptions {
  readonly name: string
  readonly points: number
  readonly durationMs: number
}

/** Makes limiters that share their counts by name. */
export interface Limiters {
  create(options: LimiterOptions): Limiter
}

/** Topics on the bus and what they carry. */
export const topics = {
  /** `{}`: a conversation became ready; workers look. */
  wake: 'router.wake',
  /** `{}`: a message is ready to be sent; senders look. */
  outbox: 'outbox.wake',
  /** `{}`: a background job is enqueued; workers look. */
  jobs: 'jobs.wake',
  /** `TurnDone`: waiting requests look for their answer. */
  turn: 'router.turn',
  /** `{ ticketId }` or `{ conversationId }`: something owed changed; open desks look. */
  ticket: 'desk.ticket',
  /** `{ conversationId }`: a try to send something there ended; desks with it open look. */
  delivery: 'desk.delivery',
  /** `{ ticketId, agentIds }`: a note mentions them; their open desks say so. */
  mention: 'desk.mention',
  /** Who is at which ticket; open desks show it. */
  viewing: 'desk.viewing',
  /** `{}`: somebody came or went, or a team changed; the queues look. */
  presence: 'queues.presence',
  /** `{ agentId }`: sessions of theirs may have ended; their event streams look. */
  sessions: 'sign-in.sessions',
  /** `{}`: an incident or a spike changed; every node and desk looks. */
  incidents: 'incidents.changed',
  /** `{}`: knowledge was published; every node loads it. */
  knowledge: 'knowledge.changed',
  /** `{}`: a webhook is due out of turn; the sender of webhooks looks. */
  webhooks: 'webhooks.wake',
  /** `{}`: holidays were imported; every node reads its calendars again. */
  calendars: 'calendars.changed',
  /** `{ threadKey, seq }`: something was said; clients of that thread fetch. */
  thread: (inboxId: string): string => `thread.${inboxId}`,
} as const

/** These inbound messages are understood and their effects stored. */
export interface TurnDone {
  readonly conversationId: string
  readonly messageIds: readonly string[]
  /** The message on whose request an answer may ride; absent when nothing was said. */
  readonly rides?: string
}
