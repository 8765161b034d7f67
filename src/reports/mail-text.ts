import type { DeskLanguage } from '../core/reason.ts'
import type { Report, ReportNumber, ReportUnit } from '../core/report.ts'

const words = {
  zh: {
    ...{ before: '上期', n: '样本', few: '样本少于 30，只供参考', means: '口径', surge: '激增' },
    ...{ open: '完整报表', none: '—', minutes: '分', hours: '小时', most: 10 },
  },
  en: {
    ...{ before: 'before', n: 'sample', few: 'fewer than 30: a hint at most', means: 'Definitions' },
    ...{ surge: 'surge', open: 'The whole report', none: '—', minutes: ' min', hours: ' h', most: 10 },
  },
} as const

const value = (number: number | undefined, unit: ReportUnit, language: DeskLanguage): string => {
  const { none, minutes, hours } = words[language]
  if (number === undefined) return none
  if (unit === 'count') return String(number)
  if (unit === 'share') return `${(number * 100).toFixed(1)} %`
  const inMinutes = number / 60
  return inMinutes < 120 ? `${inMinutes.toFixed(1)}${minutes}` : `${(inMinutes / 60).toFixed(1)}${hours}`
}

const line = (
  { name, unit, value: number, n, before, few }: ReportNumber,
  language: DeskLanguage,
): string => {
  const say = words[language]
  const rest = [
    `${say.before} ${value(before, unit, language)}`,
    ...(unit === 'count' ? [] : [`${say.n} ${String(n)}`]),
    ...(few ? [say.few] : []),
  ]
  return `${name}: ${value(number, unit, language)} (${rest.join('; ')})`
}

/** A report as the text of a mail: the numbers, the first rows of its tables, and what the numbers mean. */
export const writeMail = (report: Report, language: DeskLanguage, url: string): string => {
  const say = words[language]
  const { name, from, to, zone, cards, sections } = report
  const tables = sections
    .filter(({ chart }) => chart !== 'heat' && chart !== 'funnel')
    .flatMap(({ name: title, columns, rows }) => [
      '',
      title,
      ...rows.slice(0, say.most).map((row) => {
        const cells = row.cells.map((cell, place) => {
          const column = columns[place]
          return `${column?.name ?? ''} ${value(cell.value, column?.unit ?? 'count', language)}`
        })
        return `- ${row.name}: ${cells.join(', ')}${row.surge ? ` [${say.surge}]` : ''}`
      }),
    ])
  return [
    `${name} ${from} – ${to} (${zone})`,
    '',
    ...cards.map((card) => line(card, language)),
    ...tables,
    '',
    `${say.open}: ${url}`,
    '',
    say.means,
    ...cards.map((card) => `- ${card.name}: ${card.means}`),
  ].join('\n')
}
