import { v7 as uuid, validate } from 'uuid'
import { whoActs } from '../core/acting.ts'
import { TongdaError } from '../core/errors.ts'
import type {
  Erasure,
  ErasureBlock,
  ErasureLine,
  Erasures,
  HeldKind,
  PrivacyActor,
} from '../core/personal-data.ts'
import { checkVersion } from './check-version.ts'
import { findContactId, lockAddresses } from './contacts.ts'
import { retryCollisions, toJson, type Database, type Query, type Row, type Transaction } from './database.ts'
import { letErase, tombstoneSteps, withdrawUnsent } from './erasure-steps.ts'
import { lockConversations } from './lock-conversations.ts'
import { paths } from './personal-paths.ts'
import { personalTables } from './personal-register.ts'
import { technical } from './personal-table.ts'
import { recordAudit } from './record-audit.ts'

/** Who asks for it, without the address they ask from. */
export const privacyActor = (): PrivacyActor => {
  const { kind, id } = whoActs()
  return { kind, id }
}

/** The contact and those that were merged into it, by whatever way. */
const familyOf = `
with recursive family(id) as (
  select $1::uuid union select m.from_contact_id from contact_merges m join family f on m.into_contact_id = f.id
  where m.undone_at is null
)
select id from family`

/** Ids of a contact, first its own, and of those that were merged into it. Throws `not_found`. */
export const contactsOf = async (
  query: Query,
  contactId: string,
): Promise<readonly [string, ...string[]]> => {
  const id = await findContactId(query, contactId)
  const family = await query<{ id: string }>(familyOf, [id])
  return [id, ...family.map((row) => row.id).filter((one) => one !== id)]
}

const countRows = Object.entries(personalTables)
  .filter(([, { leftOut }]) => leftOut !== technical)
  .map(([table, { of }]) => `select '${table}' as "table", count(*)::int as rows from ${table} where ${of}`)
  .join('\nunion all ')

/** What is there, table by table; how it was delivered goes with what was said, and is not counted. */
const linesOf = async (query: Query, contacts: readonly string[]): Promise<readonly ErasureLine[]> =>
  (await query<{ table: string; rows: number }>(countRows, [contacts])).flatMap(({ table, rows }) => {
    const { title, erase } = personalTables[table] ?? {}
    if (rows === 0 || title === undefined || erase === undefined) return []
    const fate =
      erase === 'delete' ? { fate: 'deleted' as const } : { fate: 'blanked' as const, why: erase.why }
    return [{ table, title, rows, ...fate }]
  })

const standingHolds = `
select id, object_kind as kind, object_id as "objectId", reason from legal_holds
where lifted_at is null and ${paths.held} order by id`

const openCases = `
select id, state from complaint_cases where state not in ('final', 'withdrawn') and ${paths.ticket} order by id`

/** What stands against erasing these contacts. */
const blocksOf = async (query: Query, contacts: readonly string[]): Promise<readonly ErasureBlock[]> => {
  const holds = await query<{ id: string; kind: HeldKind; objectId: string; reason: string }>(standingHolds, [
    contacts,
  ])
  const cases = await query<{ id: string; state: string }>(openCases, [contacts])
  return [
    ...holds.map(({ id, kind, objectId, reason }) => ({
      ...{ kind: 'hold' as const, id },
      held: { kind, id: objectId, reason },
    })),
    ...cases.map(({ id, state }) => ({ kind: 'complaint' as const, id, state })),
  ]
}

const fields = `id, contact_id as "contactId", contacts, reason, state, lines, planned_by as "plannedBy",
  planned_at as "plannedAt", confirmed_by as "confirmedBy", confirmed_at as "confirmedAt", done_at as "doneAt", version`

interface ErasureRow extends Omit<Erasure, 'blockedBy' | 'confirmedBy' | 'confirmedAt' | 'doneAt'>, Row {
  readonly contacts: readonly string[]
  readonly confirmedBy: PrivacyActor | null
  readonly confirmedAt: Date | null
  readonly doneAt: Date | null
}

const toErasure = async (
  query: Query,
  { contacts, confirmedBy, confirmedAt, doneAt, ...row }: ErasureRow,
): Promise<Erasure> => {
  const isPlanned = row.state === 'planned'
  return {
    ...row,
    lines: isPlanned ? await linesOf(query, contacts) : row.lines,
    blockedBy: isPlanned ? await blocksOf(query, contacts) : [],
    ...(confirmedBy === null ? {} : { confirmedBy }),
    ...(confirmedAt === null ? {} : { confirmedAt }),
    ...(doneAt === null ? {} : { doneAt }),
  }
}

const newestOf = `
select ${fields} from contact_erasures where contacts @> array[$1::uuid] order by planned_at desc, id desc limit 1`

/** Throws `not_found`. */
const find = async (query: Query, contactId: string, locking = ''): Promise<ErasureRow> => {
  const [row] = validate(contactId) ? await query<ErasureRow>(newestOf + locking, [contactId]) : []
  if (row === undefined) throw new TongdaError('not_found', 'no erasure of this contact was planned')
  return row
}

const insert = `
insert into contact_erasures (id, contact_id, contacts, reason, state, planned_by, planned_at)
values ($1, $2, $3, $4, 'planned', $5::jsonb, now()) returning ${fields}`

