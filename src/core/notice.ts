import type { ConversationMode, DeliveryStatus, OutboundDraft, Quota } from './conversation.ts'

/** What becomes of telling one contact: `waits` until the contact writes again, `never` for a reason that stays. */
export type NoticeState = 'planned' | 'told' | 'waits' | 'never'
/** In time, by another address that the contact allowed, or before the answer to what the contact wrote next. */
export type NoticeWay = 'now' | 'fallback' | 'next-message'
export type NoticeReason =
  | 'window-closed'
  | 'quota-used'
  | 'passive-only'
  | 'person-leads'
  | 'inbox-gone'
  | 'said-stop'
  /** There is newer news of the same matter. */
  | 'overtaken'

/** What became of telling one contact one thing. */
export interface NoticeFate {
  readonly id: string
  readonly contactId: string
  readonly conversationId: string
  readonly state: NoticeState
  readonly way?: NoticeWay
  readonly reason?: NoticeReason
  readonly messageId?: string
  /** How the message that tells it fares. */
  readonly delivery?: DeliveryStatus
  readonly createdAt: Date
  readonly settledAt?: Date
}

/** A conversation by which a contact may be told. */
export interface NoticeTarget {
  readonly conversationId: string
  readonly inboxId: string
  readonly mode: ConversationMode
  /** Undefined: the channel has no allowances. */
  readonly quota?: Quota
  readonly lastInboundAt?: Date
}

/** Somebody to be told: where they asked for it, and the other addresses that they allowed. */
export interface Addressee {
  readonly contactId: string
  /** The contact said to hear no more. */
  readonly refused: boolean
  readonly asked: NoticeTarget
  readonly fallbacks: readonly NoticeTarget[]
}

/** How one contact is told, or why not. */
export type NoticeOutcome =
  | { readonly state: 'told'; readonly way: 'now' | 'fallback'; readonly target: NoticeTarget }
  | { readonly state: 'waits' | 'never'; readonly reason: NoticeReason }

/** Whether anything waits to be told before the next answer in a conversation, by what it is news of. */
export type NoticesWaiting = (
  conversationId: string,
) => Promise<{ readonly suggestions: boolean; readonly incidents: boolean }>

/** What is said to whom. */
export interface Saying {
  readonly way: 'now' | 'fallback'
  readonly conversationId: string
  readonly draft: OutboundDraft
}

/** Notices of one kind, planned under a subject: a theme, an incident. `News` is what one says. */
export interface NoticeQueue<News extends { readonly noticeId: string }> {
  /** Some that are to be told, with where they can be. */
  planned(subjectId: string, limit: number): Promise<readonly (News & Addressee)[]>
  /** Says it, in the transaction that notes it down; false when another has, or a person leads there by now. */
  tell(noticeId: string, saying: Saying, now: Date): Promise<boolean>
  /** Notes down why one is not told now, or never. */
  put(noticeId: string, outcome: Extract<NoticeOutcome, { reason: unknown }>, now: Date): Promise<void>
}

/** How many would be told through what, and why others would not. */
export interface TellingPreview {
  readonly people: number
  readonly now: number
  readonly fallback: number
  readonly waits: number
  readonly never: number
  /** By reason. */
  readonly reasons: Readonly<Partial<Record<NoticeReason, number>>>
  /** Those told now or by another address, by inbox. */
  readonly inboxes: Readonly<Record<string, number>>
}
