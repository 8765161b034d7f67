import type { Article } from '../../src/core/knowledge.ts'
import type { IntentSet } from '../load.ts'

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
  readonly target: number
  /** Part of the cross-validation that holds it out; -1 for texts that only ever teach. */
  readonly fold: number
  readonly weight: number
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
export const folds = 6

/** Answers teach vocabulary, but nobody asks like an answer. */
const answerWeight = 0.3
const leastAnswerLine = 5

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

const ofArticle = (article: Article, target: number): readonly CorpusText[] => {
  const asked = [article.question, ...article.similar, ...(article.en === undefined ? [] : [article.en.question])]
  const answered = [article.answer, article.en?.answer ?? '']
    .flatMap((answer) => answer.split(/[\n。]/))
    .filter((line) => line.trim().length >= leastAnswerLine)
  return [
    ...asked.map((text, at) => ({ text, target, fold: (at + target) % folds, weight: 1 })),
    ...answered.map((text) => ({ text, target, fold: -1, weight: answerWeight })),
  ]
}

/**
 * Gathers what the model learns from. Examples are spread over the folds, except what is out of scope: there whole
 * intents are held out together, because the next foreign subject is one that nobody thought of.
 */
export const gatherCorpus = (articles: readonly Article[], set: IntentSet): Corpus => {
  const targets = listTargets(articles, set)
  const known = articles.filter(({ topic }) => set.topics.some((one) => one.topic === topic))
  const texts = [
    ...known.flatMap((article) => ofArticle(article, articles.indexOf(article))),
    ...set.intents.flatMap(({ topic, examples }, order) =>
      examples.map((text, at) => ({
        text,
        target: articles.length + order,
        fold: (topic === outOfScopeTopic ? order : at + order) % folds,
        weight: 1,
      })),
    ),
  ]
  return { targets, texts }
}
