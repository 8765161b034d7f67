import type { Reason } from './reason.ts'
/** What the product does with an intent when nothing else speaks against it. */
export type Handling = 'faq' | 'chat' | 'escalate' | 'urgent' | 'clarify' | 'out-of-scope' | 'ignore'

export type Urgency = 'normal' | 'high' | 'urgent'
export type Emotion = 'neutral' | 'happy' | 'sad' | 'anxious' | 'angry'
export type Language = 'zh' | 'en' | 'other'

/** An article that may answer, with its calibrated probability of being the right one. */
export interface Candidate {
  readonly articleId: string
  readonly topic: string
  readonly question: string
  readonly score: number
}

/** What was understood of one utterance. Scores are probabilities. */
export interface Classification {
  /** The text as it was understood (normalised, follow-up context added). */
  readonly text: string
  readonly language: Language
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
  readonly emotion: Emotion
  /** 0 (calm) to 3 (furious). */
  readonly emotionStrength: number
  readonly asksForPerson: boolean
  /** Which rule or evidence said so. */
  readonly reasons: readonly Reason[]
  readonly knowledgeVersion: string
}

/** What helps to understand a follow-up ("那退款呢"). */
export interface UnderstandingContext {
  readonly lastTopic?: string
  readonly lastArticleId?: string
  readonly lastText?: string
}

/** Depends on text, context and the loaded knowledge alone. Never rejects. */
export type Understand = (text: string, context: UnderstandingContext) => Promise<Classification>
