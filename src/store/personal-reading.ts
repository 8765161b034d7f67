import type { PersonalReading, PersonalRows } from '../core/personal-data.ts'
import { toJson, type Database, type Row } from './database.ts'
import { contactsOf } from './erasures.ts'
import { casesOf, conversationsOf } from './personal-paths.ts'
import { personalTables } from './personal-register.ts'

const atOnce = 500

/** What is said to the contact or by them, what they handed in, how they look. */
const filesOf = `
select f as id from (
  select file #>> '{}' from messages, jsonb_path_query(parts, '$.**.mediaId') as file
  where conversation_id in (${conversationsOf}) and direction in ('in', 'out')
  union select file #>> '{}' from messages, jsonb_path_query(parts, '$.**.inline.*') as file
  where conversation_id in (${conversationsOf}) and direction in ('in', 'out')
  union select media_id::text from case_evidence where case_id in (${casesOf}) and side = 'reporter'
  union select avatar_media_id::text from contact_identities where contact_id = any($1::uuid[])
) named(f) where f is not null and substr(f, 15, 1) <> '5' order by f`

interface JsonRow extends Row {
  readonly row: unknown
}

/** By their first two columns, which tell them apart, each page from the last row before: what goes meanwhile moves none. */
async function* pagesOf(
  { query }: Database,
  { table, columns, where }: { readonly table: string; readonly columns: string; readonly where: string },
  contacts: readonly string[],
): AsyncGenerator<readonly unknown[]> {
  const names = columns.split(' ')
  const [first = '', second = ''] = names
  const select = `
select to_jsonb(x) as row from (
  select ${names.join(', ')} from ${table}
  where ${where} and ($3::jsonb is null or (${first}, ${second}) > (
    select ${first}, ${second} from jsonb_populate_record(null::${table}, $3::jsonb)))
  order by 1, 2 limit $2
) x`
  let before: unknown
  for (;;) {
    const rows = await query<JsonRow>(select, [
      contacts,
      atOnce,
      before === undefined ? null : toJson(before),
    ])
    yield rows.map(({ row }) => row)
    if (rows.length < atOnce) return
    before = rows.at(-1)?.row
  }
}

/** Reads what is known of contacts, by the register. */
export const createPersonalReading = (database: Database): PersonalReading => ({
  contactsOf: (contactId) => contactsOf(database.query, contactId),
  rows: (contacts) =>
    Object.entries(personalTables).flatMap(([table, { title, of, exported }]): PersonalRows[] => {
      if (exported === undefined) return []
      const { columns, where = 'true' } = exported
      return [
        { table, title, pages: pagesOf(database, { table, columns, where: `${of} and ${where}` }, contacts) },
      ]
    }),
  files: async (contacts) => (await database.query<{ id: string }>(filesOf, [contacts])).map(({ id }) => id),
})
