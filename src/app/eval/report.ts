import type { Confusion } from '../../../intents/index.ts'
import type { EvalResult, Measures } from './result.ts'

/** How a measure is shown to people. */
const names: Readonly<Record<string, string>> = {
  accuracy: '准确率 accuracy',
  macroF1: '宏平均 macro-F1',
  oosRecall: '范围外召回 out-of-scope recall',
  oosPrecision: '范围外精确 out-of-scope precision',
  oosFalse: '误判为范围外 wrongly out of scope',
  oosAuroc: '范围外 out-of-scope AUROC',
  emotionAccuracy: '情绪 emotion',
  emotionMacroF1: '情绪 emotion macro-F1',
  urgencyAccuracy: '紧急程度 urgency',
  urgencyMacroF1: '紧急程度 urgency macro-F1',
  abuseAccuracy: '辱骂 abuse',
  abuseMacroF1: '辱骂 abuse macro-F1',
  personAccuracy: '要人工 wants a person',
  personMacroF1: '要人工 wants a person macro-F1',
  inScopeAccuracy: '范围内准确率 in-scope accuracy',
  ece: '校准误差 calibration error (ECE)',
  p1: '首位命中 precision@1',
  mrr10: 'MRR@10',
  recall3: '前三命中 recall@3',
  coverageAt3pctWrong: '错答 3% 时的覆盖率 coverage at 3% wrong',
  wrongRateAtThreshold: '阈值处错答率 wrong answers at the threshold',
  answeredRate: '回答率 answered',
  wrongAnswers: '错答率 wrong answers',
  coverage: '覆盖率 coverage',
  spearman: 'Spearman',
  auroc: 'AUROC',
  trainMs: '训练 training',
  buildMs: '建库 building',
  p50Ms: '延迟 latency p50',
  p99Ms: '延迟 latency p99',
  perSecond: '每秒 per second',
  rssMiB: '内存 memory',
  n: '条数 texts',
}

/** Measures that are no shares between 0 and 1, with their unit and decimals. */
const units: Readonly<Record<string, readonly [unit: string, decimals: number]>> = {
  trainMs: [' ms', 0],
  buildMs: [' ms', 0],
  p50Ms: [' ms', 2],
  p99Ms: [' ms', 2],
  perSecond: ['', 0],
  rssMiB: [' MiB', 0],
  n: ['', 0],
}
const shareDecimals = 4

const round = (value: number, decimals: number): number => Number(value.toFixed(decimals))

/** The measures with no more decimals than they deserve. */
export const roundMeasures = (measures: Measures): Measures =>
  Object.fromEntries(
    Object.entries(measures).map(([name, value]) => [
      name,
      value === null ? null : round(value, units[name]?.[1] ?? shareDecimals),
    ]),
  )

const show = (name: string, value: number | null): string => {
  if (value === null) return '–'
  const [unit, decimals] = units[name] ?? ['', shareDecimals]
  return `${value.toFixed(decimals)}${unit}`
}

/** Columns on a terminal: Chinese characters take two. */
const widthOf = (text: string): number =>
  text.length + (text.match(/[\p{Script=Han}，。（）]/gu)?.length ?? 0)
const column = 46

/** Text with blanks behind it, up to a column; one at least. */
export const padTo = (text: string, width: number): string =>
  text + ' '.repeat(Math.max(1, width - widthOf(text)))

const tellMeasures = (measures: Measures): readonly string[] =>
  Object.entries(measures).map(([name, value]) => {
    const title = names[name] ?? name
    return `  ${padTo(title, column)}${show(name, value)}`
  })

const mostTold = 10
const tellConfusions = (confusions: readonly Confusion[]): readonly string[] =>
  confusions
    .slice(0, mostTold)
    .flatMap(({ meant, said, count, examples }) => [
      `  ${String(count)}×  ${meant} → ${said}`,
      ...examples.map((example) => `        “${example}”`),
    ])

/** The report for people. */
export const tellResult = ({ measures, notes, confusions, reliability }: EvalResult): string =>
  [
    ...tellMeasures(measures),
    ...(confusions.length === 0
      ? []
      : ['', '最常见的混淆 confusions (应为 meant → 判为 taken for)', ...tellConfusions(confusions)]),
    ...(reliability.length === 0
      ? []
      : [
          '',
          '校准 calibration (置信度 confidence → 实际正确 right)',
          ...reliability
            .filter(({ count }) => count > 0)
            .map(
              ({ from, to, count, confidence, right }) =>
                `  ${from.toFixed(1)}–${to.toFixed(1)}  ${confidence.toFixed(2)} → ${right.toFixed(2)}  (${String(count)})`,
            ),
        ]),
    ...(notes.length === 0 ? [] : ['', ...notes.map((note) => `· ${note}`)]),
  ].join('\n')
