import { measureAnswers, measureLabels, outOfScopeName, timeEach } from '../../intents/index.ts'
import { evalFaq } from '../../src/app/eval/faq.ts'
import { evalIntents } from '../../src/app/eval/intents.ts'
import { evalPairs } from '../../src/app/eval/pairs.ts'
import { report } from '../report.ts'
import { baselines, type Baseline } from './baselines.ts'
import { readFaqSets, type FaqSet } from './faq-sets.ts'
import { readIntentSets, type IntentSet } from './intent-sets.ts'
import { readPairRows } from './pair-rows.ts'
import { groupBy, shuffled } from './split.ts'
import { openSystems, type System } from './systems.ts'
import { writeTable, type Cell } from './tables.ts'

type Measures = Readonly<Record<string, unknown>>

const mostPairs = 2000

const timed = async <Result>(work: () => Promise<Result>): Promise<readonly [Result, number]> => {
  const started = performance.now()
  return [await work(), performance.now() - started]
}

/** Where the training part says what is out of scope, that is one more label; else a low score says it. */
const intentsBy = async ({ learn }: Baseline, { train, test }: IntentSet): Promise<Measures> => {
  const taught = train.map(({ text, label }) => ({ text, name: label ?? outOfScopeName }))
  const [rank, trainMs] = await timed(() => learn(taught))
  const { results, timing } = await timeEach(test, async ({ text, label }) => {
    const ranked = await rank(text)
    const confidence = ranked[0]?.score ?? 0
    const name = ranked[0]?.name ?? outOfScopeName
    const foreign = ranked.find((one) => one.name === outOfScopeName)?.score ?? 0
    const found = {
      label: name === outOfScopeName ? null : name,
      confidence,
      outOfScope: Math.max(foreign, 1 - confidence),
    }
    return { text, label, found }
  })
  return { ...measureLabels(results), trainMs, ...timing }
}

const answersBy = async ({ learn }: Baseline, { kb, queries }: FaqSet): Promise<Measures> => {
  const taught = kb.flatMap(({ id, question, alt }) => [question, ...alt].map((text) => ({ text, name: id })))
  const [rank, buildMs] = await timed(() => learn(taught))
  const { results, timing } = await timeEach(queries, async (query) => {
    const ranked = await rank(query.text)
    return {
      ...query,
      ranking: ranked.map(({ name }) => name),
      score: ranked[0]?.score ?? 0,
      answered: false,
    }
  })
  const measures = measureAnswers(results, (id) => id)
  // These have no line of their own.
  return { ...measures, wrongRateAtThreshold: null, answeredRate: null, buildMs, ...timing }
}

const cellsOf = (measures: Measures, names: readonly string[]): readonly Cell[] =>
  names.map((name) => {
    const value = measures[name]
    return typeof value !== 'number' ? null : name.endsWith('Ms') && value >= 10 ? Math.round(value) : value
  })

const intentMeasures = ['accuracy', 'macroF1', 'oosRecall', 'oosAuroc', 'ece', 'trainMs', 'p50Ms']
const faqMeasures = [
  'p1',
  'mrr10',
  'recall3',
  'oosAuroc',
  'coverageAt3pctWrong',
  'wrongRateAtThreshold',
  'answeredRate',
  'ece',
]

interface Task {
  readonly measure: string
  readonly set: string
  /** Texts to learn from. */
  readonly taught: number
  readonly size: readonly Cell[]
  readonly names: readonly string[]
  readonly byProduct: (system: System) => Promise<Measures>
  readonly by: (baseline: Baseline) => Promise<Measures>
}

/** One row for each form of the product and one for each baseline. */
const compare = async (products: readonly System[], task: Task): Promise<readonly Cell[][]> => {
  const { measure, set, taught, size, names, byProduct, by } = task
  const systems = [
    ...products.map((system) => ({ title: system.title, work: () => byProduct(system) })),
    ...baselines
      .filter(({ mostTaught }) => taught <= mostTaught)
      .map((baseline) => ({ title: baseline.title, work: () => by(baseline) })),
  ]
  const rows: Cell[][] = []
  for (const { title, work } of systems) {
    const cells = cellsOf(await work(), names)
    report(measure, { set, system: title, ...Object.fromEntries(names.map((name, at) => [name, cells[at]])) })
    rows.push([set, ...size, title, ...cells])
  }
  return rows
}

