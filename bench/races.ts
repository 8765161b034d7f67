import { randomUUID } from 'node:crypto'
import { initialDialogue } from '../src/core/conversation.ts'
import { TongdaError } from '../src/core/errors.ts'
import { silentLog } from '../src/core/log.ts'
import type { AssignPolicy } from '../src/core/queue.ts'
import {
  createAgentDirectory,
  createAssignment,
  createPresenceStore,
  createTeamMembers,
  createTeamStore,
  createTicketStore,
  type Database,
  openPostgres,
} from '../src/store/index.ts'
import { createRandom } from './random.ts'

/** How hard to be. */
export interface RacesOptions {
  readonly url: string
  readonly agents: number
  readonly tickets: number
  /** Of the order in which people grab. */
  readonly seed: number
}

/** What came of fifty people who want the same. Everything but the first four and the times must be 0. */
export interface RacesResult {
  readonly agents: number
  readonly tickets: number
  readonly tries: number
  readonly refusals: number
  readonly withoutWinner: number
  readonly withSeveralWinners: number
  /** Refusals that did not name whoever had it. */
  readonly unnamed: number
  readonly otherErrors: number
  readonly takeSeconds: number
  /** Then two nodes give the same number of tickets away by rule, to all but one, who is offline. */
  readonly assigned: number
  readonly assignedTwice: number
  readonly aboveCapacity: number
  readonly toTheAbsent: number
  readonly assignSeconds: number
}

const openTickets = `
with made as (
  insert into contacts (id, display_name) select gen_random_uuid(), 'c' from generate_series(1, $1::int) returning id
), talks as (
  insert into conversations (id, inbox_id, channel, thread_key, contact_key, contact_id, mode, dialogue, created_at)
  select gen_random_uuid(), 'bench', 'web', id::text, id::text, id, 'human', '{}', now() from made returning id, contact_id
)
insert into tickets (id, number, conversation_id, contact_id, kind, topic, priority, state, title, summary, reason,
  created_at, updated_at, first_reply_due_at, resolution_due_at)
select gen_random_uuid(), nextval('ticket_numbers')::int, id, contact_id, 'question', 'vip-refund', 'normal', 'new',
  't', 's', 'r', now(), now(), now() + interval '1 day', now() + interval '3 days'
from talks returning id`

const seconds = (sinceMs: number): number => Math.round((performance.now() - sinceMs) / 10) / 100

const count = async ({ query }: Database, text: string, params: readonly unknown[] = []): Promise<number> =>
  (await query<{ count: number }>(text, params))[0]?.count ?? 0

/** Every agent tries every ticket once, in an order of their own; half of them on each node. */
const grabAll = async (
  nodes: readonly Database[],
  agents: readonly string[],
  tickets: readonly string[],
  seed: number,
) => {
  const stores = nodes.map((database) => createTicketStore(database, initialDialogue))
  const now = new Date()
  const outcomes = { won: 0, refused: 0, unnamed: 0, other: 0 }
  const grab = async (agentId: string, place: number): Promise<void> => {
    const random = createRandom(seed + place)
    // The same order for all, a little out of step: so that they meet at every ticket.
    const order = tickets
      .map((id, at) => ({ id, at: at + random() * place * 0.05 }))
      .sort((one, two) => one.at - two.at)
    for (const { id: ticketId } of order) {
      try {
        await stores[place % stores.length]?.apply(
          {
            ticketId,
            actor: { agentId, name: agentId },
            change: 'taken',
            detail: { force: false },
            set: { state: 'open', assigneeId: agentId, mode: 'human', solvedAt: null },
            onlyIfUnassigned: true,
          },
          now,
        )
        outcomes.won += 1
      } catch (error) {
        if (!(error instanceof TongdaError) || error.code !== 'conflict') outcomes.other += 1
        else {
          outcomes.refused += 1
          if (typeof error.facts.assigneeName !== 'string') outcomes.unnamed += 1
        }
      }
    }
  }
  await Promise.all(agents.map(grab))
  return outcomes
}

const capacity = { junior: 4, agent: 8, senior: 10, lead: 4 }
const grades = ['junior', 'agent', 'senior', 'lead'] as const