const plan = async (query: Transaction, contactId: string, reason: string): Promise<Erasure> => {
  const contacts = await contactsOf(query, contactId)
  const [id] = contacts
  const [before] = await query<ErasureRow>(newestOf, [id])
  if (before?.state === 'planned')
    throw new TongdaError('conflict', 'an erasure of this contact is planned already; confirm or cancel it', {
      erasureId: before.id,
    })
  const [row] = await query<ErasureRow>(insert, [uuid(), id, contacts, reason, toJson(privacyActor())])
  if (row === undefined) throw new Error('an erasure was not stored')
  const planned = await toErasure(query, row)
  await recordAudit(query, { act: 'erasure.planned', object: { kind: 'contact', id }, reason })
  return planned
}

/** Locks the newest erasure. Throws `not_found`, `conflict`. */
const lockPlanned = async (
  query: Query,
  contactId: string,
  version: number | undefined,
): Promise<ErasureRow> => {
  const row = await find(query, contactId, ' for update')
  checkVersion(row.version, version)
  if (row.state === 'planned') return row
  throw new TongdaError(
    'conflict',
    `this erasure is ${row.state}; only a planned one can be confirmed or cancelled`,
    {
      state: row.state,
    },
  )
}

/** As accepting and merging do: addresses, contacts, conversations. */
const lockAll = async (query: Query, contacts: readonly string[]): Promise<void> => {
  await lockAddresses(query, contacts)
  await query('select 1 from contacts where id = any($1::uuid[]) order by id for update', [contacts])
  const held = await query<{ id: string }>(
    'select id from conversations where contact_id = any($1::uuid[])',
    [contacts],
  )
  await lockConversations(
    query,
    held.map(({ id }) => id),
  )
}

const setConfirmed = `
update contact_erasures set state = 'confirmed', contacts = $2, lines = $3::jsonb, confirmed_by = $4::jsonb,
  confirmed_at = now(), version = version + 1 where id = $1 returning ${fields}`

const refuse = (blockedBy: readonly ErasureBlock[]): TongdaError =>
  new TongdaError(
    'conflict',
    'a legal hold or an open complaint case stands on this contact; lift the hold, or wait until the case is final',
    { blockedBy },
  )

/** Erasing in the background, put off with the transaction that confirms it. */
type EnqueueErasure = (transaction: Transaction, erasureId: string) => Promise<void>

/** Locks the contact and all who were merged into it. Throws `conflict` when it was merged into another itself. */
const lockFamily = async (query: Query, contactId: string): Promise<readonly string[]> => {
  const contacts = await contactsOf(query, contactId)
  // The other's erasure is another matter.
  if (contacts[0] !== contactId)
    throw new TongdaError('conflict', 'this contact was merged into another; cancel this and plan anew', {
      into: contacts[0],
    })
  await lockAll(query, contacts)
  // Somebody was merged into it, or taken out again, while we waited: who belongs to it now is what counts.
  const now = await contactsOf(query, contactId)
  return now.length === contacts.length && now.every((id) => contacts.includes(id))
    ? contacts
    : lockFamily(query, contactId)
}

const confirm = async (
  query: Transaction,
  { contactId, version }: { readonly contactId: string; readonly version: number | undefined },
  enqueue: EnqueueErasure,
): Promise<Erasure> => {
  const planned = await lockPlanned(query, contactId, version)
  const contacts = await lockFamily(query, planned.contactId)
  const blocked = await blocksOf(query, contacts)
  if (blocked.length > 0) throw refuse(blocked)
  const lines = await linesOf(query, contacts)
  await query(letErase)
  await query(withdrawUnsent, [contacts])
  for (const { statement } of tombstoneSteps) await query(statement, [contacts])
  const [row] = await query<ErasureRow>(setConfirmed, [
    planned.id,
    contacts,
    toJson(lines),
    toJson(privacyActor()),
  ])
  if (row === undefined) throw new Error('an erasure was not confirmed')
  await enqueue(query, row.id)
  const object = { kind: 'contact', id: row.contactId }
  await recordAudit(query, {
    act: 'erasure.confirmed',
    object,
    reason: row.reason,
    detail: { erasureId: row.id },
  })
  return toErasure(query, row)
}

const cancel = async (
  query: Transaction,
  contactId: string,
  version: number | undefined,
): Promise<Erasure> => {
  const { id } = await lockPlanned(query, contactId, version)
  const [row] = await query<ErasureRow>(
    `update contact_erasures set state = 'cancelled', version = version + 1 where id = $1 returning ${fields}`,
    [id],
  )
  if (row === undefined) throw new Error('an erasure was not cancelled')
  await recordAudit(query, { act: 'erasure.cancelled', object: { kind: 'contact', id: row.contactId } })
  return toErasure(query, row)
}

/** The erasures of one database. */
export const createErasures = (database: Database, enqueue: EnqueueErasure): Erasures => {
  const within = (work: (query: Transaction) => Promise<Erasure>): Promise<Erasure> =>
    retryCollisions(() => database.transaction(work))
  return {
    plan: (contactId, reason) => within((query) => plan(query, contactId, reason)),
    get: async (contactId) => toErasure(database.query, await find(database.query, contactId)),
    confirm: (contactId, version) => within((query) => confirm(query, { contactId, version }, enqueue)),
    cancel: (contactId, version) => within((query) => cancel(query, contactId, version)),
  }
}
