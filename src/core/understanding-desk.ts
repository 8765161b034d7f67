import type { KnowledgeSearch } from './knowledge-search.ts'
import type { ChannelName } from './message.ts'

/** An intent as editors look for it. */
export interface IntentStanding {
  readonly intent: string
  readonly topic: string
  readonly topicName: { readonly zh: string; readonly en: string }
  readonly handling: string
  readonly urgency: string
  /** How many example sentences it is learned from. */
  readonly examples: number
}

/** One intent with what it is learned from and what it replies. */
export interface IntentDetail extends Omit<IntentStanding, 'examples'> {
  readonly examples: readonly string[]
  readonly replies: Readonly<Record<'standard' | 'acg' | 'en', readonly string[]>>
}

/** Topics that are taken for each other, the commonest first. */
export interface ConfusionPair {
  readonly meant: string
  readonly said: string
  readonly count: number
  /** Some of the messages, as they stand in the labelled file. */
  readonly examples: readonly string[]
}

/** How the classifier in use fares on messages that it did not learn from. `measuring`: ask again in a moment. */
export type ConfusionReport =
  | { readonly state: 'measuring' | 'failed' }
  | {
      readonly state: 'done'
      readonly version: string
      readonly at: Date
      readonly rows: number
      /** Share whose topic is right. */
      readonly accuracy: number
      readonly pairs: readonly ConfusionPair[]
    }

export const dictionaryKinds = ['word', 'typo', 'abbreviation', 'slang', 'mood', 'concept'] as const
export type DictionaryKind = (typeof dictionaryKinds)[number]

/** A word that messages are read with. */
export interface DictionaryEntry {
  readonly kind: DictionaryKind
  readonly term: string
  /** What it is read as; a concept's words. Empty: itself. */
  readonly means: readonly string[]
  /** Whole syllables with tones, e.g. `dà huì yuán`. */
  readonly pinyin: string
  /** The file that it stands in, below the folder of intents. */
  readonly file: string
}

/** Which entries. */
export interface DictionarySearch {
  /** Part of a term or meaning, or pinyin: whole syllables or initials. */
  readonly text?: string | undefined
  readonly kind?: DictionaryKind | undefined
  readonly limit: number
}

/** What a contact would hear, in one tone. */
export interface ToneAnswer {
  readonly tone: 'standard' | 'acg'
  /** Whether it is the tone in force. */
  readonly isInForce: boolean
  readonly reply: string
  /** The article that answers; absent: none does. */
  readonly articleId?: string
}

/** A published article that may answer, as an agent would send it. */
export interface SuggestedArticle {
  readonly articleId: string
  readonly question: string
  /** Calibrated probability that it is the right one. */
  readonly score: number
  /** Its answer for the channel, in the language that was written in, as plain text. */
  readonly text: string
}

/** Faces that a channel's cheerful messages may carry. */
export interface ChannelFaces {
  readonly channel: string
  readonly hello: readonly string[]
  readonly answer: readonly string[]
  readonly ask: readonly string[]
}

/** Who speaks. */
export interface PersonaInForce {
  readonly name: string
  readonly nameEn: string
  readonly brand: string
  readonly brandEn: string
  readonly tone: 'standard' | 'acg'
  /** `default`: channels without their own. */
  readonly stickers: readonly ChannelFaces[]
}

/** What messages are understood and answered with, as editors look at it. */
export interface UnderstandingDesk extends KnowledgeSearch {
  intents(): Promise<readonly IntentStanding[]>
  /** Throws `not_found`. */
  intent(name: string): Promise<IntentDetail>
  confusions(): Promise<ConfusionReport>
  dictionary(
    search: DictionarySearch,
  ): Promise<{ readonly of: number; readonly entries: readonly DictionaryEntry[] }>
  persona(): Promise<PersonaInForce>
  /** What a contact hears who writes this there, in each tone. */
  tones(text: string, channel: ChannelName): Promise<readonly ToneAnswer[]>
  /** What the bot would look at first for this text, best first, at most `limit`. */
  suggest(text: string, channel: ChannelName, limit: number): Promise<readonly SuggestedArticle[]>
}
