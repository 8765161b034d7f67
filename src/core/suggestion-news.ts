import type { Addressee, NoticeFate, NoticeQueue, TellingPreview } from './notice.ts'
import type { PublicLanguage, PublicWording, ThemeStatus } from './suggestions.ts'

/** One contact who asked, and what became of telling them. */
export interface Notice extends NoticeFate {
  readonly themeId: string
  readonly status: ThemeStatus
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

/** Tells contacts what became of what they suggested, each once a round. */
export interface NoticeStore extends NoticeQueue<News> {
  /** Those who asked for a theme and have not been told of its present status, or all of them. Changes nothing. */
  askers(themeId: string, all: boolean): Promise<readonly Addressee[]>
  /** Notes down all of them; how many are new. What an earlier status left waiting is called off. */
  plan(themeId: string, now: Date): Promise<number>
}

/** Reads what became of telling, and what waits for a conversation. */
export interface NoticeReading {
  /** The latest first. */
  list(themeId: string, page: { readonly after?: string; readonly limit: number }): Promise<readonly Notice[]>
  /** What a contact is to be told before the next answer in this conversation; at most three. */
  waiting(conversationId: string): Promise<readonly News[]>
}

/** Tells those who asked. */
export interface SuggestionTelling {
  /** Throws `not_found`, `conflict` when the theme's status is none of which one tells. */
  preview(themeId: string, as?: ThemeStatus): Promise<TellingPreview>
  /** Plans and begins in the background; how many are planned. Throws as `preview` does. */
  start(themeId: string): Promise<number>
}
