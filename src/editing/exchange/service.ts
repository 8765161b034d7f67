import type { Clock } from '../../core/clock.ts'
import type { ArticleFiles, DraftService, EditFacts, VersionReading } from '../../core/editing.ts'
import type { ExchangeFormat, ExchangeService, ImportRow, ImportStore } from '../../core/exchange.ts'
import { TongdaError } from '../../core/errors.ts'
import { liveArticles, type HashArticle, type LiveArticles } from '../live.ts'
import { readCsv, writeCsv } from './csv.ts'
import { readMarkdown, writeMarkdown, type ArticleText } from './markdown.ts'
import { readTable, writeTable } from './table.ts'
import { readXlsx, writeXlsx } from './xlsx.ts'

export interface ExchangeOptions {
  readonly imports: ImportStore
  readonly drafts: Pick<DraftService, 'createAll'>
  readonly versions: Pick<VersionReading, 'current'>
  readonly files: ArticleFiles
  readonly hashOf: HashArticle
  readonly text: ArticleText
  readonly clock: Clock
}

const readRows = async (
  format: ExchangeFormat,
  bytes: Uint8Array,
  { live, text }: { readonly live: LiveArticles; readonly text: ArticleText },
): Promise<readonly ImportRow[]> => {
  switch (format) {
    case 'csv':
      return readTable(readCsv(bytes), live)
    case 'xlsx':
      return readTable(await readXlsx(bytes), live)
    case 'markdown':
      return readMarkdown(bytes, live, text)
    default:
      return format satisfies never
  }
}

const writeFile = (
  format: ExchangeFormat,
  live: LiveArticles,
  text: ArticleText,
): Uint8Array | Promise<Uint8Array> => {
  switch (format) {
    case 'csv':
      return writeCsv(writeTable(live))
    case 'xlsx':
      return writeXlsx(writeTable(live))
    case 'markdown':
      return writeMarkdown(live, text)
    default:
      return format satisfies never
  }
}

const toFacts = (rows: readonly ImportRow[], reason: string): readonly EditFacts[] =>
  rows.flatMap(({ does, articleId, content }): EditFacts[] => {
    if (articleId === undefined || does === 'same' || does === 'faulty') return []
    return [
      does === 'retire'
        ? { articleId, action: 'retire', reason }
        : { articleId, action: 'save', content, reason },
    ]
  })

/** The row, with what it was compared with. */
const onBase =
  (live: LiveArticles) =>
  (row: ImportRow): ImportRow => {
    const base = row.articleId === undefined ? undefined : live.get(row.articleId)?.hash
    return base === undefined ? row : { ...row, base }
  }

/** What a row shows, and the fields it leaves as they are, are of the article as it was when the file was read. */
const checkBases = (rows: readonly ImportRow[], live: LiveArticles): void => {
  const stale = rows.filter(
    ({ does, articleId, base }) =>
      articleId !== undefined &&
      ['add', 'change', 'retire'].includes(does) &&
      live.get(articleId)?.hash !== base,
  )
  if (stale.length > 0)
    throw new TongdaError(
      'conflict',
      `these articles changed since the file was read: ${stale.map(({ articleId }) => articleId ?? '').join(', ')}; read the file again and look at what it would do now`,
      { rows: stale.map(({ row }) => row) },
    )
}

/** Articles in and out of tables and files. */
export const createExchange = (options: ExchangeOptions): ExchangeService => {
  const { imports, drafts, versions, files, hashOf, text, clock } = options
  const look = async (): Promise<LiveArticles> => {
    const [{ overlays }, onDisk] = await Promise.all([versions.current(), files.read()])
    return liveArticles(onDisk, overlays, hashOf)
  }
  return {
    read: async ({ format, name, bytes }, { actor, idempotencyKey }) => {
      const live = await look()
      const rows = (await readRows(format, bytes, { live, text })).map(onBase(live))
      return imports.create({ format, name, rows, by: actor }, clock.now(), idempotencyKey)
    },
    get: (id) => imports.get(id),
    apply: async (id, reason, { actor }) => {
      const { rows, state } = await imports.get(id)
      if (state !== 'read')
        throw new TongdaError('conflict', `this import is ${state} already; read the file again`, { state })
      const facts = toFacts(rows, reason)
      if (facts.length === 0) throw new TongdaError('bad_input', 'this file changes no article')
      checkBases(rows, await look())
      // By the import's own key: applied twice, it makes the same drafts.
      const made = await drafts.createAll(
        facts,
        { actor, idempotencyKey: `import:${id}` },
        { kind: 'import', id },
      )
      return imports.applied(
        id,
        made.map((draft) => draft.id),
        clock.now(),
      )
    },
    undo: (id) => imports.undo(id, clock.now()),
    write: async (format) => writeFile(format, await look(), text),
  }
}