/** Both nodes give away until nobody has room. */
const assignAll = async (nodes: readonly Database[], policy: AssignPolicy): Promise<void> => {
  await Promise.all(
    nodes.map(async (database) => {
      const assignment = createAssignment(database, initialDialogue)
      const now = new Date()
      for (let after = 0; ;) {
        const page = await assignment.route({ after, limit: 200 }, now)
        if (page === undefined) break
        after = page.last
      }
      while ((await assignment.assignNext(policy, new Date())) !== undefined) continue
    }),
  )
}

const aboveCapacity = `
select count(*)::int as count from (
  select m.agent_id, count(t.id) as carried, max(($1::jsonb ->> m.grade)::int) as most
  from team_members m join tickets t on t.assignee_id = m.agent_id and t.state in ('new', 'open') group by m.agent_id
) x where carried > most`

const twice = `
select count(*)::int as count from (
  select ticket_id from ticket_timeline where change = 'assigned' group by ticket_id having count(*) > 1) x`

const assignByRule = async (
  nodes: readonly Database[],
  own: Database,
  agents: readonly string[],
  tickets: number,
): Promise<
  Pick<RacesResult, 'assigned' | 'assignedTwice' | 'aboveCapacity' | 'toTheAbsent' | 'assignSeconds'>
> => {
  await own.query(`update tickets set state = 'solved', solved_at = now()`)
  const team = await createTeamStore(own).create(
    {
      name: { zh: '组', en: 'Team' },
      spread: 'leastLoaded',
      takes: { kinds: [], topics: [], priorities: [], channels: [] },
      skills: {},
      isDefault: true,
    },
    new Date(),
  )
  const presence = createPresenceStore(own)
  for (const [place, agentId] of agents.entries()) {
    const grade = grades[place % grades.length] ?? 'agent'
    await createTeamMembers(own).put({ teamId: team.id, agentId, grade, skills: [] })
    await presence.set(agentId, place === 0 ? 'offline' : 'online', new Date())
  }
  await own.query(openTickets, [tickets])
  const startedAt = performance.now()
  await assignAll(nodes, { capacity, silentBefore: new Date(0), countedAfter: new Date(0) })
  const assignSeconds = seconds(startedAt)
  return {
    assigned: await count(
      own,
      `select count(*)::int as count from tickets where state = 'open' and assignee_id is not null`,
    ),
    assignedTwice: await count(own, twice),
    aboveCapacity: await count(own, aboveCapacity, [JSON.stringify(capacity)]),
    toTheAbsent: await count(
      own,
      `select count(*)::int as count from tickets where state = 'open' and assignee_id = $1`,
      [agents[0]],
    ),
    assignSeconds,
  }
}

/** Two nodes on one PostgreSQL: people race for tickets by hand, then the queue gives tickets away on both at once. */
export const races = async ({ url, agents: people, tickets, seed }: RacesOptions): Promise<RacesResult> => {
  const options = { url, maxConnections: 10, timeoutMs: 60_000, log: silentLog }
  const nodes = [await openPostgres(options), await openPostgres(options)]
  const [own] = nodes
  if (own === undefined) throw new Error('no node')
  try {
    const directory = createAgentDirectory(own)
    const agents: string[] = []
    for (let n = 0; n < people; n += 1)
      agents.push(
        (await directory.create({ name: `客服${n}`, email: `${randomUUID()}@example.com`, role: 'agent' }))
          .id,
      )
    const ids = (await own.query<{ id: string }>(openTickets, [tickets])).map(({ id }) => id)
    const startedAt = performance.now()
    const { won, refused, unnamed, other } = await grabAll(nodes, agents, ids, seed)
    const takeSeconds = seconds(startedAt)
    const winners = `select count(*)::int as count from (
      select t.id, count(h.id) as won from tickets t left join ticket_timeline h on h.ticket_id = t.id and h.change = 'taken'
      group by t.id) x where won`
    return {
      agents: people,
      tickets,
      tries: won + refused + other,
      refusals: refused,
      withoutWinner: await count(own, `${winners} = 0`),
      withSeveralWinners: await count(own, `${winners} > 1`),
      unnamed,
      otherErrors: other,
      takeSeconds,
      ...(await assignByRule(nodes, own, agents, tickets)),
    }
  } finally {
    await Promise.all(nodes.map((node) => node.close()))
  }
}
