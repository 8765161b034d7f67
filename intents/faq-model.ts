import type { Encoder } from '../src/core/encoder.ts'
import type { Article, KnowledgeBase } from '../src/core/knowledge.ts'
import type { Understand } from '../src/core/understanding.ts'
import type { LabelledText } from './labelled.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { outOfScopeTopic } from './model/corpus.ts'
import { createRandom } from './model/random.ts'
import type { Thresholds } from './model/thresholds.ts'
import { prepareUnderstanding } from './prepare.ts'

/** A question, its other wordings, and the answer. */
export interface FaqEntry {
  readonly id: string
  readonly question: string
  readonly alt: readonly string[]
  readonly answer: string
}

export interface FaqModelOptions {
  readonly entries: readonly FaqEntry[]
  readonly lexicons: Lexicons
  /** Gives the meaning of texts; undefined: go by words. */
  readonly encoder?: Encoder | undefined
}

export interface FaqModel {
  readonly articles: readonly Article[]
  readonly understand: Understand
  readonly thresholds: Thresholds
  /** What stood for contacts' wordings when probabilities were fitted. */
  readonly calibratedOn: 'alternatives' | 'shortened-questions'
}

const topic = 'faq'
/** Questions that no entry answers, expected for one that some entry does. */
const expectedStrangers = 0.2

/** With fewer wordings than this to hold out, questions are shortened instead. */
const leastHeldOut = 100
/** Share of a question's characters that is left out of a shortened one. */
const leftOut = 0.3
const seed = 20261126

const toArticle = ({ id, question, alt, answer }: FaqEntry): Article => ({
  id,
  topic,
  question,
  similar: alt,
  negative: [],
  handoff: false,
  urgency: 'normal',
  followups: [],
  answer,
  channelAnswers: {},
  file: '',
})

/** The text without a few words or, where words are not set apart, short runs of characters. */
const shorten = (text: string, random: () => number): string => {
  const pieces = text.match(/[a-z0-9]+\s*|[^a-z0-9]{1,2}/giu) ?? []
  const kept = pieces.filter(() => random() >= leftOut)
  return (kept.length === 0 ? pieces : kept).join('').trim() || text
}

/** Wordings made up from the questions themselves: all there is when nobody wrote any others. */
const shortenAll = (entries: readonly FaqEntry[]): readonly LabelledText[] => {
  const random = createRandom(seed)
  const each = Math.ceil(leastHeldOut / Math.max(1, entries.length))
  return entries.flatMap(({ id, question }) =>
    Array.from({ length: each }, () => ({ text: shorten(question, random), topic, articles: [id] })),
  )
}

const toIntents = (calibration: readonly LabelledText[]): IntentSet => ({
  version: '',
  topics: [topic, outOfScopeTopic].map((name) => ({ topic: name, zh: name, en: name })),
  intents: [
    {
      intent: `${outOfScopeTopic}.any`,
      topic: outOfScopeTopic,
      handling: 'out-of-scope',
      urgency: 'normal',
      examples: [],
    },
  ],
  calibration,
})

/**
 * The product's retrieval and calibration on any list of questions and answers. Probabilities and thresholds come from
 * the list alone: wordings held out of their entry, and entries left out whole for what nothing answers.
 */
export const trainFaq = async ({ entries, lexicons, encoder }: FaqModelOptions): Promise<FaqModel> => {
  const articles = entries.map(toArticle)
  const knowledge: KnowledgeBase = { version: '', articles }
  const heldOut = entries.reduce((sum, { alt }) => sum + (alt.length > 0 ? alt.length + 1 : 0), 0)
  const calibratedOn = heldOut >= leastHeldOut ? 'alternatives' : 'shortened-questions'
  const intents = toIntents(calibratedOn === 'alternatives' ? [] : shortenAll(entries))
  const { understand, thresholds } = await prepareUnderstanding({
    ...{ knowledge, intents, lexicons, encoder },
    strangers: expectedStrangers,
  })
  return { articles, understand, thresholds, calibratedOn }
}
