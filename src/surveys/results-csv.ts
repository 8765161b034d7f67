import type { Estimate, SurveyResult, SurveyResults } from '../core/survey.ts'

export type Cell = string | number

const heads: Readonly<Record<'zh' | 'en', readonly string[]>> = {
  zh: [
    ...[
      '编号',
      '名称',
      '邀请',
      '回答',
      '回答率',
      '回答率下限',
      '回答率上限',
      '平均分',
      '平均分下限',
      '平均分上限',
    ],
    ...['满意率', '满意率下限', '满意率上限', '1 分', '2 分', '3 分', '4 分', '5 分'],
  ],
  en: [
    ...[
      'key',
      'name',
      'asked',
      'answered',
      'response rate',
      'response low',
      'response high',
      'mean',
      'mean low',
    ],
    ...['mean high', 'satisfied', 'satisfied low', 'satisfied high', '1', '2', '3', '4', '5'],
  ],
}

const digits = 4
const number = (value: number | undefined): Cell => (value === undefined ? '' : Number(value.toFixed(digits)))
const estimate = (one: Estimate | undefined): readonly Cell[] => [one?.value, one?.low, one?.high].map(number)

const row = ({ key = '', name = '', asked, answered, scores, ...rest }: SurveyResult): readonly Cell[] => [
  ...[key, name, asked, answered],
  ...[...estimate(rest.responseRate), ...estimate(rest.mean), ...estimate(rest.satisfied)],
  ...[0, 1, 2, 3, 4].map((place) => scores[place] ?? ''),
]

/** A field of CSV. What begins like a formula is a text: spreadsheets run formulas. */
const field = (value: Cell): string => {
  if (typeof value === 'number') return String(value)
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

/** A table with the mark by which spreadsheets know UTF-8. */
export const csvOf = (rows: readonly (readonly Cell[])[]): string =>
  `\uFEFF${rows.map((cells) => `${cells.map(field).join(',')}\r\n`).join('')}`

/** Results as a table; empty cells are what few answers do not tell. */
export const resultsCsv = ({ groups }: SurveyResults, language: 'zh' | 'en'): string =>
  csvOf([heads[language], ...groups.map(row)])
