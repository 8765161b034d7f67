import { toJson, type Query } from './database.ts'

/** The hash by which an erased message of a row with these columns is known again. */
export const digestOf = (alias: string): string =>
  `encode(sha256(convert_to(${alias}.inbox_id || E'\\n' || ${alias}.dedup_key, 'UTF8')), 'hex')`

const find = `
select x.ord from jsonb_to_recordset($1::jsonb) as x(ord int, inbox_id text, dedup_key text)
join erased_messages e on e.digest = ${digestOf('x')}`

/** Which of the rows are messages that were erased, by their `ord`. */
export const findErased = async (
  query: Query,
  rows: readonly { readonly ord: number; readonly inbox_id: string; readonly dedup_key: string }[],
): Promise<ReadonlySet<number>> => {
  if (rows.length === 0) return new Set()
  const keys = rows.map(({ ord, inbox_id, dedup_key }) => ({ ord, inbox_id, dedup_key }))
  return new Set((await query<{ ord: number }>(find, [toJson(keys)])).map(({ ord }) => ord))
}
