/** Which messages to contacts are meant, of those that did not go. */
export interface DeadLetterFilter {
  /** Absent: of every inbox. */
  readonly inboxIds?: readonly string[]
  /** Written at this moment or later. */
  readonly since?: Date
  /** What the refusal means, e.g. `needs_operator`. */
  readonly reason?: string
  /** These alone. */
  readonly ids?: readonly string[]
}

/** A message to a contact that was given up. What it says is not in here. */
export interface DeadLetter {
  readonly id: string
  readonly messageId: string
  readonly inboxId: string
  /** `failed`: refused; `expired`: waited too long. */
  readonly status: 'failed' | 'expired'
  readonly reason: string
  /** What the provider or the product said of it. */
  readonly error: string
  readonly tries: number
  readonly writtenAt: Date
}

/** How many were given up on one inbox for one reason. */
export interface DeadLetterCount {
  readonly inboxId: string
  readonly reason: string
  readonly count: number
}

/** Looks after messages to contacts that were given up. */
export interface DeadLetters {
  /** Up to `limit`, the latest first. */
  list(filter: DeadLetterFilter, limit: number): Promise<readonly DeadLetter[]>
  /** The most first. */
  count(filter: DeadLetterFilter): Promise<readonly DeadLetterCount[]>
  /** Queues them again, as if they had not been tried, and writes down that it was done; gives how many. */
  replay(filter: DeadLetterFilter): Promise<number>
}
