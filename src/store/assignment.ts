import { TongdaError } from '../core/errors.ts'
import type { Assigned, Assignment, AssignPolicy, RoutedPage, TransferTarget } from '../core/queue.ts'
import type { Ticket, TicketChange } from '../core/ticket.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { carried } from './presence.ts'
import { dueOf, rankOf, teamFor, waits } from './queue-sql.ts'
import { checkAgent, workingRoles } from './team-members.ts'
import { checkTeam } from './teams.ts'
import { isConflict } from './ticket-rows.ts'
import { tellOf } from './ticket-tides.ts'
import { applyChange } from './tickets.ts'

const teamsExist = 'exists (select 1 from teams where retired_at is null)'

// Each condition is an index's.
const isNeeded = `
select ${teamsExist} and (
  exists (select 1 from tickets t where t.team_id is null and ${waits('t')})
  or exists (select 1 from tickets t where t.team_id is not null and ${waits('t')})) as needed`

const facts = { kind: 't.kind', topic: 't.topic', priority: 't.priority', channel: 'c.channel' }

// Rows that somebody is changing are left for the next look.
const route = `
with page as (
  select t.id, t.number, ${teamFor(facts)} as team
  from tickets t join conversations c on c.id = t.conversation_id
  where t.team_id is null and ${waits('t')} and t.number > $1
  order by t.number limit $2 for no key update of t skip locked
), changed as (
  update tickets t set team_id = page.team, queued_at = $3, updated_at = $3, version = t.version + 1
  from page where t.id = page.id and page.team is not null returning t.*
), logged as (
  ${tellOf('$3', 'routed')}
), history as (
  insert into ticket_timeline (ticket_id, at, actor, change, detail)
  select id, $3, 'system', 'routed', jsonb_build_object('rule', 'team', 'facts',
    jsonb_build_object('teamId', jsonb_build_object('from', null, 'to', team_id))) from changed
)
select id, number, team is not null as routed from page order by number`

interface PageRow extends Row {
  readonly id: string
  readonly number: number
  readonly routed: boolean
}

const routePage = async (
  query: Query,
  { after, limit }: Parameters<Assignment['route']>[0],
  now: Date,
): Promise<RoutedPage | undefined> => {
  const rows = await query<PageRow>(route, [after, limit, now])
  const last = rows.at(-1)
  if (last === undefined) return undefined
  return { ticketIds: rows.filter(({ routed }) => routed).map(({ id }) => id), last: last.number }
}

/**
 * One assignment at a time over all nodes: it reads what everybody carries, and two that read at once would both give
 * the last place away. It takes milliseconds, and nothing else waits for this lock.
 */
const lockAssigning = `select pg_advisory_xact_lock(hashtext('tongda.assigning'))`

/** Who is there: online, heard of lately, not idle. */
const isThere = (silent: `$${number}`, idle: `$${number}`): string =>
  `p.availability = 'online' and p.seen_at >= ${silent} and (${idle}::timestamptz is null or p.active_at >= ${idle})`

// The first ticket in order that anybody free can take, and who of them takes it.
const pick = `
with free as (
  select m.team_id, m.agent_id, m.skills, m.last_assigned_at, c.load, cap.most::int as most
  from team_members m
  join presence p on p.agent_id = m.agent_id and ${isThere('$1', '$2')}
  join agents g on g.id = m.agent_id and g.role = any($3::text[]) and g.deactivated_at is null
  join jsonb_each_text($4::jsonb) as cap(grade, most) on cap.grade = m.grade
  cross join lateral (
    select count(*)::int as load from tickets t where t.assignee_id = m.agent_id and ${carried('$5')}
  ) c
  where c.load < cap.most::int
)
select t.id, t.version, t.team_id, f.agent_id, f.load, t.spread
from (
  -- In order already: the first that finds somebody ends the search, however many wait behind it.
  select t.id, t.version, t.team_id, k.spread, k.skills ->> t.topic as skill, ${rankOf('t.priority')} as rank,
    ${dueOf('t')} as due, t.number
  from tickets t join teams k on k.id = t.team_id and k.retired_at is null
  where t.team_id is not null and ${waits('t')} and exists (select 1 from free)
  order by rank, due, t.number
) t
cross join lateral (
  select f.* from free f where f.team_id = t.team_id and (t.skill is null or t.skill = any(f.skills))
  order by case when t.spread = 'leastLoaded' then f.load::float8 / f.most else 0 end,
    f.last_assigned_at nulls first, f.agent_id limit 1
) f
order by t.rank, t.due, t.number limit 1`

interface PickRow extends Row {
  readonly id: string
  readonly version: number
  readonly team_id: string
  readonly agent_id: string
  readonly load: number
  readonly spread: string
}

// Whoever goes offline meanwhile waits until the ticket is theirs, or it is never given to them.
const lockPresence = `
select p.agent_id from presence p where p.agent_id = $3 and ${isThere('$1', '$2')} for no key update`

