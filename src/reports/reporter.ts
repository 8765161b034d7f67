import type { Clock } from '../core/clock.ts'
import { leastForInterval } from '../core/estimate.ts'
import type { DeskLanguage } from '../core/reason.ts'
import type {
  Report,
  ReportCell,
  ReportEntry,
  ReportFacts,
  ReportName,
  ReportNumber,
  ReportRow,
  ReportSection,
  ReportSpan,
  Wall,
} from '../core/report.ts'
import type { Dimension, Fact, FactKind, Reading } from './fact.ts'
import { keyName } from './key-words.ts'
import { layouts, type SectionLayout } from './layout.ts'
import { loadFacts, within, type Loaded } from './load.ts'
import { countedBy, isSurge, metrics, reckon, type MetricId } from './metrics.ts'
import { readSpan, type Moments } from './span.ts'
import { definitionOf, reportName, sectionName } from './words.ts'
import { readWallOf } from './wall.ts'

export interface ReporterOptions {
  readonly facts: ReportFacts
  readonly clock: Clock
  /** Open milliseconds from one moment to a later one. */
  readonly openTime: (from: Date, to: Date) => number
}

/** Which things that a number counts are listed. */
export interface EntryQuery {
  readonly report: ReportName
  readonly metric: MetricId
  /** Only those of this row. */
  readonly section?: string
  readonly key?: string
}

/** Makes reports. */
export interface Reporter {
  /** Throws `bad_input` for a span that no report has. */
  report(name: ReportName, span: ReportSpan, language: DeskLanguage): Promise<Report>
  /** Everything that one number counts. Throws `bad_input`. */
  entries(query: EntryQuery, span: ReportSpan, language: DeskLanguage): Promise<readonly ReportEntry[]>
  /** How things stand now. Throws `bad_input` for a zone that there is not. */
  wall(zone: string, language: DeskLanguage): Promise<Wall>
}

interface Spans {
  readonly now: readonly Fact[]
  readonly before: readonly Fact[]
}

interface Telling {
  readonly language: DeskLanguage
  readonly named: ReadonlyMap<string, string>
}

const kindsOf = (name: ReportName): ReadonlySet<FactKind> => {
  const { cards, sections } = layouts[name]
  const all: readonly MetricId[] = [...cards, ...sections.flatMap((section) => section.metrics)]
  return new Set(all.map((id) => metrics[id].of))
}

/** A cell of a row. A few scores of one agent are a few contacts: they stay untold, those of the span before as well. */
const cellOf = (metric: MetricId, by: Dimension | undefined, { now, before }: Spans): ReportCell => {
  const cell = reckon(metric, now, before)
  if (by !== 'agent' || metric !== 'satisfied') return cell
  if (cell.n < leastForInterval) return { n: cell.n, few: true }
  return reckon(metric, before, []).n < leastForInterval ? reckon(metric, now, []) : cell
}

const numberOf = (metric: MetricId, { now, before }: Spans, language: DeskLanguage): ReportNumber => ({
  ...{ metric, ...definitionOf(metric, language), unit: metrics[metric].unit },
  ...reckon(metric, now, before),
})

const of = (facts: readonly Fact[], by: Dimension): ReadonlyMap<string, readonly Fact[]> => {
  const groups = new Map<string, Fact[]>()
  for (const fact of facts) {
    const key = fact.by[by]
    if (key === undefined) continue
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [fact])
    else group.push(fact)
  }
  return groups
}

const byKey = (one: ReportRow, other: ReportRow): number => (one.key < other.key ? -1 : 1)

const byFirst = (one: ReportRow, other: ReportRow): number =>
  (other.cells[0]?.value ?? 0) - (one.cells[0]?.value ?? 0) || byKey(one, other)

const rowsBy = (
  { metrics: ids, surges }: SectionLayout,
  by: Dimension,
  { now, before }: Spans,
  { language, named }: Telling,
): readonly ReportRow[] => {
  const kinds = new Set<FactKind>(ids.map((id) => metrics[id].of))
  const ofKind = (facts: readonly Fact[]) =>
    of(
      facts.filter(({ kind }) => kinds.has(kind)),
      by,
    )
  const [groups, earlier] = [ofKind(now), ofKind(before)]
  const keys = new Set([...groups.keys(), ...earlier.keys()])
  const rows = [...keys].map((key) => {
    const spans = { now: groups.get(key) ?? [], before: earlier.get(key) ?? [] }
    const cells = ids.map((id) => cellOf(id, by, spans))
    const [first] = cells
    return {
      ...{ key, name: keyName(by, key, { language, named }), cells },
      surge: surges === true && isSurge(first?.value ?? 0, first?.before ?? 0),
    }
  })
  return rows
    .filter(({ cells }) => cells.some(({ n, before: was }) => n > 0 || (was ?? 0) > 0))
    .toSorted(by === 'hour' ? byKey : byFirst)
}

