import type { ArticleContent } from '../../core/article.ts'

/** Texts of a row by the headings of its table. */
export type Cells = ReadonlyMap<string, string>

/** A column: how a field is written into a cell, and read from it into a raw article. */
interface Column {
  readonly heading: string
  readonly write: (content: ArticleContent) => string
  /** What the cell says of the article that is there; the schema checks it. */
  readonly read: (cell: string, raw: RawArticle) => RawArticle
  /** Fields of the article whose faults show in this column. */
  readonly fields: readonly string[]
}

/** An article before it is checked. */
export type RawArticle = Readonly<Record<string, unknown>>

const lines = (cell: string): readonly string[] =>
  cell
    .split(/\r\n|\r|\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '')

const list = (heading: string, field: 'similar' | 'negative' | 'tags' | 'followups'): Column => ({
  heading,
  fields: [field],
  write: (content) => content[field].join('\n'),
  read: (cell, raw) => ({ ...raw, [field]: lines(cell) }),
})

const text = (heading: string, field: 'id' | 'question' | 'answer'): Column => ({
  heading,
  fields: [field],
  write: (content) => content[field],
  read: (cell, raw) => ({ ...raw, [field]: cell.trim().replaceAll('\r\n', '\n') }),
})

const without = (raw: RawArticle, field: string): RawArticle =>
  Object.fromEntries(Object.entries(raw).filter(([name]) => name !== field))

/** Spreadsheets write dates in their own ways. */
const toDay = (cell: string): string => {
  const [, year, month = '', date = ''] =
    /^(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?$/.exec(cell) ?? []
  return year === undefined ? cell : `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
}

const day = (heading: string, field: 'from' | 'until'): Column => ({
  heading,
  fields: [field],
  write: (content) => content[field] ?? '',
  read: (cell, raw) => (cell.trim() === '' ? without(raw, field) : { ...raw, [field]: toDay(cell.trim()) }),
})

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const recordOf = (value: unknown): RawArticle => (isRecord(value) ? value : {})

const channel = (heading: string, name: string): Column => ({
  heading,
  fields: [`channels.${name}`],
  write: ({ channels }) => channels[name] ?? '',
  read: (cell, raw) => {
    const others = without(recordOf(raw.channels), name)
    const own = cell.trim().replaceAll('\r\n', '\n')
    return { ...raw, channels: own === '' ? others : { ...others, [name]: own } }
  },
})

const english = (heading: string, field: 'question' | 'answer'): Column => ({
  heading,
  fields: [`en.${field}`],
  write: ({ en }) => en?.[field] ?? '',
  read: (cell, raw) => {
    const others = without(recordOf(raw.en), field)
    const own = cell.trim().replaceAll('\r\n', '\n')
    const en = own === '' ? others : { ...others, [field]: own }
    return Object.keys(en).length === 0 ? without(raw, 'en') : { ...raw, en }
  },
})

const yes = ['是', 'yes', 'true', '1', 'y']
const isYes = (cell: string): boolean => yes.includes(cell.trim().toLowerCase())

/** The columns of the table, in order. Of those that a file lacks the article keeps what it has. */
export const columns: readonly Column[] = [
  text('ID', 'id'),
  text('标准问', 'question'),
  list('相似问', 'similar'),
  list('否定词', 'negative'),
  text('答案', 'answer'),
  channel('微信答案', 'wechat'),
  channel('微博答案', 'weibo'),
  english('英文问', 'question'),
  english('英文答案', 'answer'),
  {
    ...{ heading: '分类', fields: ['topic'], write: ({ topic }) => topic },
    read: (cell, raw) => (cell.trim() === '' ? raw : { ...raw, topic: cell.trim() }),
  },
  // An article has one topic, which is its intent's; the column counts where 分类 is empty.
  {
    ...{ heading: '意图', fields: [], write: ({ topic }) => topic },
    read: (cell, raw) =>
      cell.trim() === '' || raw.topic !== undefined ? raw : { ...raw, topic: cell.trim() },
  },
  list('标签', 'tags'),
  list('关联问题', 'followups'),
  day('生效', 'from'),
  day('失效', 'until'),
  {
    ...{ heading: '转人工', fields: ['handoff'], write: ({ handoff }) => (handoff ? '是' : '否') },
    read: (cell, raw) => ({ ...raw, handoff: isYes(cell) }),
  },
  {
    ...{ heading: '紧急', fields: ['urgency'], write: ({ urgency }) => (urgency === 'urgent' ? '是' : '否') },
    read: (cell, raw) => ({ ...raw, urgency: isYes(cell) ? 'urgent' : 'normal' }),
  },
]

/** Where it stands whether an article is retired; the last column. */
export const stateHeading = '状态'
const retiredWords = ['停用', '下架', 'retired', 'off']
export const isRetired = (cell: string | undefined): boolean =>
  cell !== undefined && retiredWords.includes(cell.trim().toLowerCase())

export const headings: readonly string[] = [...columns.map(({ heading }) => heading), stateHeading]

/** Headings as people write them: a star marks what is needed. */
export const headingOf = (cell: string): string => cell.replaceAll(/[\s*＊\uFEFF]/g, '')

/** The column in which a fault of a field shows. */
export const columnOf = (path: readonly PropertyKey[]): string => {
  const field = path.map(String).join('.')
  const found = columns.find(({ fields }) =>
    fields.some((one) => field === one || field.startsWith(`${one}.`)),
  )
  return found?.heading ?? field
}