const comparePairs = async (folder: string, products: readonly System[]): Promise<void> => {
  const rows: Cell[][] = []
  for (const [source, all] of groupBy(readPairRows(folder), (row) => row.source)) {
    const sample = shuffled(all, ({ first, second }) => `${first}\t${second}`, 'pairs').slice(0, mostPairs)
    for (const { title, toolsFor } of products) {
      const { measures } = await evalPairs(sample, toolsFor(`pairs-${source}`))
      report('quality-pairs', { set: source, system: title, ...measures })
      rows.push([source, sample.length, title, ...cellsOf(measures, ['spearman', 'auroc'])])
    }
  }
  rows.sort((a, b) => String(a[0]).localeCompare(String(b[0])))
  writeTable({ name: 'pairs', columns: ['source', 'pairs', 'system', 'Spearman', 'AUROC'], rows })
}

const intentColumns = [
  ...['set', 'train', 'test', 'split', 'system', 'accuracy', 'macro-F1'],
  ...['oos recall', 'oos AUROC', 'ECE', 'training ms', 'p50 ms'],
]
const faqColumns = [
  ...['set', 'entries', 'queries', 'system', 'P@1', 'MRR@10', 'recall@3', 'oos AUROC'],
  ...['coverage at 3 % wrong', 'wrong at threshold', 'answered', 'ECE'],
]

const compareFaq = async (folder: string, products: readonly System[]): Promise<void> => {
  const rows: Cell[][] = []
  for (const set of readFaqSets(folder, readPairRows(folder))) {
    const compared = await compare(products, {
      measure: 'quality-faq',
      set: set.name,
      taught: set.kb.reduce((sum, { alt }) => sum + 1 + alt.length, 0),
      size: [set.kb.length, set.queries.length],
      names: faqMeasures,
      byProduct: async ({ toolsFor }) => (await evalFaq(set, toolsFor(`faq-${set.name}`))).measures,
      by: (baseline) => answersBy(baseline, set),
    })
    rows.push(...compared)
    writeTable({ name: 'faq', columns: faqColumns, rows })
  }
}

/** Encoding what is learned from happens once and is no part of the training's time. */
const intentsByProduct = async ({ toolsFor, encodingMs }: System, set: IntentSet): Promise<Measures> => {
  const before = encodingMs()
  const { measures } = await evalIntents({ ...set, dev: [] }, toolsFor(`intents-${set.name}`))
  return { ...measures, trainMs: (measures.trainMs ?? 0) - (encodingMs() - before) }
}

const compareIntents = async (folder: string, products: readonly System[]): Promise<void> => {
  const rows: Cell[][] = []
  for (const set of readIntentSets(folder)) {
    const compared = await compare(products, {
      measure: 'quality-intents',
      set: set.name,
      taught: set.train.length,
      size: [set.train.length, set.test.length, set.split],
      names: intentMeasures,
      byProduct: (system) => intentsByProduct(system, set),
      by: (baseline) => intentsBy(baseline, set),
    })
    rows.push(...compared)
    writeTable({ name: 'intents', columns: intentColumns, rows })
  }
}

const parts = { pairs: comparePairs, faq: compareFaq, intents: compareIntents }
/** What can be measured by itself. */
export type QualityPart = keyof typeof parts
export const qualityParts: readonly QualityPart[] = ['pairs', 'faq', 'intents']

export interface QualityOptions {
  /** What to measure; default: everything. */
  readonly wanted?: readonly QualityPart[]
  /** Folder of one more encoder to measure the product with. */
  readonly teacher?: string | undefined
}

/**
 * Measures the product with its encoder and by words alone beside simple systems on the sets of a data folder, by the
 * parts meant for development, and writes the tables of docs/quality.md as it goes: it takes a while.
 */
export const quality = async (
  folder: string,
  { wanted = qualityParts, teacher }: QualityOptions = {},
): Promise<void> => {
  const products = await openSystems(teacher)
  try {
    for (const part of wanted) await parts[part](folder, products)
  } finally {
    for (const system of products) await system.stop()
  }
}
