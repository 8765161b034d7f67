import type { DeskLanguage } from '../core/reason.ts'
import type { ReportFacts, ReportNumber, Wall } from '../core/report.ts'
import type { FactKind, Reading } from './fact.ts'
import { loadFacts, within } from './load.ts'
import { metrics, reckon, type MetricId } from './metrics.ts'
import { dateIn, readSpan } from './span.ts'
import { definitionOf } from './words.ts'
import { wallWords, type WallNumber } from './wall-words.ts'

const today: readonly MetricId[] = [
  'sessions',
  'bot-solved',
  'handed-off',
  'tickets',
  'first-reply-median',
  'failed',
]

const standing = (metric: WallNumber, value: number | undefined, language: DeskLanguage): ReportNumber => ({
  ...{ metric, ...wallWords[language][metric], few: false },
  unit: metric === 'oldest-wait' ? 'seconds' : 'count',
  n: value ?? 0,
  ...(value === undefined ? {} : { value }),
})

export interface WallOptions {
  readonly store: ReportFacts
  readonly reading: Reading
  readonly zone: string
  readonly language: DeskLanguage
}

/** How things stand now, and today so far beside yesterday until the same time. */
export const readWallOf = async ({ store, reading, zone, language }: WallOptions): Promise<Wall> => {
  const { now } = reading
  // Throws for a zone that there is not, before it is used.
  readSpan({ from: '1970-01-01', to: '1970-01-01', zone, time: 'calendar' }, now)
  const date = dateIn(zone, now)
  const { span, before } = readSpan({ from: date, to: date, zone, time: 'calendar' }, now)
  const kinds = new Set<FactKind>(today.map((id) => metrics[id].of))
  const { facts } = await loadFacts(store, { from: before.from, to: span.to }, { kinds, reading })
  const sameTime = {
    from: before.from,
    to: new Date(before.from.getTime() + (now.getTime() - span.from.getTime())),
  }
  const [current, earlier] = [within(facts, span), within(facts, sameTime)]
  const { waiting, oldestAt, open, overdue, online, busy, away } = await store.wall(now)
  const oldest = oldestAt === undefined ? undefined : Math.max(0, now.getTime() - oldestAt.getTime())
  const hours = Array.from({ length: 24 }, () => 0)
  for (const { kind, by } of current) {
    const hour = Number(by.hour?.slice(2))
    if (kind === 'session' && Number.isInteger(hour)) hours[hour] = (hours[hour] ?? 0) + 1
  }
  return {
    ...{ at: now, zone, hours },
    numbers: [
      standing('waiting', waiting, language),
      standing('oldest-wait', oldest === undefined ? undefined : Math.round(oldest / 1_000), language),
      standing('open', open, language),
      standing('overdue', overdue, language),
      standing('online', online, language),
      standing('busy', busy, language),
      standing('away', away, language),
      ...today.map((metric) => ({
        ...{ metric, ...definitionOf(metric, language), unit: metrics[metric].unit },
        ...reckon(metric, current, earlier),
      })),
    ],
  }
}
