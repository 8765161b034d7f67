import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { readExamples } from '../../intents/index.ts'
import type { Example } from '../../intents/index.ts'
import { groupBy, placeOf, shuffled } from './split.ts'

/** A set of labelled texts, in parts that share nothing. */
export interface IntentSet {
  readonly name: string
  readonly train: readonly Example[]
  readonly test: readonly Example[]
  /** How the test part came about. */
  readonly split: 'dev' | '80/20'
}

const names = [
  'df-support',
  'df-smalltalk',
  'banking77',
  'clinc150',
  'smp2019',
  'smp2017',
  'cais',
  'taipei-gov',
  'cic',
]
const testShare = 0.2
/** More texts than these only take longer. */
const mostTrain = 3000
const mostTest = 600

const read = (file: string): readonly Example[] | undefined => {
  if (!existsSync(file)) return undefined
  const { examples, faults } = readExamples({ file, text: readFileSync(file, 'utf8') })
  if (faults.length > 0) throw new Error(`${file}: ${JSON.stringify(faults[0])}`)
  return examples
}

const textOf = ({ text }: Example): string => text

/** A fifth of each label for testing, at least one text of a label that has two. */
const splitByLabel = (all: readonly Example[]): { train: Example[]; test: Example[] } => {
  const byLabel = groupBy(shuffled(all, textOf, 'split'), ({ label }) => label)
  const train: Example[] = []
  const test: Example[] = []
  for (const group of byLabel.values()) {
    const cut = group.length < 2 ? 0 : Math.max(1, Math.round(group.length * testShare))
    test.push(...group.slice(0, cut))
    train.push(...group.slice(cut))
  }
  return { train, test }
}

const thin = (all: readonly Example[], most: number): readonly Example[] => {
  const kept = new Set(shuffled(all, textOf, 'thin').slice(0, most))
  return all.filter((one) => kept.has(one))
}

/** The intent sets of a data folder, as far as they are there. */
export const readIntentSets = (folder: string): readonly IntentSet[] =>
  names.flatMap((name): IntentSet[] => {
    const train = read(join(folder, `intent-${name}.train.jsonl`))
    if (train === undefined) return []
    const dev = read(join(folder, `intent-${name}.dev.jsonl`))
    const parts = dev === undefined ? splitByLabel(train) : { train, test: dev }
    return [
      {
        name,
        train: thin(parts.train, mostTrain),
        test: thin(parts.test, mostTest),
        split: dev === undefined ? '80/20' : 'dev',
      },
    ]
  })

/** True for texts that are kept out of a knowledge base, one in `every`. */
export const isLeftOut = (text: string, every: number): boolean => placeOf(text, 'left out') < 1 / every
