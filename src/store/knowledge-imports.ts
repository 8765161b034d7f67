import { validate } from 'uuid'
import type { EditingActor } from '../core/editing.ts'
import type { ImportRow, ImportStore, KnowledgeImport } from '../core/exchange.ts'
import { TongdaError } from '../core/errors.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'
import { tellDrafts } from './knowledge-drafts.ts'
import { toDraft, type DraftRow } from './knowledge-rows.ts'

interface ImportFileRow extends Row {
  readonly id: string
  readonly format: KnowledgeImport['format']
  readonly name: string
  readonly state: KnowledgeImport['state']
  readonly rows: readonly ImportRow[]
  readonly draft_ids: readonly string[]
  readonly by: EditingActor
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
}

const toImport = (row: ImportFileRow): KnowledgeImport => ({
  id: row.id,
  format: row.format,
  name: row.name,
  state: row.state,
  rows: row.rows,
  draftIds: row.draft_ids,
  by: row.by,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

const insertImport = `
insert into knowledge_imports (id, format, name, state, rows, draft_ids, by, created_at, updated_at)
values ($1, $2, $3, 'read', $4::jsonb, '{}', $5::jsonb, $6, $6) on conflict (id) do nothing`
const markApplied = `
update knowledge_imports set state = 'applied', draft_ids = $2::uuid[], updated_at = $3, version = version + 1
where id = $1 and state = 'read' returning *`
const markUndone = `
update knowledge_imports set state = 'undone', updated_at = $2, version = version + 1
where id = $1 and state = 'applied' returning *`
const discardDrafts = `
update knowledge_drafts set state = 'discarded', updated_at = $2, version = version + 1
where id = any($1::uuid[]) and state in ('draft', 'in-review', 'approved') returning *`

const find = async (query: Query, id: string): Promise<KnowledgeImport> => {
  const [row] = validate(id)
    ? await query<ImportFileRow>('select * from knowledge_imports where id = $1', [id])
    : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such import; read the file again')
  return toImport(row)
}

const undo = async (query: Query, id: string, now: Date): Promise<KnowledgeImport> => {
  const [row] = validate(id) ? await query<ImportFileRow>(markUndone, [id, now]) : []
  if (row === undefined) {
    const { state } = await find(query, id)
    throw new TongdaError('conflict', `this import is ${state}; only one that is applied can be undone`, {
      state,
    })
  }
  // Held until the end: none of them is published meanwhile.
  const drafts = await query<{ state: string }>(
    'select state from knowledge_drafts where id = any($1::uuid[]) order by id for update',
    [row.draft_ids],
  )
  if (drafts.some(({ state }) => state === 'published'))
    throw new TongdaError(
      'conflict',
      'drafts of this import are published; roll the knowledge version back instead',
    )
  const gone = await query<DraftRow>(discardDrafts, [row.draft_ids, now])
  await tellDrafts(query, gone.map(toDraft), now)
  return toImport(row)
}

/** The imports of one database. */
export const createImportStore = (database: Database): ImportStore => ({
  create: async ({ format, name, rows, by }, now, idempotencyKey) => {
    const id = keyedId(idempotencyKey)
    await database.query(insertImport, [id, format, name, toJson(rows), toJson(by), now])
    return find(database.query, id)
  },
  get: (id) => find(database.query, id),
  applied: async (id, draftIds, now) => {
    const [row] = validate(id) ? await database.query<ImportFileRow>(markApplied, [id, draftIds, now]) : []
    if (row !== undefined) return toImport(row)
    const { state } = await find(database.query, id)
    throw new TongdaError('conflict', `this import is ${state} already; read the file again`, { state })
  },
  undo: (id, now) => database.transaction((inside) => undo(inside, id, now)),
})
