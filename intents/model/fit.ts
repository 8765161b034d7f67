import type { Breath } from './breath.ts'
import { chances, fitChoices, fitLogistic } from './choice.ts'
import type { Choice } from './choice.ts'
import { outOfScopeTopic } from './corpus.ts'
import type { Targets } from './corpus.ts'
import {
  candidateRows,
  candidateSize,
  outOfScopePlace,
  rivalRows,
  rivalSize,
  topicRows,
  topicSize,
} from './judge.ts'
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

export interface FitTask {
  readonly trials: readonly Trial[]
  readonly targets: Targets
  /** How many messages out of scope are expected for one within; 0: as many as there are among the trials. */
  readonly strangers: number
}

/** How much more likely out of scope has to become, as a logarithm, for as many as are expected. */
const shiftOf = ({ trials, targets, strangers }: FitTask): number => {
  const foreign = targets.topics.indexOf(outOfScopeTopic)
  if (strangers === 0 || foreign < 0) return 0
  let outside = 0
  let inside = 0
  for (const { topic, weight } of trials) {
    if (topic === foreign) outside += weight
    else inside += weight
  }
  return outside === 0 || inside === 0 ? 0 : Math.log((strangers * inside) / outside)
}

/**
 * Fits how evidence is weighed, in three steps, each on the one before: topics, articles within a topic, and whether
 * an article is the right answer at all.
 */
export const fitWeights = async (task: FitTask, breath: Breath): Promise<Weights> => {
  const { trials, targets } = task
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
  topic[outOfScopePlace] = (topic[outOfScopePlace] ?? 0) + shiftOf(task)
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
