import type { Query } from './database.ts'

/**
 * Where things that mean the same are kept: items with a sentence and its vector, and the groups that they make. The
 * tables of suggestions and of failed questions share these columns.
 */
export interface MeaningTables {
  readonly items: string
  readonly groups: string
  /** Of the lock that every change of groups takes. */
  readonly lockKey: number
}

/** What contacts suggest. */
export const suggestionTables: MeaningTables = {
  items: 'feedback_items',
  groups: 'feedback_themes',
  lockKey: 7_466_333,
}

/** Questions that the bot did not settle. */
export const questionTables: MeaningTables = {
  items: 'learning_questions',
  groups: 'learning_proposals',
  lockKey: 7_466_334,
}

/** A vector as a parameter and as a column: base64 of its bytes, little-endian as every machine we run on. */
export const packVector = (vector: Float32Array): string =>
  Buffer.from(vector.buffer, vector.byteOffset, vector.byteLength).toString('base64')

export const unpackVector = (packed: string): Float32Array =>
  new Float32Array(Uint8Array.from(Buffer.from(packed, 'base64')).buffer)

/** A `bytea` column as `unpackVector` reads it. PostgreSQL breaks lines. */
export const packed = (column: string): string => `replace(encode(${column}, 'base64'), E'\\n', '')`

/**
 * Groups are changed by one transaction at a time: by people, by placing and by refining. Sums, counts and memberships
 * of several groups change together, in any order.
 */
export const lockGroups = async (query: Query, { lockKey }: MeaningTables): Promise<void> => {
  await query('select pg_advisory_xact_lock($1)', [lockKey])
}

/** After memberships changed: counts by what is there, sums to be made anew. */
const recount = ({ items, groups }: MeaningTables): string => `
update ${groups} t set sum = null, updated_at = $2, version = version + 1,
  count = (select count(*) from ${items} i where i.theme_id = t.id and i.discarded_at is null)
where t.id = any($1::uuid[])`

/** Counts groups anew and calls their sums out of date. */
export const recountGroups = async (
  query: Query,
  tables: MeaningTables,
  ids: readonly string[],
  now: Date,
): Promise<void> => {
  await query(recount(tables), [ids, now])
}
