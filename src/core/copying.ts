import type { Database, Query } from './database.ts'

/** A table as it is copied from one database to another. */
export interface CopiedTable {
  /** With its schema, e.g. `public.messages`. */
  readonly name: string
  readonly columns: readonly { readonly name: string; readonly type: string }[]
}

/** Rows of a table: how many, and a sum of the hashes of all of them, whatever order they are read in. */
export interface TableSum {
  readonly rows: number
  readonly checksum: string
}

/** How far a database's schema and its queues of background work have come. */
export interface SchemaMark {
  /** The newest migration: the milliseconds of its making. */
  readonly migration: number
  /** The schema of background work; absent: it was never made. */
  readonly jobs?: number
}

/** What else than rows makes a database. */
export interface CopiedFrame {
  readonly schema: SchemaMark
  readonly tables: readonly CopiedTable[]
  readonly sequences: readonly { readonly name: string; readonly value: string }[]
  /** Names of the queues of background work. */
  readonly queues: readonly string[]
}

/** What a database is about to do by itself. */
export interface WaitingWork {
  /** Messages to contacts that are on their way, can go, or wait for their contact. */
  readonly messages: number
  readonly webhooks: number
  readonly jobs: number
}

/** A file as the database knows it; its bytes lie under its id. */
export interface KnownFile {
  readonly id: string
  readonly bytes: number
  readonly sha256: string
}

/** Reads a whole database as of one moment. */
export interface CopySource {
  readonly frame: CopiedFrame
  readonly waiting: WaitingWork
  /** Rows as JSON arrays of text, some at a time. */
  rows(table: CopiedTable): AsyncIterable<readonly string[]>
  /** Some at a time, in the order of their ids. */
  files(): AsyncIterable<readonly KnownFile[]>
}

/** Fills an empty database. */
export interface CopyTarget {
  /** What is there to be filled, once the queues are made. */
  readonly tables: readonly CopiedTable[]
  write(table: CopiedTable, lines: readonly string[]): Promise<void>
  /** Reads back what was written. */
  sum(table: CopiedTable): Promise<TableSum>
}

/** Copies whole databases. */
export interface CopyDatabase {
  /** Gives `work` one snapshot of the database. */
  read<Result>(database: Database, work: (source: CopySource) => Promise<Result>): Promise<Result>
  /** Fills the database in one transaction: all of it when `work` ends well, nothing when it throws. */
  write(database: Database, options: FillOptions, work: (target: CopyTarget) => Promise<void>): Promise<void>
  /** Names a table in which rows stand; undefined: the database is empty. */
  firstFull(query: Query): Promise<string | undefined>
}

/**
 * What becomes of messages to contacts that had not gone at the copy's moment. `go`: they go, since nothing can have gone
 * after it; `repeat`: they go, marked as possibly repeated; `hold`: they are parked, and marked so once somebody sends them.
 */
export type Unsent = 'go' | 'repeat' | 'hold'

/** What a database is filled with, beside rows. */
export interface FillOptions extends Pick<CopiedFrame, 'sequences' | 'queues'> {
  readonly unsent: Unsent
  /** Archives of what is kept of contacts lie where they lay; else they are over. */
  readonly keepExports: boolean
}
