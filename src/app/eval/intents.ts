import { leastDev, measureLabels, timeEach, trainLabelled } from '../../../intents/index.ts'
import type { Example } from '../../../intents/index.ts'
import { residentMiB, type EvalResult } from './result.ts'
import type { EvalTools } from './tools.ts'

export interface IntentSplits {
  readonly train: readonly Example[]
  /** What probabilities are calibrated on; may be empty. */
  readonly dev: readonly Example[]
  readonly test: readonly Example[]
}

const mostNamed = 8
/** Texts of the training part that are read before the clock starts. */
const warmUp = 50

const list = (names: readonly string[]): string =>
  `${names.slice(0, mostNamed).join(', ')}${names.length > mostNamed ? ', …' : ''}`

/** What the files themselves give reason to say. */
const noteSplits = ({ train, dev, test }: IntentSplits): readonly string[] => {
  const labels = new Set(train.map(({ label }) => label))
  const unknown = test.filter(({ label }) => label !== null && !labels.has(label))
  const names = [...new Set(unknown.map(({ label }) => label ?? ''))].sort()
  const seen = new Set(train.map(({ text }) => text))
  const repeated = test.filter(({ text }) => seen.has(text)).length
  return [
    ...(names.length > 0
      ? [
          `训练集没有的标签，${String(unknown.length)} 条算作错误 labels that train lacks, ${String(unknown.length)} texts count as wrong: ${list(names)}`,
        ]
      : []),
    ...(repeated > 0
      ? [
          `测试集有 ${String(repeated)} 条也在训练集里 ${String(repeated)} texts of test also stand in train; remove them for a fair measure`,
        ]
      : []),
    ...(dev.length > 0 && dev.length < leastDev
      ? [
          `dev 不足 ${String(leastDev)} 条，未使用 dev has fewer than ${String(leastDev)} texts and was not used`,
        ]
      : []),
    ...(labels.has(null)
      ? []
      : [
          '训练集没有超出范围的例子，用整类留出来学 train has no out-of-scope texts: learned from labels left out whole',
        ]),
  ]
}

/** Trains the product's classifier on `train`, calibrates it on `dev`, and measures it on `test`. */
export const evalIntents = async (splits: IntentSplits, tools: EvalTools): Promise<EvalResult> => {
  const { train, dev, test } = splits
  const started = performance.now()
  const classify = await trainLabelled({ train, dev, ...tools })
  const trainMs = performance.now() - started
  for (const { text } of train.slice(0, warmUp)) await classify(text)
  const { results, timing } = await timeEach(test, async ({ text, label }) => ({
    text,
    label,
    found: await classify(text),
  }))
  const { confusions, reliability, ...measures } = measureLabels(results)
  return {
    measures: { ...measures, trainMs, ...timing, rssMiB: residentMiB(), n: test.length },
    notes: noteSplits(splits),
    confusions,
    reliability,
  }
}
