import type { Breath } from './breath.ts'
import { chances, fitChoices, fitLogistic } from './choice.ts'
import type { Choice } from './choice.ts'
import type { Targets } from './corpus.ts'
import { candidateRows, candidateSize, rivalRows, rivalSize, topicRows, topicSize } from './judge.ts'
import type { Weights } from './judge.ts'
import type { Trial } from './trials.ts'

/** Fifteen weights need no more than this many trials. */
const mostTopicTrials = 2000
/** Candidates of each trial that the last step learns from. */
const candidatesEach = 4

const thin = (trials: readonly Trial[], most: number): readonly Trial[] => {
  const every = Math.ceil(trials.length / most)
  return trials
    .filter((_, at) => at % every === 0)
    .map((trial) => ({ ...trial, weight: trial.weight * every }))
}

/**
 * Fits how evidence is weighed, in three steps, each on the one before: topics, articles within a topic, and whether
 * an article is the right answer at all.
 */
export const fitWeights = async (
  trials: readonly Trial[],
  targets: Targets,
  breath: Breath,
): Promise<Weights> => {
  const thinned = [
    ...thin(
      trials.filter(({ source }) => source === 'held-out'),
      mostTopicTrials,
    ),
    ...trials.filter(({ source }) => source === 'labelled'),
  ]
  const topic = await fitChoices(
    thinned.map(({ evidence, topic: chosen, weight }) => ({
      rows: topicRows(evidence, targets),
      chosen,
      weight,
    })),
    topicSize,
    breath,
  )
  const rival = await fitChoices(rivalChoices(trials, targets), rivalSize, breath)
  const cases = trials.flatMap(({ evidence, article, weight }) => {
    if (article === 'unknown') return []
    const topics = chances(topicRows(evidence, targets), topic)
    const candidates = candidateRows(evidence, targets, topics, rival).slice(0, candidatesEach)
    return candidates.map(({ target, row }) => ({ row, right: target === article, weight }))
  })
  const candidate = await fitLogistic(cases, candidateSize, breath)
  return { topic, rival, candidate }
}

const rivalChoices = (trials: readonly Trial[], targets: Targets): readonly Choice[] =>
  trials.flatMap(({ evidence, article, weight }) => {
    const rivals = typeof article === 'number' ? targets.rivals[article] : undefined
    if (rivals === undefined || typeof article !== 'number') return []
    return [{ rows: rivalRows(evidence, rivals), chosen: rivals.indexOf(article), weight }]
  })
