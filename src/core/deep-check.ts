/** Rows that name what is not there. */
export interface Orphans {
  /** The rule of the schema, e.g. `messages.conversation_id → conversations.id`. */
  readonly rule: string
  readonly rows: number
}

/** A sequence that would hand out what is taken. */
export interface LateSequence {
  readonly sequence: string
  readonly column: string
  readonly value: number
  readonly most: number
}

/** Something encrypted, and where it stands. */
export interface SealedValue {
  readonly where: string
  readonly sealed: string
}

/** What has waited longest. */
export interface OldestWaiting {
  /** A message to a contact that could go. */
  readonly messageMs: number
  /** A conversation that could be answered. */
  readonly turnMs: number
}

/** Looks deep into one database. Read-only; some answers read whole tables. */
export interface DeepReading {
  /**
   * Migrations that the database lacks although it has later ones, those that its next start makes, and those that this
   * version does not have.
   */
  migrations(): Promise<{ readonly lacking: number; readonly toCome: number; readonly unknown: number }>
  tables(): Promise<{ readonly tables: number; readonly rows: number }>
  orphans(): Promise<readonly Orphans[]>
  lateSequences(): Promise<readonly LateSequence[]>
  sealed(): Promise<readonly SealedValue[]>
  oldest(): Promise<OldestWaiting>
  /** Milliseconds that the database's clock is ahead of this machine's. */
  clockAheadMs(): Promise<number>
}
