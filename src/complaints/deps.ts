import type { Clock } from '../core/clock.ts'
import type { CaseChange, ComplaintStore, PolicyList } from '../core/complaint-work.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import { TongdaError } from '../core/errors.ts'
import type { IdentityChecks } from '../core/identity-check.ts'
import type { ArchiveGround } from './archive.ts'
import type { ComplaintsConfig } from './config.ts'
import type { FileGround } from './evidence-intake.ts'
import type { CodeOf } from './identity-code.ts'
import type { Meaning } from './similar.ts'

/** What cases stand on. */
export interface ComplaintDeps extends ArchiveGround {
  readonly store: ComplaintStore
  readonly media: FileGround['media'] & ArchiveGround['media']
  readonly policy: () => PolicyList
  readonly config: ComplaintsConfig
  readonly clock: Clock
  /** Words as a message of an inbox; undefined: the inbox is gone. */
  readonly compose: (inboxId: string, text: string) => OutboundDraft | undefined
  /** One-time codes; `canSend`: there is an inbox for mail. */
  readonly identity: {
    readonly checks: IdentityChecks
    readonly codeOf: CodeOf
    readonly canSend: () => boolean
  }
  /** Ways to tell what is alike, the best first. */
  readonly meanings: readonly Meaning[]
  /** Tells open desks and senders. Never throws. */
  readonly publish: (ticketId: string) => void
}

/** What a change is made of, beside who makes it. */
export type Plan = Omit<CaseChange, 'caseId' | 'expectedVersion' | 'idempotencyKey' | 'actor'>

const mostWords = 2_000

/** Trimmed, not empty and not endless. Throws `bad_input`. */
export const checkWords = (name: string, text: string, most = mostWords): string => {
  const words = text.trim()
  if (words === '' || words.length > most)
    throw new TongdaError('bad_input', `${name} needs 1 to ${String(most)} characters`)
  return words
}
