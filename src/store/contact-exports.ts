import { v7 as uuid, validate } from 'uuid'
import type { BlobStore } from '../core/blobs.ts'
import { TongdaError } from '../core/errors.ts'
import { pieceKey } from '../core/personal-data.ts'
import type { ContactExport, ContactExports, EndedExports, ExportWork } from '../core/personal-data.ts'
import { toJson, type Database, type Query, type Row, type Transaction } from './database.ts'
import { contactsOf, privacyActor } from './erasures.ts'
import { recordAudit } from './record-audit.ts'

/** What exports stand on. */
export interface ExportDeps {
  readonly database: Database
  readonly blobs: Pick<BlobStore, 'get'>
  /** Puts the making of one off, with the transaction that asks for it. */
  readonly enqueue: (transaction: Transaction, exportId: string) => Promise<void>
}

const fields = `id, contact_id as "contactId", reason, state, requested_by as "requestedBy",
  requested_at as "requestedAt", ready_at as "readyAt", expires_at as "expiresAt", bytes::float8 as bytes`

const toExport = (row: Row): ContactExport =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as ContactExport

const insert = `
insert into contact_exports (id, contact_id, reason, state, requested_by, requested_at)
values ($1, $2, $3, 'waiting', $4::jsonb, now()) returning ${fields}`

const request = async (
  query: Transaction,
  { contactId, reason }: { readonly contactId: string; readonly reason: string },
  enqueue: ExportDeps['enqueue'],
): Promise<ContactExport> => {
  const [contact] = await contactsOf(query, contactId)
  const [row] = await query(insert, [uuid(), contact, reason, toJson(privacyActor())])
  if (row === undefined) throw new Error('an export was not stored')
  const made = toExport(row)
  await enqueue(query, made.id)
  const object = { kind: 'contact', id: contact }
  await recordAudit(query, { act: 'contact.exported', object, reason, detail: { exportId: made.id } })
  return made
}

const find = async (query: Query, contactId: string, id: string): Promise<ContactExport> => {
  const [row] =
    validate(id) && validate(contactId)
      ? await query(`select ${fields} from contact_exports where id = $1 and contact_id = $2`, [
          id,
          contactId,
        ])
      : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such export; ask for one')
  return toExport(row)
}

const why = {
  waiting: 'this export is still being made; ask again in a moment',
  failed: 'this export could not be made; see the log, then ask for another',
  expired: 'this export is gone; ask for another',
} as const

/** One piece at a time is in memory. */
const streamOf = ({ get }: Pick<BlobStore, 'get'>, id: string, bytes: number): ReadableStream<Uint8Array> => {
  let [next, left] = [0, bytes]
  return new ReadableStream<Uint8Array>({
    pull: async (controller) => {
      if (left <= 0) {
        controller.close()
        return
      }
      const piece = await get(pieceKey(id, next))
      if (piece === undefined)
        throw new TongdaError('media_unavailable', 'a piece of this export is gone; ask for another', { id })
      next += 1
      left -= piece.byteLength
      controller.enqueue(piece)
    },
  })
}

const take = async ({ database, blobs }: ExportDeps, contactId: string, id: string) => {
  const { state, expiresAt, bytes = 0, ...found } = await find(database.query, contactId, id)
  const isOver = expiresAt !== undefined && expiresAt.getTime() <= Date.now()
  const now = state === 'ready' && isOver ? 'expired' : state
  if (now !== 'ready') throw new TongdaError('conflict', why[now], { state: now })
  const object = { kind: 'contact', id: found.contactId }
  await recordAudit(database.query, { act: 'export.taken', object, detail: { exportId: id } })
  return streamOf(blobs, id, bytes)
}

/** Exports as those who ask for them see them. */
export const createContactExports = (deps: ExportDeps): ContactExports => ({
  request: (contactId, reason) =>
    deps.database.transaction((query) => request(query, { contactId, reason }, deps.enqueue)),
  get: (contactId, id) => find(deps.database.query, contactId, id),
  take: (contactId, id) => take(deps, contactId, id),
})

const setReady = `
update contact_exports set state = 'ready', ready_at = now(), bytes = $2, pieces = greatest(pieces, $3),
  expires_at = now() + $4 * interval '1 millisecond'
where id = $1 and state = 'waiting' returning 1`

/** Whoever was making one for a day has died. */
const endOver = `
update contact_exports set state = case when state = 'ready' then 'expired' else 'failed' end
where state = 'ready' and expires_at < now() or state = 'waiting' and requested_at < now() - interval '1 day'`
const remaining = `select id, pieces from contact_exports where state in ('expired', 'failed') and pieces is not null`

/** Exports as the job that makes them sees them. */
export const createExportWork = ({ query }: Database): ExportWork => ({
  waiting: async (id) => {
    const [row] = await query(`select ${fields} from contact_exports where id = $1 and state = 'waiting'`, [
      id,
    ])
    return row === undefined ? undefined : toExport(row)
  },
  begin: async (id, pieces) => {
    // An earlier try may have written more.
    const set = `update contact_exports set pieces = greatest(pieces, $2) where id = $1 and state = 'waiting' returning 1`
    return (await query(set, [id, pieces])).length > 0
  },
  ready: async (id, { bytes, pieces, keepMs }) =>
    (await query(setReady, [id, bytes, pieces, keepMs])).length > 0,
  failed: async (id) => {
    await query(`update contact_exports set state = 'failed' where id = $1 and state = 'waiting'`, [id])
  },
})

/** Archives of one database that nobody may take any more. */
export const createEndedExports = ({ query }: Database): EndedExports => ({
  list: async () => {
    await query(endOver)
    return query<{ id: string; pieces: number }>(remaining)
  },
  forget: async (id) => {
    await query('update contact_exports set pieces = null where id = $1', [id])
  },
})
