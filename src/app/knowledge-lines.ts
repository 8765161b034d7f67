import type { KnowledgeVersion } from '../core/editing.ts'
import type { ExchangeFormat, ImportRow, KnowledgeImport } from '../core/exchange.ts'

/** A version as a terminal lists it. */
export type VersionLine = Pick<
  KnowledgeVersion,
  'number' | 'kind' | 'at' | 'by' | 'reason' | 'override' | 'restored'
>

/** What a file that was read would do, row by row; of what differs the names of the fields. */
export interface ReadImport {
  readonly id: string
  readonly rows: readonly (Omit<ImportRow, 'fields' | 'content'> & { readonly fields: readonly string[] })[]
}

/** What became of an import. */
export type AppliedImport = Pick<KnowledgeImport, 'id' | 'state' | 'draftIds'>

/** What an operator does with published knowledge from a terminal. Throws as the services of editors do. */
export interface KnowledgeTerminal {
  /** The latest first. */
  versions(limit: number): Promise<readonly VersionLine[]>
  rollBack(number: number, reason: string): Promise<VersionLine>
  /** What is live. */
  write(format: ExchangeFormat): Promise<Uint8Array>
  read(file: {
    readonly format: ExchangeFormat
    readonly name: string
    readonly bytes: Uint8Array
  }): Promise<ReadImport>
  /** Makes drafts of the rows without fault. */
  apply(importId: string, reason: string): Promise<AppliedImport>
  undo(importId: string): Promise<AppliedImport>
}
