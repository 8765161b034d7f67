import type { Actor } from './acting.ts'

/** What the audit log knows, as a word. Never changes its meaning; new ones may come. */
export const auditActs = [
  'session.started',
  'session.refused',
  'session.revoked',
  'link.created',
  'password.set',
  'second-factor.enrolled',
  'second-factor.removed',
  'recovery.used',
  'recovery.renewed',
  'identity.linked',
  'person.added',
  'person.changed',
  'person.deactivated',
  'person.reactivated',
  'role.changed',
  'invitation.created',
  'invitation.resent',
  'invitation.withdrawn',
  'invitation.accepted',
  'team.created',
  'team.changed',
  'team.removed',
  'member.put',
  'member.removed',
  'key.created',
  'key.revoked',
  'webhook.created',
  'webhook.changed',
  'webhook.removed',
  'macro.created',
  'macro.changed',
  'macro.removed',
  'canned-reply.created',
  'canned-reply.changed',
  'canned-reply.removed',
  'rule.created',
  'rule.changed',
  'rule.removed',
  'sampling-rule.created',
  'sampling-rule.changed',
  'sampling-rule.removed',
  'calendar.imported',
  'job.replayed',
  'message.replayed',
  'backup.restored',
  'database.moved',
  'inbox.resumed',
  'settings.changed',
  'personal.revealed',
  'complaint.exported',
  'contact.exported',
  'export.taken',
  'erasure.planned',
  'erasure.confirmed',
  'erasure.cancelled',
  'erasure.done',
  'hold.set',
  'hold.lifted',
  'retention.applied',
  'tool.called',
  'assist.asked',
  'audit.exported',
  'audit.retired',
] as const
export type AuditAct = (typeof auditActs)[number]

/** What something was done to. */
export interface AuditObject {
  /** E.g. `agent`, `key`, `team`, `message`, `contact`. */
  readonly kind: string
  readonly id: string
}

/** Something to be written down. Ids and a few facts; never what somebody said, never a secret. */
export interface AuditEntry {
  readonly act: AuditAct
  readonly object?: AuditObject
  /** In their own words, where a reason is asked for. */
  readonly reason?: string
  readonly detail?: Readonly<Record<string, unknown>>
  /** Default: whoever acts. */
  readonly actor?: Actor
}

/** A line of the audit log. */
export interface AuditLine extends Omit<AuditEntry, 'actor'> {
  /** Its place: 1 for the first, without a gap. */
  readonly number: number
  /** By the database's clock. */
  readonly at: Date
  readonly actor: Actor & { readonly name?: string }
  readonly detail: Readonly<Record<string, unknown>>
  /** Of this line and, through the one before it, of all before. */
  readonly hash: string
}

/** Which lines. */
export interface AuditFilter {
  readonly act?: AuditAct
  readonly actorId?: string
  readonly objectKind?: string
  readonly objectId?: string
  readonly since?: Date
  readonly until?: Date
}

/** A line of the chain by its number; its hash speaks for all lines before it. */
export interface AuditLink {
  readonly number: number
  readonly hash: string
}

/**
 * What a line may be found to be: not as it was written, not following the one before it, not the one that was noted, or
 * noted and gone together with the end of the log.
 */
export const auditFaults = ['changed', 'missing-before', 'replaced', 'missing-end'] as const

/** What checking the chain found. */
export interface AuditVerdict {
  readonly lines: number
  /** The newest line. Noted elsewhere, it proves later that nothing up to it was changed. */
  readonly head?: AuditLink
  /** The first line at fault. */
  readonly fault?: { readonly number: number; readonly what: (typeof auditFaults)[number] }
  /** What became of the line that was noted: it is the same, or retention forgot it. */
  readonly noted?: 'same' | 'retired'
}

/** Who did what. Lines are added and never changed; the database itself refuses it. */
export interface AuditLog {
  record(entry: AuditEntry): Promise<void>
  /** The newest first, those before the number `before` where one is given. */
  list(
    filter: AuditFilter,
    page: { readonly before?: number; readonly limit: number },
  ): Promise<readonly AuditLine[]>
  /** Reckons every line's hash anew; `noted` is a line that was noted elsewhere. */
  verify(noted?: AuditLink): Promise<AuditVerdict>
  /** Forgets lines from before `before`, never younger ones than 180 days; says how many. The chain goes on. */
  retire(before: Date): Promise<number>
}
