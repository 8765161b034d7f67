import type { ArticleContent } from './article.ts'
import type { EditingActor, EditWrite, FieldDiff } from './editing.ts'

export const exchangeFormats = ['csv', 'xlsx', 'markdown'] as const
export type ExchangeFormat = (typeof exchangeFormats)[number]

/** What is wrong with one cell of an import. */
export interface CellFault {
  /** The column's heading; of a Markdown file the line. */
  readonly column: string
  readonly problem: string
  readonly fix: string
}

/** What one row, or one file, of an import would do. */
export interface ImportRow {
  /** Its line in the table, or the file's name. */
  readonly row: string
  readonly articleId?: string
  readonly does: 'add' | 'change' | 'retire' | 'same' | 'faulty'
  /** The fields that would differ. */
  readonly fields: readonly FieldDiff[]
  readonly faults: readonly CellFault[]
  readonly content?: ArticleContent
  /** Hash of the article as it was live when the file was read; absent: there was none. */
  readonly base?: string
}

/** A file that was read: what it would do, and what became of it. */
export interface KnowledgeImport {
  readonly id: string
  readonly format: ExchangeFormat
  readonly name: string
  readonly state: 'read' | 'applied' | 'undone'
  readonly rows: readonly ImportRow[]
  readonly draftIds: readonly string[]
  readonly by: EditingActor
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** The imports of one database. All throw `not_found`. */
export interface ImportStore {
  create(
    facts: Pick<KnowledgeImport, 'format' | 'name' | 'rows' | 'by'>,
    now: Date,
    idempotencyKey?: string,
  ): Promise<KnowledgeImport>
  get(id: string): Promise<KnowledgeImport>
  /** Throws `conflict` when it was applied already. */
  applied(id: string, draftIds: readonly string[], now: Date): Promise<KnowledgeImport>
  /** Discards its drafts, all or none. Throws `conflict` when one of them is published. */
  undo(id: string, now: Date): Promise<KnowledgeImport>
}

/** Articles in and out of files. Throws `bad_input` for what is no such file. */
export interface ExchangeService {
  read(
    file: { readonly format: ExchangeFormat; readonly name: string; readonly bytes: Uint8Array },
    write: EditWrite,
  ): Promise<KnowledgeImport>
  get(id: string): Promise<KnowledgeImport>
  /** Makes drafts of the rows without fault. */
  apply(id: string, reason: string, write: EditWrite): Promise<KnowledgeImport>
  undo(id: string): Promise<KnowledgeImport>
  /** What is live. */
  write(format: ExchangeFormat): Promise<Uint8Array>
}
