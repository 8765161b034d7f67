import { validate as isUuid } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import {
  maxTicketViews,
  type GoneFromView,
  type TicketFilter,
  type TicketOrder,
  type TicketView,
  type TicketViewFacts,
  type TicketViewStore,
} from '../core/ticket-view.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'

interface ViewRow extends Row {
  readonly id: string
  readonly ownerId: string
  readonly ownerName: string
  readonly name: string
  readonly shared: boolean
  readonly filter: TicketFilter
  readonly order: TicketOrder
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

const read = `select v.id, v.owner_id as "ownerId", g.name as "ownerName", v.name, v.shared, v.filter,
  v.sorted as "order", v.created_at as "createdAt", v.updated_at as "updatedAt", v.version
from ticket_views v join agents g on g.id = v.owner_id`
const seen = '(v.owner_id = $1 or (v.shared and g.deactivated_at is null))'
const listSeen = `${read} where ${seen} order by v.owner_id <> $1, v.name, v.id`
const findSeen = `${read} where v.id = $2 and ${seen}`
const insert = `
insert into ticket_views (id, owner_id, name, shared, filter, sorted, created_at, updated_at)
values ($1, $2, $3, $4, $5::jsonb, $6, $7, $7) on conflict (id) do nothing`
const update = `
update ticket_views set name = $4, shared = $5, filter = $6::jsonb, sorted = $7, updated_at = $8, version = version + 1
where owner_id = $1 and id = $2 and version = $3 returning id`

const valuesOf = ({ name, shared, filter, order }: TicketViewFacts): readonly unknown[] => [
  ...[name, shared, toJson(filter), order],
]

const goneError = (): TongdaError =>
  new TongdaError('not_found', 'there is no such view; it may have been removed')

const findView = async (query: Query, agentId: string, id: string): Promise<TicketView> => {
  const [row] = isUuid(id) ? await query<ViewRow>(findSeen, [agentId, id]) : []
  if (row === undefined) throw goneError()
  return row
}

/** One after the other, so that two at once are not both the last one that fits. */
const lockOwner = 'select id from agents where id = $1 for no key update'
const countOwn = 'select count(*)::int as count from ticket_views where owner_id = $1 and id <> $2'

const checkRoom = async (query: Query, agentId: string, id: string): Promise<void> => {
  await query(lockOwner, [agentId])
  const [row] = await query<{ count: number }>(countOwn, [agentId, id])
  if ((row?.count ?? 0) >= maxTicketViews)
    throw new TongdaError(
      'bad_input',
      `${String(maxTicketViews)} views are the most one keeps; remove one first`,
    )
}

const findGone = `
select array(select w.id from unnest($1::text[]) as w(id) where not exists
    (select from agents g where g.id = w.id and g.deactivated_at is null)) as agents,
  array(select w.id from unnest($2::text[]) as w(id) where not exists
    (select from teams m where m.id::text = w.id)) as teams,
  array(select w.tag from unnest($3::text[]) as w(tag) where not exists
    (select from tickets t where t.tags @> array[w.tag])) as tags`

interface GoneRow extends Row, GoneFromView {}

/** The views that agents made, on one database. */
export const createTicketViewStore = ({ query, transaction }: Database): TicketViewStore => ({
  list: (agentId) => query<ViewRow>(listSeen, [agentId]),
  get: (agentId, id) => findView(query, agentId, id),
  create: (agentId, facts, now, idempotencyKey) =>
    transaction(async (within) => {
      const id = keyedId(idempotencyKey === undefined ? undefined : `view:${agentId}:${idempotencyKey}`)
      await checkRoom(within, agentId, id)
      await within(insert, [id, agentId, ...valuesOf(facts), now])
      return findView(within, agentId, id)
    }),
  change: (agentId, id, { facts, version }, now) =>
    transaction(async (within) => {
      const before = await findView(within, agentId, id)
      if (before.ownerId !== agentId) throw goneError()
      const values = valuesOf({ ...before, ...facts })
      const [changed] = await within(update, [agentId, id, version, ...values, now])
      if (changed === undefined)
        throw new TongdaError('conflict', 'the view was changed meanwhile; look at it, then try again')
      return findView(within, agentId, id)
    }),
  remove: async (agentId, id) => {
    const rows = isUuid(id)
      ? await query('delete from ticket_views where owner_id = $1 and id = $2 returning id', [agentId, id])
      : []
    if (rows.length === 0) throw goneError()
  },
  gone: async ({ holder, teams, tags }) => {
    const agents = holder?.who === 'agent' ? [holder.agentId] : []
    const [row] = await query<GoneRow>(findGone, [agents, [...teams], [...tags]])
    return row ?? { agents: [], teams: [], tags: [] }
  },
})