/** A step came to nothing because something moved; the next one sees how it is now. */
type Step = Assigned | 'again' | undefined

const assignOnce = async (
  query: Query,
  policy: AssignPolicy,
  { dialogue, now }: { readonly dialogue: string; readonly now: Date },
): Promise<Step> => {
  const { silentBefore, idleBefore, capacity, countedAfter } = policy
  await query(lockAssigning)
  const [picked] = await query<PickRow>(pick, [
    silentBefore,
    idleBefore,
    [...workingRoles],
    toJson(capacity),
    countedAfter,
  ])
  if (picked === undefined) return undefined
  const { id: ticketId, team_id: teamId, agent_id: agentId, spread, load } = picked
  const there = await query(lockPresence, [silentBefore, idleBefore, agentId])
  if (there.length === 0) return 'again'
  await applyChange(
    query,
    {
      ticketId,
      expectedVersion: picked.version,
      actor: { author: 'system', rule: 'queue' },
      change: 'assigned',
      detail: { agentId, teamId, spread, load },
      set: { state: 'open', assigneeId: agentId, mode: 'human' },
      onlyIfUnassigned: true,
    },
    dialogue,
    now,
  )
  await query('update team_members set last_assigned_at = $3 where team_id = $1 and agent_id = $2', [
    teamId,
    agentId,
    now,
  ])
  return { ticketId, teamId, agentId }
}

/** What somebody changed while it was looked at is looked at again, or left for the next time. */
const unlessConflict = async <Result>(work: () => Promise<Result>): Promise<Result | 'again'> => {
  try {
    return await retryCollisions(work)
  } catch (error) {
    if (isConflict(error)) return 'again'
    throw error
  }
}

const patience = 20

// Where no team exists nobody would be given what is taken away.
const listAbsent = `
select t.id, t.version, t.assignee_id from tickets t
join presence p on p.agent_id = t.assignee_id and p.availability = 'offline' and p.since <= $1
where t.state in ('new', 'open') and ${teamsExist} order by ${dueOf('t')}, t.number limit $2`

interface AbsentRow extends Row {
  readonly id: string
  readonly version: number
  readonly assignee_id: string
}

const stillAbsent = `
select agent_id from presence where agent_id = $1 and availability = 'offline' and since <= $2 for share`

const returnOne = async (
  query: Query,
  { id: ticketId, version, assignee_id: agentId }: AbsentRow,
  { before, dialogue, now }: { readonly before: Date; readonly dialogue: string; readonly now: Date },
): Promise<boolean> => {
  if ((await query(stillAbsent, [agentId, before])).length === 0) return false
  const change: TicketChange = {
    ticketId,
    expectedVersion: version,
    actor: { author: 'system', rule: 'agent-offline' },
    change: 'unassigned',
    detail: {},
    set: { assigneeId: null, queuedAt: now, mode: 'human' },
  }
  await applyChange(query, change, dialogue, now)
  return true
}

const presenceOf = `
select ${teamsExist} as teams, (select availability from presence where agent_id = $1 for share) as availability`

const checkTarget = async (query: Query, to: TransferTarget): Promise<void> => {
  if ('teamId' in to) return checkTeam(query, to.teamId)
  await checkAgent(query, to.agentId)
  const [row] = await query<{ teams: boolean; availability: string | null }>(presenceOf, [to.agentId])
  if (row?.teams === true && (row.availability ?? 'offline') === 'offline')
    throw new TongdaError('conflict', 'this agent is offline; choose somebody who is there, or a team')
}

/** Gives tickets to teams and people, on one database. `freshDialogue` as for the ticket store. */
export const createAssignment = (database: Database, freshDialogue: unknown): Assignment => {
  const dialogue = toJson(freshDialogue)
  const assignStep = (policy: AssignPolicy, now: Date): Promise<Step> =>
    unlessConflict(() => database.transaction((query) => assignOnce(query, policy, { dialogue, now })))
  return {
    isNeeded: async () => {
      const [row] = await database.query<{ needed: boolean }>(isNeeded)
      return row?.needed === true
    },
    route: (page, now) => routePage(database.query, page, now),
    assignNext: async (policy, now) => {
      for (let tries = 0; tries < patience; tries += 1) {
        const step = await assignStep(policy, now)
        if (step !== 'again') return step
      }
      return undefined
    },
    returnAbsent: async (before, now, limit) => {
      const returned: string[] = []
      for (const row of await database.query<AbsentRow>(listAbsent, [before, limit])) {
        const facts = { before, dialogue, now }
        const done = await unlessConflict(() => database.transaction((query) => returnOne(query, row, facts)))
        if (done === true) returned.push(row.id)
      }
      return returned
    },
    give: (change, to, now) =>
      retryCollisions(() =>
        database.transaction(async (query): Promise<Ticket> => {
          await checkTarget(query, to)
          return applyChange(query, change, dialogue, now)
        }),
      ),
  }
}
