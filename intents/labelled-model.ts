import type { Encoder } from '../src/core/encoder.ts'
import type { KnowledgeBase } from '../src/core/knowledge.ts'
import type { Lexicons } from './lexicon.ts'
import type { IntentSet } from './load.ts'
import { outOfScopeTopic } from './model/corpus.ts'
import { leastLabelled } from './model/train.ts'
import { prepareUnderstanding } from './prepare.ts'
import type { Intent } from './schema.ts'

/** A text and its label; `null`: none of the labels fits, it is out of scope. */
export interface Example {
  readonly text: string
  readonly label: string | null
}

export interface LabelledModelOptions {
  /** What is learned from. */
  readonly train: readonly Example[]
  /** What probabilities are calibrated on beside texts held out of `train`; fewer than `leastDev` are not used. */
  readonly dev: readonly Example[]
  readonly lexicons: Lexicons
  /** Gives the meaning of texts; undefined: go by words. */
  readonly encoder?: Encoder | undefined
}

/** What a text was taken for. */
export interface Labelled {
  readonly label: string | null
  /** Probability that `label` is right. */
  readonly confidence: number
  /** Probability that no label fits. */
  readonly outOfScope: number
}

export type ClassifyText = (text: string) => Promise<Labelled>

/** Fewer texts for calibration than this are not used. */
export const leastDev = leastLabelled

/**
 * Messages out of scope for one within, where no example says what is out of scope: few enough to refuse only what is
 * unlike everything known.
 */
const expectedStrangers = 0.005

/** Labels must not be taken for the topics that the product knows by name. */
const topicOf = (label: string | null): string => (label === null ? outOfScopeTopic : `label/${label}`)

const intentOf = (label: string | null, examples: readonly string[]): Intent => ({
  intent: `${topicOf(label)}.example`,
  topic: topicOf(label),
  handling: label === null ? 'out-of-scope' : 'faq',
  urgency: 'normal',
  examples: [...examples],
})

/** The labels as a taxonomy: each a topic with one intent. */
const toIntents = (train: readonly Example[], dev: readonly Example[]): IntentSet => {
  const byLabel = new Map<string | null, string[]>()
  for (const { text, label } of train) byLabel.set(label, [...(byLabel.get(label) ?? []), text])
  const foreign = byLabel.get(null)
  byLabel.delete(null)
  const [first, ...others] = [...byLabel].map(([label, examples]) => intentOf(label, examples))
  // Foreign subjects at even places are held out whole; this one is all there is.
  const ordered = [first, foreign === undefined ? undefined : intentOf(null, foreign), ...others]
  const topics = [...byLabel.keys(), null].map(topicOf)
  return {
    version: '',
    topics: topics.map((topic) => ({ topic, zh: topic, en: topic })),
    intents: ordered.filter((intent) => intent !== undefined),
    calibration: dev.map(({ text, label }) => ({ text, topic: topicOf(label) })),
  }
}

const nothing: KnowledgeBase = { version: '', articles: [] }

/**
 * The product's classifier, trained on any labelled texts instead of the brand's content. What is out of scope is
 * learned from the texts that say so; without them from labels left out whole, one third at a time.
 */
export const trainLabelled = async (options: LabelledModelOptions): Promise<ClassifyText> => {
  const { train, dev, lexicons, encoder } = options
  const intents = toIntents(train, dev)
  const strangers = train.some(({ label }) => label === null) ? 0 : expectedStrangers
  const { understand, thresholds } = await prepareUnderstanding({
    ...{ knowledge: nothing, intents, lexicons, strangers, encoder },
    asWritten: true,
  })
  const labels = new Map<string, string | null>(
    [...train.map(({ label }) => label), null].map((label) => [topicOf(label), label]),
  )
  return async (text) => {
    const { topic, confidence, outOfScope } = await understand(text, {})
    const foreign = outOfScope >= thresholds.outOfScope
    if (foreign) return { label: null, confidence: outOfScope, outOfScope }
    return { label: labels.get(topic) ?? null, confidence, outOfScope }
  }
}
