import { v7 as uuid, validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { HeldKind, LegalHold, LegalHolds } from '../core/personal-data.ts'
import { checkVersion } from './check-version.ts'
import { toJson, type Database, type Query, type Row, type Transaction } from './database.ts'
import { privacyActor } from './erasures.ts'
import { recordAudit } from './record-audit.ts'

const fields = `id, object_kind as "objectKind", object_id as "objectId", reason, set_by as "setBy", set_at as "setAt",
  lifted_by as "liftedBy", lifted_at as "liftedAt", lift_reason as "liftReason", version`

const toHold = (row: Row): LegalHold =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as LegalHold

const list = `
select ${fields} from legal_holds
where ($1 or lifted_at is null) and ($3::uuid is null or id < $3) order by id desc limit $2`

/** Locked, so that whoever erases at this moment sees the hold or is seen. */
const objects: Readonly<Record<HeldKind, string>> = {
  contact: 'select id from contacts where id = $1 and erased_at is null for no key update',
  ticket: `select c.id from contacts c join tickets t on t.contact_id = c.id
    where t.id = $1 and c.erased_at is null for no key update of c`,
  complaint: `select c.id from contacts c join tickets t on t.contact_id = c.id join complaint_cases k on k.ticket_id = t.id
    where k.id = $1 and c.erased_at is null for no key update of c`,
}

const insert = `
insert into legal_holds (id, object_kind, object_id, reason, set_by, set_at)
values ($1, $2, $3, $4, $5::jsonb, now()) returning ${fields}`

const set = async (
  query: Transaction,
  { kind, id }: { readonly kind: HeldKind; readonly id: string },
  reason: string,
): Promise<LegalHold> => {
  const found = validate(id) ? await query(objects[kind], [id]) : []
  if (found.length === 0)
    throw new TongdaError('not_found', `there is no such ${kind}; it may have been erased`)
  const [held] = await query<{ id: string }>(
    'select id from legal_holds where object_kind = $1 and object_id = $2 and lifted_at is null',
    [kind, id],
  )
  if (held !== undefined)
    throw new TongdaError('conflict', `this ${kind} is held already`, { holdId: held.id })
  const [row] = await query(insert, [uuid(), kind, id, reason, toJson(privacyActor())])
  if (row === undefined) throw new Error('a hold was not stored')
  const hold = toHold(row)
  await recordAudit(query, { act: 'hold.set', object: { kind, id }, reason, detail: { holdId: hold.id } })
  return hold
}

const find = async (query: Query, id: string, locking = ''): Promise<LegalHold> => {
  const [row] = validate(id)
    ? await query(`select ${fields} from legal_holds where id = $1${locking}`, [id])
    : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such hold; load the list again')
  return toHold(row)
}

const lifting = `
update legal_holds set lifted_by = $2::jsonb, lifted_at = now(), lift_reason = $3, version = version + 1
where id = $1 returning ${fields}`

const lift = async (
  query: Transaction,
  id: string,
  { reason, version }: { readonly reason: string; readonly version: number | undefined },
): Promise<LegalHold> => {
  const before = await find(query, id, ' for update')
  checkVersion(before.version, version)
  if (before.liftedAt !== undefined) throw new TongdaError('conflict', 'this hold was lifted already')
  const [row] = await query(lifting, [id, toJson(privacyActor()), reason])
  if (row === undefined) throw new Error('a hold was not lifted')
  const object = { kind: before.objectKind, id: before.objectId }
  await recordAudit(query, { act: 'hold.lifted', object, reason, detail: { holdId: id } })
  return toHold(row)
}

/** The holds of one database. */
export const createLegalHolds = (database: Database): LegalHolds => ({
  list: async ({ lifted, limit, after }) => (await database.query(list, [lifted, limit, after])).map(toHold),
  get: (id) => find(database.query, id),
  set: (object, reason) => database.transaction((query) => set(query, object, reason)),
  lift: (id, reason, version) => database.transaction((query) => lift(query, id, { reason, version })),
})
