import type { ChannelName, Part } from './message.ts'
import type { Board, BoardChange, FeedbackItem, RecognisedSuggestion } from './feedback.ts'
import type { EventPlace } from './event-log.ts'
import type { DecisionRecord } from './conversation.ts'

/** The languages in which one tells of a theme. */
export type PublicLanguage = 'zh' | 'en'

export const suggestionSources = ['conversation', 'form', 'api'] as const
/** A sentence that somebody said, the answer to a form's question, or what a program or an agent wrote down. */
export type SuggestionSource = (typeof suggestionSources)[number]

/** One sentence that wishes for something, and where it came from. */
export interface Suggestion {
  readonly id: string
  readonly source: SuggestionSource
  readonly sentence: string
  readonly language: PublicLanguage
  readonly cues: readonly string[]
  readonly saidAt: Date
  readonly createdAt: Date
  readonly messageId?: string
  readonly ticketId?: string
  readonly conversationId?: string
  readonly contactId?: string
  readonly inboxId?: string
  readonly channel?: ChannelName
  /** Absent: it is not placed yet. */
  readonly themeId?: string
  readonly placedBy?: 'machine' | 'person'
  readonly version: number
}

export const themeStatuses = ['collected', 'considering', 'planned', 'shipped', 'declined'] as const
export type ThemeStatus = (typeof themeStatuses)[number]
/** Statuses of which those who asked are told. */
export const toldStatuses: readonly ThemeStatus[] = ['shipped', 'declined']

/** What is said of a theme to those who asked. */
export interface PublicWording {
  readonly zh: string
  readonly en?: string | undefined
}

/** How often a theme is asked for of late. */
export interface Trend {
  /** Suggestions of the last eight weeks, the oldest first; the last week ends now. */
  readonly weeks: readonly number[]
  /** The mean of the weeks before the last. */
  readonly usual: number
  /** The last week is above what chance makes of the usual. */
  readonly rising: boolean
}

/** Suggestions that mean the same. */
export interface SuggestionTheme {
  readonly id: string
  /** The name that a person gave, else its most typical sentence. */
  readonly label: string
  readonly labelledBy: 'machine' | 'person'
  /** Words that set it apart. */
  readonly words: readonly string[]
  readonly status: ThemeStatus
  readonly statusAt?: Date
  readonly wording?: PublicWording
  /** Suggestions in it. */
  readonly count: number
  /** People who asked for it. */
  readonly contacts: number
  readonly channels: readonly { readonly channel: string; readonly count: number }[]
  readonly trend: Trend
  /** The latest sentences, at most five. */
  readonly examples: readonly string[]
  /** A person named, pinned, merged, split or filled it, or gave it a status: it never ends by itself. */
  readonly isHeld: boolean
  readonly firstAt?: Date
  readonly lastAt?: Date
  readonly createdAt: Date
  readonly updatedAt: Date
  /** The theme that goes on for it. */
  readonly mergedInto?: string
  /** Nothing is in it any more. */
  readonly endedAt?: Date
  readonly version: number
}

/** Who changes something. */
export type FeedbackActor =
  { readonly kind: 'agent' | 'key'; readonly id: string; readonly name: string } | { readonly kind: 'system' }

/** One line of a theme's history. */
export interface ThemeEntry {
  readonly id: number
  readonly at: Date
  readonly actor: FeedbackActor
  readonly change: string
  readonly detail: Readonly<Record<string, unknown>>
}

/** A write, protected against stale screens and repeats. */
export interface FeedbackWrite {
  readonly actor: FeedbackActor
  /** The version that was seen: refused with `conflict` where a newer one stands. Undefined: whichever stands. */
  readonly version?: number | undefined
  readonly idempotencyKey?: string | undefined
}

/** Which suggestions; what is undefined does not matter. */
export interface SuggestionFilter {
  /** A theme's id; null: not placed yet. */
  readonly themeId?: string | null
  readonly contactId?: string
  readonly inboxId?: string
  readonly source?: SuggestionSource
  readonly since?: Date
  /** Part of the sentence. */
  readonly text?: string
}

export interface NewSuggestion {
  readonly sentence: string
  readonly language: PublicLanguage
  readonly saidAt: Date
  readonly contactId?: string
  readonly conversationId?: string
  readonly themeId?: string
  readonly actor: FeedbackActor
  readonly idempotencyKey?: string | undefined
}

/** Suggestions as people look after them. Methods throw `not_found`, `conflict`. */
export interface SuggestionStore {
  /** The latest first. */
  list(
    filter: SuggestionFilter,
    page: { readonly after?: { readonly saidAt: Date; readonly id: string }; readonly limit: number },
  ): Promise<readonly Suggestion[]>
  get(id: string): Promise<Suggestion>
  add(suggestion: NewSuggestion, now: Date): Promise<Suggestion>
  /** Puts one into a theme, where it stays. */
  move(id: string, themeId: string, write: FeedbackWrite, now: Date): Promise<Suggestion>
  /** Says that it is none; its sentence is forgotten. */
  discard(id: string, write: FeedbackWrite, now: Date): Promise<void>
}

export interface ThemeFilter {
  readonly statuses?: readonly ThemeStatus[]
  /** Part of its name, label or words. */
  readonly text?: string
}

/** Where a page of themes ended. */
export interface ThemePlace {
  readonly count: number
  readonly id: string
}

