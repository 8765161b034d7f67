import type { Reason } from './reason.ts'
/** What the product does with an intent when nothing else speaks against it. */
export type Handling = 'faq' | 'chat' | 'escalate' | 'urgent' | 'clarify' | 'out-of-scope' | 'ignore'

export type Urgency = 'normal' | 'high' | 'urgent'
export type Emotion = 'neutral' | 'happy' | 'sad' | 'anxious' | 'angry'
/** Whom an utterance insults: the brand with its agents and its bot, or other people. */
export type Abuse = 'us' | 'others'
export type Language = 'zh' | 'en' | 'other'
/** How somebody is spoken to: simplified Chinese, traditional Chinese, English. */
export type Spoken = 'zh' | 'zh-Hant' | 'en'

/** An article that may answer, with its calibrated probability of being the right one. */
export interface Candidate {
  readonly articleId: string
  readonly topic: string
  readonly question: string
  readonly score: number
}

/** What a contact can name in a way that a machine can look up. `short-link` hides where it leads. */
export type EntityKind =
  'video' | 'article' | 'live-room' | 'uid' | 'order' | 'phone' | 'mail' | 'link' | 'short-link'

/** Something named in a text. */
export interface Entity {
  readonly kind: EntityKind
  /** Its normal form: `BV1xx411c7mD`, `av170001`, `cv123`, the bare number of rooms, users and phones, a whole address. */
  readonly value: string
  /** As it was written. */
  readonly text: string
  /** Where it stands, in UTF-16 units: the first, and the one behind the last. */
  readonly start: number
  readonly end: number
}

/** What was understood of one question. Scores are probabilities. */
export interface Question {
  /** Its words as they were understood (normalised, follow-up context added). */
  readonly text: string
  readonly intent: string
  readonly topic: string
  readonly handling: Handling
  /** Probability that `topic` is right. */
  readonly confidence: number
  /** Best first, at most 8. */
  readonly candidates: readonly Candidate[]
  /** Probability that the utterance is none of the brand's business. */
  readonly outOfScope: number
  readonly urgency: Urgency
}

/** What was understood of one utterance: its question, or the most important of several, and how it was said. */
export interface Classification extends Question {
  readonly language: Language
  readonly emotion: Emotion
  /** 0 (calm) to 3 (furious). */
  readonly emotionStrength: number
  readonly asksForPerson: boolean
  /** Whom it insults; who quotes or reports an insult insults nobody. Absent: nobody. */
  readonly abuse?: Abuse
  /** The questions in order, when there is more than one; the fields above speak for the most important. */
  readonly questions?: readonly Question[]
  /** Videos, accounts, orders and the like that were named, in order; telephone numbers masked. Absent: none. */
  readonly entities?: readonly Entity[]
  /** Which rule or evidence said so. */
  readonly reasons: readonly Reason[]
  readonly knowledgeVersion: string
}

/** What helps to understand a follow-up ("那退款呢"). */
export interface UnderstandingContext {
  readonly lastTopic?: string
  readonly lastArticleId?: string
  readonly lastText?: string
  /** The contact says that the last question was misunderstood: these words go with it. */
  readonly corrects?: true
}

/** Depends on text, context and the loaded knowledge alone. Never rejects. */
export type Understand = (text: string, context: UnderstandingContext) => Promise<Classification>