/** One row for each number: what each step of the funnel leaves. */
const rowsOfNumbers = (
  ids: readonly MetricId[],
  spans: Spans,
  language: DeskLanguage,
): readonly ReportRow[] =>
  ids.map((id) => ({
    ...{ key: id, ...definitionOf(id, language), surge: false },
    cells: [reckon(id, spans.now, spans.before)],
  }))

const sectionOf = (layout: SectionLayout, spans: Spans, telling: Telling): ReportSection => {
  const { language } = telling
  const [first] = layout.metrics
  const columns = layout.by === undefined && first !== undefined ? [first] : layout.metrics
  return {
    ...{ id: layout.id, name: sectionName(layout.id, language), chart: layout.chart },
    columns: columns.map((metric) => ({
      ...{ metric, ...definitionOf(metric, language), unit: metrics[metric].unit },
    })),
    rows:
      layout.by === undefined
        ? rowsOfNumbers(layout.metrics, spans, language)
        : rowsBy(layout, layout.by, spans, telling),
  }
}

const dimensionOf = (report: ReportName, section: string | undefined): Dimension | undefined =>
  layouts[report].sections.find(({ id }) => id === section)?.by

const entryOf = (
  { id, at, channel, conversationId, ticket, seconds, by }: Fact,
  { language, named }: Telling,
): ReportEntry => {
  const dimension = (['code', 'theme', 'case-kind', 'topic'] as const).find((one) => by[one] !== undefined)
  const key = dimension && by[dimension]
  return {
    ...{ id, at },
    ...(channel === undefined ? {} : { channel }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(ticket === undefined ? {} : { ticket }),
    ...(seconds === undefined ? {} : { seconds }),
    ...(dimension === undefined || key === undefined
      ? {}
      : { name: keyName(dimension, key, { language, named }) }),
  }
}

/** Makes reports of what a store knows. */
export const createReporter = ({ facts: store, clock, openTime }: ReporterOptions): Reporter => {
  const wallTime = (from: Date, to: Date): number => Math.max(0, to.getTime() - from.getTime())
  const readingOf = ({ zone, time }: Pick<ReportSpan, 'zone' | 'time'>): Reading => ({
    ...{ zone, now: clock.now(), elapsed: time === 'business' ? openTime : wallTime },
  })
  const load = async (
    kinds: ReadonlySet<FactKind>,
    span: ReportSpan,
  ): Promise<Loaded & { readonly moments: Moments; readonly spans: Spans }> => {
    const reading = readingOf(span)
    const moments = readSpan(span, reading.now)
    const whole = { from: moments.before.from, to: moments.span.to }
    const loaded = await loadFacts(store, whole, { kinds, reading })
    return {
      ...{ ...loaded, moments },
      spans: { now: within(loaded.facts, moments.span), before: within(loaded.facts, moments.before) },
    }
  }
  return {
    report: async (name, span, language) => {
      const { moments, spans, named } = await load(kindsOf(name), span)
      const { cards, sections } = layouts[name]
      return {
        ...{ report: name, name: reportName(name, language), ...span, before: moments.datesBefore },
        cards: cards.map((id) => numberOf(id, spans, language)),
        sections: sections.map((layout) => sectionOf(layout, spans, { language, named })),
      }
    },
    entries: async ({ report, metric, section, key }, span, language) => {
      const { spans, named } = await load(kindsOf(report), span)
      const by = dimensionOf(report, section)
      const rows =
        key === undefined || by === undefined ? spans.now : spans.now.filter((one) => one.by[by] === key)
      if (cellOf(metric, key === undefined ? undefined : by, { now: rows, before: [] }).value === undefined)
        return []
      return countedBy(metric, rows).map((fact) => entryOf(fact, { language, named }))
    },
    wall: (zone, language) =>
      readWallOf({ store, language, zone, reading: readingOf({ zone, time: 'calendar' }) }),
  }
}