/** What a person does to themes. */
export type ThemeAct =
  | { readonly act: 'rename'; readonly name: string }
  | { readonly act: 'pin' }
  /** Brings another theme into this one. */
  | { readonly act: 'merge'; readonly from: string }
  /** Takes suggestions into a theme of their own. */
  | { readonly act: 'split'; readonly itemIds: readonly string[]; readonly name?: string }

/** Themes as people look after them. Methods throw `not_found`, `conflict`, `bad_input`. */
export interface ThemeStore {
  /** The one that is asked for most first. */
  list(
    filter: ThemeFilter,
    page: { readonly after?: ThemePlace; readonly limit: number },
    now: Date,
  ): Promise<readonly SuggestionTheme[]>
  get(id: string, now: Date): Promise<SuggestionTheme>
  /** The oldest line first. */
  history(id: string): Promise<readonly ThemeEntry[]>
  /** Gives the theme that came of it: the new one of a split. */
  act(id: string, act: ThemeAct, write: FeedbackWrite, now: Date): Promise<SuggestionTheme>
  /** Sets the status and what is said of it. */
  setStatus(
    id: string,
    change: { readonly status: ThemeStatus; readonly wording?: PublicWording | undefined },
    write: FeedbackWrite,
    now: Date,
  ): Promise<SuggestionTheme>
}

/** A message of a contact, as suggestions are looked for in it. */
export interface HeardMessage {
  readonly messageId: string
  readonly conversationId: string
  readonly receivedAt: Date
  readonly saidAt: Date
  readonly parts: readonly Part[]
  readonly wantsReply: boolean
  /** The bot has not thought about it yet. */
  readonly isPending: boolean
  /** What the bot decided about it, together with what followed it; undefined: nothing. */
  readonly decision?: Pick<DecisionRecord, 'kind' | 'rule'>
}

/** What a form about feedback gathered. */
export interface FormSuggestion {
  readonly ticketId: string
  readonly conversationId: string
  readonly saidAt: Date
  readonly text: string
}

/** A suggestion to be kept. */
export interface CollectedSuggestion extends Pick<RecognisedSuggestion, 'sentence' | 'cues'> {
  readonly conversationId: string
  readonly saidAt: Date
  readonly language: PublicLanguage
  /** Where it stands: in a message, or in a form's ticket. */
  readonly from: { readonly messageId: string; readonly ordinal: number } | { readonly ticketId: string }
}

/** What reading on in the log gave. It takes effect together, and only while `before` is where reading stands. */
export interface Collected {
  readonly before: EventPlace
  readonly after: EventPlace
  readonly suggestions: readonly CollectedSuggestion[]
  /** Messages by which contacts said to hear no more. */
  readonly refusals: readonly { readonly messageId: string; readonly conversationId: string }[]
}

/** Takes in what contacts suggest, each once. */
export interface SuggestionIntake {
  /** How far the log has been read. */
  place(): Promise<EventPlace>
  messages(ids: readonly string[]): Promise<readonly HeardMessage[]>
  /** Of tickets about feedback what their forms gathered. */
  forms(ticketIds: readonly string[]): Promise<readonly FormSuggestion[]>
  /** Gives the ids of what was kept; undefined: somebody else has read on meanwhile. */
  keep(collected: Collected, now: Date): Promise<readonly string[] | undefined>
}

/** A space as it is kept. */
export interface KeptSpace {
  readonly id: string
  /** The encoder's version, or `words`. */
  readonly maker: string
  readonly dimensions: number
  readonly data: unknown
}

/** Vectors of suggestions, and the space they are of. */
export interface SuggestionVectors {
  /** The newest space; undefined: none was made yet. */
  space(): Promise<KeptSpace | undefined>
  /** From now on vectors of other spaces count as missing. */
  keepSpace(space: KeptSpace, now: Date): Promise<void>
  /** Whether some suggestion is in no theme yet. */
  anyLoose(): Promise<boolean>
  /** Suggestions without a vector of this space; `loose`: of those only that are in no theme yet. */
  lacking(
    spaceId: string,
    limit: number,
    among: 'all' | 'loose',
  ): Promise<readonly { readonly id: string; readonly text: string }[]>
  keep(
    spaceId: string,
    vectors: readonly { readonly id: string; readonly vector: Float32Array }[],
  ): Promise<void>
}

/** What a refinement changed. */
export interface RefinedThemes {
  readonly moves: readonly { readonly itemId: string; readonly from: string; readonly to: string }[]
  readonly opened: readonly string[]
  readonly ended: readonly { readonly id: string; readonly into?: string | undefined }[]
  readonly labels: readonly {
    readonly themeId: string
    readonly sentence: string
    readonly words: readonly string[]
  }[]
}

/** Themes as the machine makes them. What it writes and what people do never mix: each waits for the other. */
export interface ThemeMaking {
  /** Makes sums anew that are missing or of another space, some at a time; false: none is left. */
  renewSums(spaceId: string, dimensions: number): Promise<boolean>
  /**
   * Gives up to `limit` suggestions without a theme to `decide`, with all themes but without what is in them, and keeps
   * what it gives; how many were placed.
   */
  place(
    space: { readonly id: string; readonly dimensions: number },
    limit: number,
    decide: (board: Board, fresh: readonly FeedbackItem[]) => BoardChange,
    now: Date,
  ): Promise<number>
  /** The newest `limit` placed suggestions, and their themes. */
  snapshot(spaceId: string, limit: number): Promise<Board>
  /** Keeps a refinement: what people moved meanwhile stays, and only themes in which nothing is left end. */
  refine(refined: RefinedThemes, now: Date): Promise<{ readonly moved: number; readonly ended: number }>
}
