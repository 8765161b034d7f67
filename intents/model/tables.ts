import { trainBayes } from './bayes.ts'
import type { Breath } from './breath.ts'
import type { CorpusText, Targets } from './corpus.ts'
import type { Tables } from './evidence.ts'
import { trainSoftmax } from './linear.ts'
import type { Example, Matrix } from './linear.ts'
import type { Prepared } from './prepare.ts'
import { compress } from './sparse.ts'
import type { SparseMatrix } from './sparse.ts'
import type { Vector } from './vocabulary.ts'

/** A text as tables are learned from it. */
interface TaughtText extends Pick<CorpusText, 'topic' | 'target' | 'fold' | 'weight'> {
  readonly vector: Vector
  /** The encoder's vector. */
  readonly meaning?: Float32Array | undefined
}

/** What tables are learned from; plain data that can travel to another thread. */
export interface TableTask {
  readonly targets: Targets
  readonly texts: readonly TaughtText[]
  /** Number of known features. */
  readonly width: number
  /** Numbers in the encoder's vector; 0: words alone. */
  readonly dimensions: number
  readonly asWritten: boolean
}

/** Learns the tables from all texts but those of one fold; -1: from all. */
export type LearnTables = (without: number) => Promise<Tables>

/** Takes from what was prepared all that tables are learned from. */
export const tableTaskOf = ({ targets, texts, vocabulary, meanings, asWritten }: Prepared): TableTask => ({
  targets,
  texts: texts.map(({ topic, target, fold, weight, vector, meaning }) => ({
    ...{ topic, fold, weight, vector, meaning },
    ...(target === undefined ? {} : { target }),
  })),
  width: vocabulary.names.length,
  dimensions: meanings?.dimensions ?? 0,
  asWritten,
})

/** Few texts are read over more often, until steps enough are taken. */
const leastEpochs = 4
const mostEpochs = 16
const enoughSteps = 16_000
/** Meaning says more with every step. */
const enoughNearSteps = 8_000
const epochsFor = (texts: number, enough = enoughSteps): number =>
  Math.min(mostEpochs, Math.max(leastEpochs, Math.ceil(enough / Math.max(1, texts))))

const seed = 20261123
const leastAmount = 0.5

/** Learns the tables of `task` from all texts but those of the fold `without`; -1: from all. Pauses often. */
export const learnTables = async (task: TableTask, without: number, breath: Breath): Promise<Tables> => {
  const { targets, texts, width, dimensions } = task
  const classes = targets.topics.length
  const taught = texts.filter(({ fold }) => fold < 0 || fold !== without)
  const examples = taught.map(byTopic)
  const epochs = epochsFor(examples.length)
  const regression = await trainSoftmax({ examples, width, dimensions: 0, classes, epochs, seed }, breath)
  // Answers are written in the house's voice: good for the regression, misleading for mere counting.
  const asked = taught.filter(({ fold }) => fold >= 0).map(byTopic)
  const bayes = trainBayes(asked, width, classes)
  if (breath.due()) await breath.pause()
  const rivals = await learnRivals(task, taught, 'words', breath)
  return {
    ...{ regression, bayes, rivals, shares: sharesOf(taught, task) },
    ...(dimensions === 0
      ? {}
      : {
          near: await learnRivals(task, taught, 'meaning', breath),
          head: await learnHead(task, taught, breath),
        }),
  }
}

const byTopic = ({ vector, topic, weight }: TaughtText): Example => ({ vector, label: topic, weight })

/** Articles and intents against their rivals within the topic, by words or by words and meaning together. */
const learnRivals = async (
  { targets, width, dimensions }: TableTask,
  taught: readonly TaughtText[],
  by: 'words' | 'meaning',
  breath: Breath,
): Promise<SparseMatrix> => {
  const examples = taught.flatMap(({ vector, meaning, target, weight }): Example[] => {
    // Where there is nothing to choose, there is nothing to learn.
    if (target === undefined || (targets.rivals[target]?.length ?? 0) < 2) return []
    if (by === 'words') return [{ vector, label: target, weight }]
    return meaning === undefined ? [] : [{ vector, meaning, label: target, weight }]
  })
  const epochs = epochsFor(examples.length, by === 'words' ? enoughSteps : enoughNearSteps)
  const { names, rivals } = targets
  const size = { width, dimensions: by === 'words' ? 0 : dimensions, classes: names.length }
  return compress(await trainSoftmax({ examples, ...size, rivals, epochs, seed }, breath))
}

/** Topics by words and meaning together. */
const learnHead = (
  { targets, width, dimensions }: TableTask,
  taught: readonly TaughtText[],
  breath: Breath,
): Promise<Matrix> => {
  const examples = taught.flatMap((text): Example[] =>
    text.meaning === undefined ? [] : [{ ...byTopic(text), meaning: text.meaning }],
  )
  const epochs = epochsFor(examples.length, enoughNearSteps)
  return trainSoftmax({ examples, width, dimensions, classes: targets.topics.length, epochs, seed }, breath)
}

/** Logarithm of each topic's share of `texts`, at least a part of one; zero where shares say nothing. */
const sharesOf = (texts: readonly TaughtText[], { targets, asWritten }: TableTask): Float32Array => {
  const topics = targets.topics.length
  if (!asWritten) return new Float32Array(topics)
  const amount = new Float32Array(topics).fill(leastAmount)
  for (const { topic, weight } of texts) amount[topic] = (amount[topic] ?? 0) + weight
  const total = amount.reduce((sum, one) => sum + one, 0)
  return amount.map((one) => Math.log(one / total))
}
