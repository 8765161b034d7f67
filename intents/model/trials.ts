import type { Breath } from './breath.ts'
import { folds } from './corpus.ts'
import { createWordRarity, gatherEvidence, openSources } from './evidence.ts'
import type { Evidence, Tables, WordRarity } from './evidence.ts'
import type { Prepared, ReadText } from './prepare.ts'
import type { LearnTables } from './tables.ts'

/** A text judged by tables that never saw it. */
export interface Trial {
  readonly evidence: Evidence
  readonly topic: number
  /** The right article; `none`: no article answers it; `unknown`: one of the topic's articles, not said which. */
  readonly article: number | 'none' | 'unknown'
  readonly weight: number
  /** Where the text comes from: held out of training, or labelled for calibration. */
  readonly source: 'held-out' | 'labelled'
}

/** Counts in how many texts of each fold a feature stands: a held-out text's own words must not count as known. */
const countByFold = ({ texts, vocabulary }: Prepared): readonly Int32Array[] => {
  const counts = Array.from({ length: folds + 1 }, () => new Int32Array(vocabulary.names.length))
  for (const { fold, vector } of texts) {
    const own = counts[fold < 0 ? folds : fold]
    if (own === undefined) continue
    for (const at of vector.at) own[at] = (own[at] ?? 0) + 1
  }
  return counts
}

const rarityWithout = (prepared: Prepared, counts: readonly Int32Array[], fold: number): WordRarity => {
  const whole = createWordRarity(prepared.vocabulary)
  const positions = new Map(prepared.vocabulary.names.map((name, at) => [name, at]))
  return (word) => {
    const { known, rarity } = whole(word)
    const at = positions.get(`w${word}`)
    if (!known || at === undefined) return { known: false, rarity: prepared.vocabulary.rarest }
    const elsewhere = counts.reduce((sum, count, one) => (one === fold ? sum : sum + (count[at] ?? 0)), 0)
    return elsewhere >= 2 ? { known, rarity } : { known: false, rarity: prepared.vocabulary.rarest }
  }
}

/** Noise is worth less than what a person wrote. */
const noiseTrialWeight = 0.25

const articleOf = (
  { target }: ReadText,
  { targets }: Prepared,
  answerable: ReadonlySet<number>,
): Trial['article'] => {
  if (target === undefined) return 'none'
  if (target < targets.articles) return target
  return answerable.has(targets.topicOf[target] ?? -1) ? 'unknown' : 'none'
}

/** Topics that have articles. */
export const answerableTopics = ({ targets }: Prepared): ReadonlySet<number> =>
  new Set(targets.topicOf.subarray(0, targets.articles))

/** More trials than this say nothing new, take minutes and gigabytes. */
const mostTrials = 15_000

/** The texts that are tried: all, or evenly chosen ones where there are very many. */
const chooseTried = (texts: readonly ReadText[]): readonly ReadText[] => {
  const eligible = texts.filter(({ fold, untried }) => fold >= 0 && untried !== true)
  const every = Math.ceil(eligible.length / mostTrials)
  return eligible.filter((_, at) => at % every === 0)
}

/** Judges texts by tables that did not learn from their fold. */
export const crossValidate = async (
  prepared: Prepared,
  learn: LearnTables,
  breath: Breath,
): Promise<readonly Trial[]> => {
  const { targets, index, foldOf, texts } = prepared
  const meanings = prepared.meanings?.index
  const answerable = answerableTopics(prepared)
  const counts = countByFold(prepared)
  const tried = chooseTried(texts)
  const trials: Trial[] = []
  for (let fold = 0; fold < folds; fold++) {
    const tables = await learn(fold)
    const sources = openSources({ tables, targets, index, meanings })
    const rarity = rarityWithout(prepared, counts, fold)
    for (const text of tried) {
      if (text.fold !== fold) continue
      const { features, vector, meaning } = text
      const skip = (question: number): boolean => foldOf[question] === fold
      trials.push({
        evidence: gatherEvidence(sources, { features, vector, meaning, skip }, rarity),
        topic: text.topic,
        article: articleOf(text, prepared, answerable),
        weight: text.target === undefined ? noiseTrialWeight : 1,
        source: 'held-out',
      })
      if (breath.due()) await breath.pause()
    }
  }
  return prepared.asWritten ? trials : balance(trials, targets.topics.length)
}

/** Softens the differences in how much was written on each topic: contacts do not ask in those proportions. */
const balance = (trials: readonly Trial[], topics: number): readonly Trial[] => {
  const amount = new Float64Array(topics)
  for (const { topic, weight } of trials) amount[topic] = (amount[topic] ?? 0) + weight
  const mean = amount.reduce((sum, one) => sum + one, 0) / Math.max(1, topics)
  return trials.map((trial) => ({
    ...trial,
    weight: trial.weight * Math.sqrt(mean / (amount[trial.topic] ?? mean)),
  }))
}

/** Judges the labelled messages by the finished tables, which never saw them. */
export const judgeLabelled = (prepared: Prepared, tables: Tables): readonly Trial[] => {
  const { targets, index, vocabulary, calibration } = prepared
  const rarity = createWordRarity(vocabulary)
  const answerable = answerableTopics(prepared)
  const sources = openSources({ tables, targets, index, meanings: prepared.meanings?.index })
  return calibration.flatMap(({ row, features, vector, meaning }): Trial[] => {
    const topic = targets.topics.indexOf(row.topic)
    if (topic < 0) return []
    const { articles } = row
    const article = targets.names.indexOf(articles?.[0] ?? '')
    const known = article >= 0 && article < targets.articles
    const answered = articles === undefined ? answerable.has(topic) : articles.length > 0
    return [
      {
        evidence: gatherEvidence(sources, { features, vector, meaning }, rarity),
        topic,
        article: known ? article : answered ? 'unknown' : 'none',
        weight: 1,
        source: 'labelled',
      },
    ]
  })
}
