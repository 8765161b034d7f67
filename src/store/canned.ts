import { validate } from 'uuid'
import type { AuditAct } from '../core/audit.ts'
import type { CannedEntry, CannedReply, CannedStore } from '../core/canned.ts'
import { TongdaError } from '../core/errors.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'
import { recordAudit } from './record-audit.ts'

interface CannedRow extends Row {
  readonly id: string
  readonly owner_id: string | null
  readonly name: string
  readonly body: string
  readonly variants: CannedReply['variants']
  readonly pictures: CannedReply['pictures']
  readonly sounds: readonly string[]
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
}

const toReply = (row: CannedRow): CannedReply => ({
  id: row.id,
  scope: row.owner_id === null ? 'team' : 'personal',
  ...(row.owner_id === null ? {} : { ownerId: row.owner_id }),
  name: row.name,
  text: row.body,
  variants: row.variants,
  pictures: row.pictures,
  sounds: row.sounds,
  createdAt: row.created_at,
  updatedAt: row.updated_at,
  version: row.version,
})

const seen = '(owner_id is null or owner_id = $1)'
const listSeen = `select * from canned_replies where ${seen} order by name, id`
const findSeen = `select * from canned_replies where id = $2 and ${seen}`
const insert = `
insert into canned_replies as t (id, created_at, updated_at, owner_id, name, body, variants, pictures, sounds)
values ($1, $2, $2, $3, $4, $5, $6::jsonb, $7::jsonb, $8) on conflict (id) do update set version = t.version returning *`
const update = `
update canned_replies set updated_at = $2, version = version + 1, owner_id = $3, name = $4, body = $5,
  variants = $6::jsonb, pictures = $7::jsonb, sounds = $8
where id = $1 and version = $9 returning *`

const valuesOf = ({ ownerId, name, text, variants, pictures, sounds }: CannedEntry): readonly unknown[] => [
  ...[ownerId ?? null, name, text, toJson(variants), toJson(pictures), [...sounds]],
]

const gone = (): TongdaError =>
  new TongdaError('not_found', 'there is no such canned reply; it may have been removed')

const movedOn = (version: number, yours: number): TongdaError =>
  new TongdaError('conflict', 'the canned reply was changed meanwhile; look at what is new, then try again', {
    version,
    yours,
  })

/** What concerns everybody is written down; what agents keep for themselves is their own matter. */
const record = async (query: Query, act: AuditAct, id: string, isTeams: boolean): Promise<void> => {
  if (isTeams) await recordAudit(query, { act, object: { kind: 'canned-reply', id } })
}

/** Canned replies on one database. */
export const createCannedStore = ({ query, transaction }: Database): CannedStore => {
  const get: CannedStore['get'] = async (viewerId, id) => {
    const [row] = validate(id) ? await query<CannedRow>(findSeen, [viewerId ?? null, id]) : []
    if (row === undefined) throw gone()
    return toReply(row)
  }
  return {
    get,
    list: async (viewerId) => (await query<CannedRow>(listSeen, [viewerId ?? null])).map(toReply),
    create: (entry, now, idempotencyKey) =>
      transaction(async (within) => {
        const id = keyedId(idempotencyKey)
        const [row] = await within<CannedRow>(insert, [id, now, ...valuesOf(entry)])
        if (row === undefined) throw new Error('the canned reply was not stored')
        await record(within, 'canned-reply.created', id, entry.ownerId === undefined)
        return toReply(row)
      }),
    change: async ({ id, ownerId }, entry, expectedVersion, now) => {
      const row = await transaction(async (within) => {
        const [changed] = await within<CannedRow>(update, [id, now, ...valuesOf(entry), expectedVersion])
        const isTeams = ownerId === undefined || entry.ownerId === undefined
        if (changed !== undefined) await record(within, 'canned-reply.changed', id, isTeams)
        return changed
      })
      if (row !== undefined) return toReply(row)
      throw movedOn((await get(ownerId, id)).version, expectedVersion)
    },
    remove: ({ id, ownerId }) =>
      transaction(async (within) => {
        const rows = await within('delete from canned_replies where id = $1 returning id', [id])
        if (rows.length === 0) throw gone()
        await record(within, 'canned-reply.removed', id, ownerId === undefined)
      }),
  }
}
