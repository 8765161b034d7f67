import writeXlsxFile from 'write-excel-file/node'
import { csvOf, type Cell } from '../core/csv.ts'
import type { DeskLanguage } from '../core/reason.ts'
import type { Report, ReportCell, ReportNumber, ReportUnit } from '../core/report.ts'

const words = {
  zh: {
    ...{
      number: '指标',
      value: '数值',
      unit: '单位',
      n: '样本',
      before: '上期',
      means: '口径',
      surge: '激增',
    },
    ...{ few: '样本少于 30', count: '个', share: '%', seconds: '秒', compared: '对比' },
    ...{ calendar: '自然时间', business: '营业时间', yes: '是' },
  },
  en: {
    ...{ number: 'Number', value: 'Value', unit: 'Unit', n: 'Sample', before: 'Before', means: 'Definition' },
    ...{
      surge: 'Surge',
      few: 'Fewer than 30',
      count: 'items',
      share: '%',
      seconds: 's',
      compared: 'compared with',
    },
    ...{ calendar: 'calendar time', business: 'business time', yes: 'yes' },
  },
} as const

/** A number as a spreadsheet reckons with it; shares in per cent with one digit. */
const cellOf = (value: number | undefined, unit: ReportUnit): Cell =>
  value === undefined ? '' : unit === 'share' ? Math.round(value * 1_000) / 10 : Math.round(value)

/** Tables of a report, each with its title in the first line. */
export interface WrittenTable {
  readonly title: string
  readonly rows: readonly (readonly Cell[])[]
}

const cardRow = (card: ReportNumber, language: DeskLanguage): readonly Cell[] => {
  const { name, means, unit, value, n, before, few } = card
  const say = words[language]
  return [...[name, cellOf(value, unit), say[unit], n, cellOf(before, unit)], ...[few ? say.few : '', means]]
}

const pair = ({ value, before }: ReportCell, unit: ReportUnit): readonly Cell[] => [
  cellOf(value, unit),
  cellOf(before, unit),
]

/** A report as tables: numbers first, then what they are made of, each with its definition. */
export const tablesOf = (report: Report, language: DeskLanguage): readonly WrittenTable[] => {
  const say = words[language]
  const { name, from, to, zone, time, before } = report
  const span = `${from} – ${to}, ${zone}, ${say[time]}; ${say.compared} ${before.from} – ${before.to}`
  return [
    {
      title: name,
      rows: [
        [name, span],
        [say.number, say.value, say.unit, say.n, say.before, say.few, say.means],
        ...report.cards.map((card) => cardRow(card, language)),
      ],
    },
    ...report.sections.map(({ name: title, columns, rows }) => ({
      title,
      rows: [
        [title, ...columns.map(({ name: column, means }) => `${column}: ${means}`)],
        [
          '',
          ...columns.flatMap(({ name: column, unit }) => [
            `${column} (${say[unit]})`,
            `${column} (${say[unit]}, ${say.before})`,
          ]),
          say.surge,
          say.means,
        ],
        ...rows.map((row) => [
          row.name,
          ...row.cells.flatMap((cell, place) => pair(cell, columns[place]?.unit ?? 'count')),
          row.surge ? say.yes : '',
          row.means ?? '',
        ]),
      ],
    })),
  ]
}

/** A report as CSV: its tables one below the other, with an empty line between. */
export const writeCsv = (report: Report, language: DeskLanguage): string =>
  csvOf(tablesOf(report, language).flatMap(({ rows }, place) => (place === 0 ? rows : [[], ...rows])))

/** What a sheet may be called. */
const sheetName = (title: string, place: number): string =>
  `${String(place + 1)} ${title.replaceAll(/[\\/?*[\]:]/g, ' ')}`.slice(0, 31)

/** A report as XLSX: a sheet for each table. Numbers are numbers, texts never become formulas. */
export const writeXlsx = async (report: Report, language: DeskLanguage): Promise<Uint8Array> => {
  const sheets = tablesOf(report, language).map(({ title, rows }, place) => ({
    sheet: sheetName(title, place),
    data: rows.map((row, at) =>
      row.map((value) => ({
        ...(typeof value === 'number' ? { type: Number, value } : { type: String, value }),
        ...(at < 2 ? { fontWeight: 'bold' as const } : {}),
      })),
    ),
  }))
  return writeXlsxFile(sheets).toBuffer()
}
