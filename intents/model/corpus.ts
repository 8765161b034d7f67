import type { Article } from '../../src/core/knowledge.ts'
import type { IntentSet } from '../load.ts'
import { makeNoise } from './noise.ts'

/** Everything a text may be about: articles first, then intents, each under its topic. */
export interface Targets {
  readonly topics: readonly string[]
  /** Article ids, then intent names. */
  readonly names: readonly string[]
  /** Number of articles among `names`. */
  readonly articles: number
  /** Position of each target's topic. */
  readonly topicOf: Int32Array
  /** Of each target, those it competes with, itself included: articles with articles, intents with intents. */
  readonly rivals: readonly Int32Array[]
}

/** One training text. */
export interface CorpusText {
  readonly text: string
  readonly topic: number
  /** The article or intent it speaks for; undefined: none, it only teaches the topic. */
  readonly target?: number
  /** Part of the cross-validation that holds it out; -1 for texts that only ever teach. */
  readonly fold: number
  readonly weight: number
  /** True: teaches, but is never judged when it is held out. */
  readonly untried?: boolean
}

export interface Corpus {
  readonly targets: Targets
  readonly texts: readonly CorpusText[]
}

/** Topics with a part of their own in the model. Absent ones are simply never recognised. */
export const outOfScopeTopic = 'out-of-scope'
export const vagueTopic = 'vague'
export const spamTopic = 'spam'

/** Parts of the cross-validation. */
export const folds = 3

/** Answers teach vocabulary, but nobody asks like an answer. */
const answerWeight = 0.3
const leastAnswerLine = 5

/** Questions about anything, as out of scope: few enough not to drown what was written. */
const mostNoise = 900
const noiseShare = 0.1
const noiseWeight = 0.3
const noiseSeed = 5

const listTargets = (articles: readonly Article[], { topics, intents }: IntentSet): Targets => {
  const slugs = topics.map(({ topic }) => topic)
  const position = new Map(slugs.map((topic, at) => [topic, at]))
  const all = [
    ...articles.map(({ id, topic }) => ({ name: id, topic, kind: 'article' })),
    ...intents.map(({ intent, topic }) => ({ name: intent, topic, kind: 'intent' })),
  ]
  const rivals = new Map<string, number[]>()
  for (const [at, { topic, kind }] of all.entries()) {
    const key = `${kind} ${topic}`
    rivals.set(key, [...(rivals.get(key) ?? []), at])
  }
  return {
    topics: slugs,
    names: all.map(({ name }) => name),
    articles: articles.length,
    topicOf: Int32Array.from(all, ({ topic }) => position.get(topic) ?? -1),
    rivals: all.map(({ topic, kind }) => Int32Array.from(rivals.get(`${kind} ${topic}`) ?? [])),
  }
}

const ofArticle = (article: Article, target: number, topic: number): readonly CorpusText[] => {
  const asked = [
    article.question,
    ...article.similar,
    ...(article.en === undefined ? [] : [article.en.question]),
  ]
  const answered = [article.answer, article.en?.answer ?? '']
    .flatMap((answer) => answer.split(/[\n。]/))
    .filter((line) => line.trim().length >= leastAnswerLine)
  return [
    ...asked.map((text, at) => ({
      text,
      topic,
      target,
      fold: (at + target) % folds,
      weight: 1,
      // Nothing would be left to find it by.
      untried: asked.length === 1,
    })),
    ...answered.map((text) => ({ text, topic, target, fold: -1, weight: answerWeight })),
  ]
}

const ofIntents = ({ intents }: IntentSet, targets: Targets): readonly CorpusText[] =>
  intents.flatMap(({ topic, examples }, order) => {
    const target = targets.articles + order
    // Every second foreign subject is held out whole: the next one is a subject that nobody thought of.
    const whole = topic === outOfScopeTopic && order % 2 === 0
    return examples.map((text, at) => ({
      text,
      topic: targets.topicOf[target] ?? 0,
      target,
      fold: (whole ? order / 2 : at + order) % folds,
      weight: 1,
    }))
  })

const noise = (topic: number, written: number): readonly CorpusText[] =>
  topic < 0
    ? []
    : makeNoise(Math.min(mostNoise, Math.ceil(noiseShare * written)), noiseSeed).map((text, at) => ({
        text,
        topic,
        fold: at % folds,
        weight: noiseWeight,
      }))

/** Gathers what the model learns from: articles' questions and answers, intents' examples, and noise. */
export const gatherCorpus = (articles: readonly Article[], set: IntentSet): Corpus => {
  const targets = listTargets(articles, set)
  const written = [
    ...articles.flatMap((article, at) => ofArticle(article, at, targets.topicOf[at] ?? -1)),
    ...ofIntents(set, targets),
  ]
  const texts = [...written, ...noise(targets.topics.indexOf(outOfScopeTopic), written.length)]
  return { targets, texts: texts.filter(({ topic }) => topic >= 0) }
}
