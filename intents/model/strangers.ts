import type { Breath } from './breath.ts'
import { folds, outOfScopeTopic } from './corpus.ts'
import type { Prepared } from './prepare.ts'
import { createRandom, shuffle } from './random.ts'
import { learnTables, tableTaskOf } from './tables.ts'
import { crossValidate } from './trials.ts'
import type { Trial } from './trials.ts'

/** More strangers than this teach nothing new. */
const mostStrangers = 1500
const seed = 20261126

/** Marks the texts that are to be judged. */
const choose = ({ texts, targets }: Prepared): ReadonlySet<number> => {
  const foreign = targets.topics.indexOf(outOfScopeTopic)
  const eligible = Int32Array.from(
    texts.flatMap(({ target, fold, topic }, at) =>
      target === undefined || fold < 0 || topic === foreign ? [] : [at],
    ),
  )
  shuffle(eligible, createRandom(seed))
  return new Set(eligible.subarray(0, mostStrangers))
}

/**
 * Judges the texts of `prepared` by tables from which their whole article or intent was left out: to those they are out of scope, and as
 * near to what is in scope as anything that people will really ask beside it. Together they weigh `share` of what `own` do.
 */
export const judgeStrangers = async (
  prepared: Prepared,
  { own, share }: { readonly own: readonly Trial[]; readonly share: number },
  breath: Breath,
): Promise<readonly Trial[]> => {
  const { texts, questions, targets } = prepared
  const topic = targets.topics.indexOf(outOfScopeTopic)
  if (topic < 0) return []
  const chosen = choose(prepared)
  const regrouped: Prepared = {
    ...prepared,
    texts: texts.map((text, at) => ({
      ...text,
      fold: text.target === undefined ? text.fold : text.target % folds,
      untried: !chosen.has(at),
    })),
    foldOf: Int32Array.from(questions, ({ entry }) => entry % folds),
  }
  const task = tableTaskOf(regrouped)
  const trials = await crossValidate(regrouped, (without) => learnTables(task, without, breath), breath)
  const total = (all: readonly Trial[]): number => all.reduce((sum, { weight }) => sum + weight, 0)
  const factor = (share * total(own)) / Math.max(1, trials.length)
  return trials.map(({ evidence }) => ({
    evidence,
    topic,
    article: 'none',
    weight: factor,
    source: 'held-out',
  }))
}
