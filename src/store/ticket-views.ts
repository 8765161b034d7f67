import { validate as isUuid } from 'uuid'
import { permissions, roles } from '../core/agent.ts'
import { TongdaError } from '../core/errors.ts'
import {
  maxTicketViews,
  type GoneFromView,
  type TicketFilter,
  type TicketOrder,
  type TicketView,
  type TicketViewFacts,
  type TicketViewStore,
  type ViewTeam,
} from '../core/ticket-view.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { keyedId } from './keyed-id.ts'

interface ViewRow extends Row {
  readonly id: string
  readonly ownerId: string
  readonly ownerName: string
  readonly name: string
  readonly shared: boolean
  readonly teamId: string | null
  readonly filter: TicketFilter
  readonly order: TicketOrder
  readonly createdAt: Date
  readonly updatedAt: Date
  readonly version: number
}

/** Who has to do with every team; `$2` of the statements that tell who sees what. */
const leaders = roles.filter((role) => permissions[role].includes('team.manage'))
const isOf = (agent: string, team: string): string => `(${agent}.role = any($2::text[]) or exists (
  select from team_members k where k.team_id = ${team}.id and k.agent_id = ${agent}.id))`

// A team counts as long as it is there and the owner has to do with it.
const read = `select v.id, v.owner_id as "ownerId", g.name as "ownerName", v.name, v.shared, w.id as "teamId", v.filter,
  v.sorted as "order", v.created_at as "createdAt", v.updated_at as "updatedAt", v.version
from ticket_views v join agents g on g.id = v.owner_id
left join teams w on w.id = v.team_id and w.retired_at is null and ${isOf('g', 'w')}`
const seen = `(v.owner_id = $1 or (g.deactivated_at is null and (v.shared or (w.id is not null and exists (
  select from agents l where l.id = $1 and ${isOf('l', 'w')})))))`
const listSeen = `${read} where ${seen} order by v.owner_id <> $1, v.name, v.id`
const findSeen = `${read} where v.id = $3 and ${seen}`
const listTeams = `select t.id, t.name_zh, t.name_en from teams t join agents g on g.id = $1
where t.retired_at is null and ${isOf('g', 't')} order by t.name_zh, t.id`
const insert = `
insert into ticket_views (id, owner_id, name, shared, team_id, filter, sorted, created_at, updated_at)
values ($1, $2, $3, $4, $5::uuid, $6::jsonb, $7, $8, $8) on conflict (id) do nothing`
const update = `
update ticket_views set name = $4, shared = $5, team_id = $6::uuid, filter = $7::jsonb, sorted = $8, updated_at = $9,
  version = version + 1
where owner_id = $1 and id = $2 and version = $3 returning id`

const valuesOf = ({ name, shared, teamId, filter, order }: TicketViewFacts): readonly unknown[] => [
  ...[name, shared, shared ? null : (teamId ?? null), toJson(filter), order],
]

const toView = ({ teamId, ...row }: ViewRow): TicketView => ({
  ...row,
  ...(teamId === null ? {} : { teamId }),
})

const goneError = (): TongdaError =>
  new TongdaError('not_found', 'there is no such view; it may have been removed')

const findView = async (query: Query, agentId: string, id: string): Promise<TicketView> => {
  const [row] = isUuid(id) ? await query<ViewRow>(findSeen, [agentId, leaders, id]) : []
  if (row === undefined) throw goneError()
  return toView(row)
}

interface TeamRow extends Row {
  readonly id: string
  readonly name_zh: string
  readonly name_en: string
}

const teamsOf = async (query: Query, agentId: string): Promise<readonly ViewTeam[]> =>
  (await query<TeamRow>(listTeams, [agentId, leaders])).map(({ id, name_zh: zh, name_en: en }) => ({
    id,
    name: { zh, en },
  }))

const checkTeam = async (
  query: Query,
  agentId: string,
  { shared, teamId }: Partial<TicketViewFacts>,
): Promise<void> => {
  if (shared === true || teamId === undefined) return
  if (!(await teamsOf(query, agentId)).some(({ id }) => id === teamId))
    throw new TongdaError('bad_input', 'there is no such team, or you are not in it; choose one of yours')
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
  list: async (agentId) => (await query<ViewRow>(listSeen, [agentId, leaders])).map(toView),
  get: (agentId, id) => findView(query, agentId, id),
  create: (agentId, facts, now, idempotencyKey) =>
    transaction(async (within) => {
      const id = keyedId(idempotencyKey === undefined ? undefined : `view:${agentId}:${idempotencyKey}`)
      await checkRoom(within, agentId, id)
      await checkTeam(within, agentId, facts)
      await within(insert, [id, agentId, ...valuesOf(facts), now])
      return findView(within, agentId, id)
    }),
  change: (agentId, id, { facts, version }, now) =>
    transaction(async (within) => {
      const before = await findView(within, agentId, id)
      if (before.ownerId !== agentId) throw goneError()
      await checkTeam(within, agentId, facts)
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
  teams: (agentId) => teamsOf(query, agentId),
})
