import { articleContent, type ArticleContent } from '../../core/article.ts'
import type { CellFault, ImportRow } from '../../core/exchange.ts'
import { TongdaError } from '../../core/errors.ts'
import { diffArticle } from '../diff.ts'
import type { LiveArticles } from '../live.ts'
import {
  columnOf,
  columns,
  headingOf,
  headings,
  isRetired,
  stateHeading,
  type Cells,
  type RawArticle,
} from './columns.ts'
import { faultWords } from './fault-words.ts'

/** A table as its file has it: the first row is the headings. */
export type Table = readonly (readonly string[])[]

/** Most rows of one import: more is a mistake, or several files. */
export const mostRows = 5_000

const needed = ['ID', '标准问', '答案']

/** Names the cells of every row by their headings. Throws `bad_input` for a table that is none of articles. */
const nameCells = ([first = [], ...rows]: Table): readonly Cells[] => {
  const names = first.map(headingOf)
  const missing = needed.filter((heading) => !names.includes(heading))
  if (missing.length > 0)
    throw new TongdaError(
      'bad_input',
      `缺少列 missing columns: ${missing.join(', ')}; 第一行写列名 the first row is the headings: ${headings.join(', ')}`,
    )
  if (rows.length > mostRows)
    throw new TongdaError(
      'bad_input',
      `超过 over ${String(mostRows)} 行 rows; 分成几个文件 split it into several files`,
    )
  return rows.map((row) => new Map(names.map((name, at) => [name, row[at] ?? ''])))
}

const read = (cells: Cells, known: ArticleContent | undefined): RawArticle =>
  columns.reduce<RawArticle>(
    (raw, column) => {
      const cell = cells.get(column.heading)
      return cell === undefined ? raw : column.read(cell, raw)
    },
    known === undefined ? {} : { ...known },
  )

const toRow = (row: string, cells: Cells, live: LiveArticles): ImportRow => {
  const articleId = (cells.get('ID') ?? '').trim()
  const before = live.get(articleId)?.content
  if (isRetired(cells.get(stateHeading)))
    return { row, articleId, does: before === undefined ? 'same' : 'retire', fields: [], faults: [] }
  const parsed = articleContent.safeParse(read(cells, before), { error: faultWords })
  if (!parsed.success) {
    const faults = parsed.error.issues.map(({ path, message }): CellFault => ({
      column: columnOf(path),
      problem: message,
      fix: '照提示修改 do as it says',
    }))
    return { row, ...(articleId === '' ? {} : { articleId }), does: 'faulty', fields: [], faults }
  }
  return importRow(row, parsed.data, before)
}

/** What an article that was read would do. */
export const importRow = (
  row: string,
  content: ArticleContent,
  before: ArticleContent | undefined,
): ImportRow => {
  const { fields } = diffArticle({
    articleId: content.id,
    after: content,
    ...(before === undefined ? {} : { before }),
  })
  const does = before === undefined ? 'add' : fields.length === 0 ? 'same' : 'change'
  return { row, articleId: content.id, does, fields: before === undefined ? [] : fields, faults: [], content }
}

/** Rows that speak of an article that an earlier one spoke of are faulty. */
export const refuseTwice = (rows: readonly ImportRow[]): readonly ImportRow[] => {
  const seen = new Set<string>()
  return rows.map((row) => {
    const { articleId } = row
    const isTwice = articleId !== undefined && seen.has(articleId)
    if (articleId !== undefined) seen.add(articleId)
    if (!isTwice) return row
    const fault = { column: 'ID', problem: `${articleId} 出现两次 stands twice`, fix: '只留一行 keep one' }
    return { row: row.row, articleId, does: 'faulty', fields: [], faults: [...row.faults, fault] }
  })
}

/** What each row of a table would do. Empty rows do nothing. */
export const readTable = (table: Table, live: LiveArticles): readonly ImportRow[] =>
  refuseTwice(
    nameCells(table).flatMap((cells, at) =>
      [...cells.values()].every((cell) => cell.trim() === '') ? [] : [toRow(String(at + 2), cells, live)],
    ),
  )

/** The live articles as a table, the retired ones with what their files say. */
export const writeTable = (live: LiveArticles): Table => [
  [...headings],
  ...[...live.values()].flatMap(({ content, file, origin }) => {
    const shown = content ?? file?.content
    if (shown === undefined) return []
    return [[...columns.map(({ write }) => write(shown)), origin === 'retired' ? '停用' : '启用']]
  }),
]
