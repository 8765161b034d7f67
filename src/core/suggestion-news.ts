import type { ConversationMode, DeliveryStatus, OutboundDraft, Quota } from './conversation.ts'
import type { PublicLanguage, PublicWording, ThemeStatus } from './suggestions.ts'

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
  /** The theme has another status by now. */
  | 'overtaken'

/** One contact who asked, and what became of telling them. */
export interface Notice {
  readonly id: string
  readonly themeId: string
  readonly status: ThemeStatus
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

/** Somebody who asked: where they did, and the other addresses that they allowed. */
export interface Addressee {
  readonly contactId: string
  /** The contact said to hear no more. */
  readonly refused: boolean
  readonly asked: NoticeTarget
  readonly fallbacks: readonly NoticeTarget[]
}

/** What a contact is told. */
export interface News {
  readonly noticeId: string
  readonly status: ThemeStatus
  /** What the contact suggested. */
  readonly sentence: string
  readonly language: PublicLanguage
  readonly wording: PublicWording
}

/** How one contact is told, or why not. */
export type NoticeOutcome =
  | { readonly state: 'told'; readonly way: 'now' | 'fallback'; readonly target: NoticeTarget }
  | { readonly state: 'waits' | 'never'; readonly reason: NoticeReason }

/** Tells contacts what became of what they suggested, each once a round. */
export interface NoticeStore {
  /** Those who asked for a theme and have not been told of its present status, or all of them. Changes nothing. */
  askers(themeId: string, all: boolean): Promise<readonly Addressee[]>
  /** Notes down all of them; how many are new. What an earlier status left waiting is called off. */
  plan(themeId: string, now: Date): Promise<number>
  /** Some that are to be told, with where they can be. */
  planned(themeId: string, limit: number): Promise<readonly (News & Addressee)[]>
  /** Says it, in the transaction that notes it down; false when another has, or a person leads there by now. */
  tell(
    noticeId: string,
    saying: {
      readonly way: 'now' | 'fallback'
      readonly conversationId: string
      readonly draft: OutboundDraft
    },
    now: Date,
  ): Promise<boolean>
  /** Notes down why one is not told now, or never. */
  put(noticeId: string, outcome: Extract<NoticeOutcome, { reason: unknown }>, now: Date): Promise<void>
}

/** Reads what became of telling, and what waits for a conversation. */
export interface NoticeReading {
  /** The latest first. */
  list(themeId: string, page: { readonly after?: string; readonly limit: number }): Promise<readonly Notice[]>
  /** What a contact is to be told before the next answer in this conversation; at most three. */
  waiting(conversationId: string): Promise<readonly News[]>
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

/** Tells those who asked. */
export interface SuggestionTelling {
  /** Throws `not_found`, `conflict` when the theme's status is none of which one tells. */
  preview(themeId: string, as?: ThemeStatus): Promise<TellingPreview>
  /** Plans and begins in the background; how many are planned. Throws as `preview` does. */
  start(themeId: string): Promise<number>
}
