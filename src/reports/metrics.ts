import type { ReportCell, ReportUnit } from '../core/report.ts'
import type { Fact, FactKind, Mark } from './fact.ts'

/** How a number is reckoned: from which facts, and which of them count. */
export interface Metric {
  readonly unit: ReportUnit
  readonly of: FactKind
  /** What a share is of: facts with all of these marks. */
  readonly sample?: readonly Mark[]
  /** What counts: facts of the sample with all of these marks. */
  readonly counts?: readonly Mark[]
  /** Which of the durations is told: 0.5 is the median. */
  readonly quantile?: number
}

/** Every number that reports know, each defined once: cards, tables, lists and files agree. */
export const metrics = {
  sessions: { unit: 'count', of: 'session' },
  asked: { unit: 'count', of: 'session', counts: ['asked'] },
  answered: { unit: 'count', of: 'session', counts: ['asked', 'answered'] },
  'bot-solved': { unit: 'share', of: 'session', sample: ['asked'], counts: ['solved'] },
  'bot-solved-count': { unit: 'count', of: 'session', counts: ['asked', 'solved'] },
  strict: { unit: 'share', of: 'session', sample: ['judged-strict'], counts: ['strict'] },
  'strict-count': { unit: 'count', of: 'session', counts: ['asked', 'strict'] },
  'handed-off': { unit: 'share', of: 'session', sample: ['asked'], counts: ['handed-off'] },
  unhelpful: { unit: 'count', of: 'session', counts: ['asked', 'unhelpful'] },
  tickets: { unit: 'count', of: 'ticket' },
  'first-reply-median': { unit: 'seconds', of: 'ticket', counts: ['replied'], quantile: 0.5 },
  'first-reply-p90': { unit: 'seconds', of: 'ticket', counts: ['replied'], quantile: 0.9 },
  'within-day': { unit: 'share', of: 'ticket', sample: ['judged-day'], counts: ['within-day'] },
  solved: { unit: 'count', of: 'solving' },
  replied: { unit: 'count', of: 'reply' },
  satisfied: { unit: 'share', of: 'survey', sample: ['scored'], counts: ['satisfied'] },
  'response-rate': { unit: 'share', of: 'survey', counts: ['scored'] },
  failed: { unit: 'count', of: 'failure', counts: ['failed'] },
  'windows-missed': { unit: 'count', of: 'failure', counts: ['window-missed'] },
  complaints: { unit: 'count', of: 'case' },
  'complaints-open': { unit: 'count', of: 'case', counts: ['open'] },
  'complaints-decided': { unit: 'count', of: 'case', counts: ['decided'] },
  'complaints-in-time': { unit: 'share', of: 'case', sample: ['judged-due'], counts: ['in-time'] },
  'complaints-median': { unit: 'seconds', of: 'case', counts: ['decided'], quantile: 0.5 },
  appealed: { unit: 'share', of: 'case', sample: ['decided'], counts: ['appealed'] },
  suggestions: { unit: 'count', of: 'suggestion' },
} as const satisfies Readonly<Record<string, Metric>>
export type MetricId = keyof typeof metrics

/** Whether something is the name of a number. */
export const isMetric = (name: string): name is MetricId => Object.hasOwn(metrics, name)

/** A share or duration of fewer tells little. */
const enough = 30

const has = ({ marks }: Fact, wanted: readonly Mark[] = []): boolean =>
  wanted.every((mark) => marks.has(mark))

/** The facts that a number is reckoned from. */
const sampleOf = (metric: Metric, facts: readonly Fact[]): readonly Fact[] =>
  facts.filter((fact) => fact.kind === metric.of && has(fact, metric.sample))

/** The facts that a number counts, oldest first; of durations the longest first. */
export const countedBy = (id: MetricId, facts: readonly Fact[]): readonly Fact[] => {
  const metric: Metric = metrics[id]
  const counted = sampleOf(metric, facts).filter((fact) => has(fact, metric.counts))
  return metric.unit === 'seconds'
    ? counted.toSorted((one, other) => (other.seconds ?? 0) - (one.seconds ?? 0))
    : counted.toSorted((one, other) => one.at.getTime() - other.at.getTime())
}

/** The value below which this share of values lies, between the two nearest where it is none of them. */
export const quantileOf = (values: readonly number[], share: number): number | undefined => {
  const sorted = values.toSorted((one, other) => one - other)
  if (sorted.length === 0) return undefined
  const place = (sorted.length - 1) * share
  const low = sorted[Math.floor(place)] ?? 0
  const high = sorted[Math.ceil(place)] ?? low
  return low + (high - low) * (place - Math.floor(place))
}

interface Measured {
  readonly value?: number
  readonly n: number
}

const measure = (id: MetricId, facts: readonly Fact[]): Measured => {
  const metric: Metric = metrics[id]
  const counted = countedBy(id, facts)
  if (metric.unit === 'count') return { value: counted.length, n: counted.length }
  if (metric.unit === 'seconds') {
    const value = quantileOf(
      counted.flatMap(({ seconds }) => seconds ?? []),
      metric.quantile ?? 0.5,
    )
    return { n: counted.length, ...(value === undefined ? {} : { value: Math.round(value) }) }
  }
  const n = sampleOf(metric, facts).length
  return { n, ...(n === 0 ? {} : { value: counted.length / n }) }
}

/** A number of one span beside that of the span before. */
export const reckon = (id: MetricId, facts: readonly Fact[], before: readonly Fact[]): ReportCell => {
  const { value, n } = measure(id, facts)
  const { value: earlier } = measure(id, before)
  return {
    ...(value === undefined ? {} : { value }),
    n,
    ...(earlier === undefined ? {} : { before: earlier }),
    few: metrics[id].unit !== 'count' && n < enough,
  }
}

/** From so many on, and by so much, it is more than before: a difference that chance alone seldom makes. */
const [leastSurge, spread] = [5, 2]

/** Whether a count is clearly more than that of the span before. */
export const isSurge = (count: number, before: number): boolean =>
  count >= leastSurge && count - before > spread * Math.sqrt(Math.max(1, count + before))
