/** A text in both languages. */
export interface Bilingual {
  readonly zh: string
  readonly en: string
}

/** What goes, or stays, of one table. */
export interface ErasureLine {
  readonly table: string
  readonly title: Bilingual
  readonly rows: number
  /** `deleted`: the rows go; `blanked`: they stay as numbers, without the person. */
  readonly fate: 'deleted' | 'blanked'
  /** Why they stay. */
  readonly why?: Bilingual
}

/** What stands against erasing a contact. */
export interface ErasureBlock {
  readonly kind: 'hold' | 'complaint'
  /** The hold's, or the case's. */
  readonly id: string
  /** What is held, and why. */
  readonly held?: { readonly kind: HeldKind; readonly id: string; readonly reason: string }
  /** Of a complaint case. */
  readonly state?: string
}

/** Who did something with personal data: an agent, a key, or the system, by id. */
export interface PrivacyActor {
  readonly kind: 'agent' | 'key' | 'system'
  readonly id: string
}

/** The erasure of one contact, in two steps: planned and looked at, then confirmed. */
export interface Erasure {
  readonly id: string
  readonly contactId: string
  readonly reason: string
  /** `confirmed`: under way, and not to be taken back. */
  readonly state: 'planned' | 'confirmed' | 'done' | 'cancelled'
  /** What goes and what stays: as of now while it is planned, else as it was when it was confirmed. */
  readonly lines: readonly ErasureLine[]
  /** Empty: it can be confirmed. */
  readonly blockedBy: readonly ErasureBlock[]
  readonly plannedBy: PrivacyActor
  readonly plannedAt: Date
  readonly confirmedBy?: PrivacyActor
  readonly confirmedAt?: Date
  readonly doneAt?: Date
  readonly version: number
}

/** Plans erasures and makes them irrevocable. Nothing is brought back. */
export interface Erasures {
  /** Throws `not_found`, `conflict` when one is under way. */
  readonly plan: (contactId: string, reason: string) => Promise<Erasure>
  /** The newest of a contact. Throws `not_found`. */
  readonly get: (contactId: string) => Promise<Erasure>
  /**
   * From here on the contact is unknown: nothing more is sent to or written about them, and whoever writes from their
   * addresses is somebody new. The rest goes in the background. Throws `conflict` while something stands against it, or
   * when `version` is gone.
   */
  readonly confirm: (contactId: string, version: number | undefined) => Promise<Erasure>
  /** Throws `conflict` when it is not just planned. */
  readonly cancel: (contactId: string, version: number | undefined) => Promise<Erasure>
}

export const heldKinds = ['contact', 'ticket', 'complaint'] as const
export type HeldKind = (typeof heldKinds)[number]

/** That something must be kept: because a court, an authority or a dispute needs it. */
export interface LegalHold {
  readonly id: string
  readonly objectKind: HeldKind
  readonly objectId: string
  readonly reason: string
  readonly setBy: PrivacyActor
  readonly setAt: Date
  readonly liftedBy?: PrivacyActor
  readonly liftedAt?: Date
  readonly liftReason?: string
  readonly version: number
}

/** What must be kept. While a hold stands, the contact it concerns is neither erased nor retired. */
export interface LegalHolds {
  /** The newest first; those that stand only, unless `lifted`. */
  readonly list: (query: {
    readonly lifted: boolean
    readonly limit: number
    readonly after?: string
  }) => Promise<readonly LegalHold[]>
  readonly get: (id: string) => Promise<LegalHold>
  /** Throws `not_found`, `conflict` when that thing is held already. */
  readonly set: (
    object: { readonly kind: HeldKind; readonly id: string },
    reason: string,
  ) => Promise<LegalHold>
  /** Throws `not_found`, `conflict` when it was lifted or `version` is gone. */
  readonly lift: (id: string, reason: string, version: number | undefined) => Promise<LegalHold>
}

/** A copy of everything about a contact. */
export interface ContactExport {
  readonly id: string
  readonly contactId: string
  readonly reason: string
  readonly state: 'waiting' | 'ready' | 'failed' | 'expired'
  readonly requestedBy: PrivacyActor
  readonly requestedAt: Date
  readonly readyAt?: Date
  readonly expiresAt?: Date
  readonly bytes?: number
}

/** Under which key a piece of an export's archive lies. */
export const pieceKey = (exportId: string, piece: number): string => `${exportId}-${String(piece)}`

/** Copies of what is known of contacts. */
export interface ContactExports {
  /** Makes one in the background. Throws `not_found`. */
  readonly request: (contactId: string, reason: string) => Promise<ContactExport>
  /** Throws `not_found`. */
  readonly get: (contactId: string, id: string) => Promise<ContactExport>
  /** The archive, piece by piece; that it is taken is recorded. Throws `not_found`, `conflict` when there is none to be taken. */
  readonly take: (contactId: string, id: string) => Promise<ReadableStream<Uint8Array>>
}

/** What is known of a contact in one table, ready to be read by the person. */
export interface PersonalRows {
  readonly table: string
  readonly title: Bilingual
  /** JSON objects, page by page. */
  readonly pages: AsyncIterable<readonly unknown[]>
}

/** Reads everything that an export holds. */
export interface PersonalReading {
  /** The contact and those that were merged into it. Throws `not_found`. */
  readonly contactsOf: (contactId: string) => Promise<readonly string[]>
  readonly rows: (contacts: readonly string[]) => readonly PersonalRows[]
  /** Ids of the files that belong to it. */
  readonly files: (contacts: readonly string[]) => Promise<readonly string[]>
}

/** What an export's job needs to know and to say. */
export interface ExportWork {
  /** Undefined: it is not waited for any more. */
  readonly waiting: (id: string) => Promise<Pick<ContactExport, 'id' | 'contactId'> | undefined>
  /** Before a piece is written; false: it is not waited for any more. */
  readonly begin: (id: string, pieces: number) => Promise<boolean>
  /** False: it is not waited for any more. */
  readonly ready: (
    id: string,
    archive: { readonly bytes: number; readonly pieces: number; readonly keepMs: number },
  ) => Promise<boolean>
  readonly failed: (id: string) => Promise<void>
}

/** Archives that nobody may take any more. */
export interface EndedExports {
  /** Those whose time is over, that failed, or whose contact is erased, as long as pieces of them lie there. */
  readonly list: () => Promise<readonly { readonly id: string; readonly pieces: number }[]>
  /** Its pieces are gone. */
  readonly forget: (id: string) => Promise<void>
}

export const retainedKinds = [
  ...(['messages', 'tickets', 'complaints', 'questions', 'suggestions'] as const),
  ...(['drafts', 'invitations'] as const),
] as const
/**
 * What is kept for a while: what was said, the words of closed tickets, complaint cases that are over, masked questions
 * of which nothing is proposed any more, masked sentences of suggestions, what agents typed and never sent, invitations
 * that were used, withdrawn or ran out.
 */
export type RetainedKind = (typeof retainedKinds)[number]

/** What is older than it is to be kept. Whatever is held, or still worked on, is left alone. */
export interface Retention {
  /** How many there are from before `before`. */
  readonly count: (kind: RetainedKind, before: Date) => Promise<number>
  /** Removes some of them; how many. 0: none is left. */
  readonly retire: (kind: RetainedKind, before: Date) => Promise<number>
  /** When it was last gone through to its end, on whichever node. */
  readonly lastRun: () => Promise<Date | undefined>
}
