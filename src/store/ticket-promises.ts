import { v7 as uuid } from 'uuid'
import { z } from 'zod'
import type {
  Alert,
  AlertStore,
  AlarmAudience,
  PromiseBook,
  PromiseCourse,
  Promises,
  TermsSince,
} from '../core/promise.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { addHistory } from './ticket-history.ts'
import { inDangerAt } from './ticket-rows.ts'

const findChanged = `
select id from tickets where reckoned_version <> version order by updated_at limit 1 for no key update skip locked`

const readCourse = `
select t.id as "ticketId", t.number, t.kind, t.priority, c.channel, p.tier, t.topic, t.state, t.version,
  t.created_at as "createdAt", t.updated_at as "updatedAt", t.first_replied_at as "firstRepliedAt",
  t.first_reply_due_at as "firstReplyDueAt", t.next_reply_due_at as "nextReplyDueAt",
  t.resolution_due_at as "resolutionDueAt", ${inDangerAt} as "dangerAt", t.paused_at as "pausedAt", t.promise_terms as terms,
  (select jsonb_agg(jsonb_build_object('at', h.at, 'actor', h.actor, 'change', h.change, 'detail', h.detail - 'brief')
    order by h.id) from ticket_timeline h where h.ticket_id = t.id) as history
from tickets t join conversations c on c.id = t.conversation_id join contacts p on p.id = t.contact_id
where t.id = $1`

const Terms = z.array(
  z.object({
    policy: z.string(),
    firstReplyMs: z.number(),
    nextReplyMs: z.number(),
    resolutionMs: z.number(),
    calendar: z.string().optional(),
    from: z.coerce.date(),
  }),
)

type Line = PromiseCourse['history'][number]
type Plain = Omit<
  PromiseCourse,
  'facts' | 'terms' | 'history' | 'firstRepliedAt' | 'nextReplyDueAt' | 'dangerAt' | 'pausedAt'
>
type CourseRow = Row &
  Plain &
  Omit<PromiseCourse['facts'], 'tier'> & {
    readonly tier: string | null
    readonly firstRepliedAt: Date | null
    readonly nextReplyDueAt: Date | null
    readonly dangerAt: Date | null
    readonly pausedAt: Date | null
    readonly terms: unknown
    readonly history: readonly (Omit<Line, 'at'> & { readonly at: string })[] | null
  }

const toTerms = (terms: unknown): readonly TermsSince[] =>
  Terms.parse(terms).map(({ calendar, ...rest }) => ({
    ...rest,
    ...(calendar === undefined ? {} : { calendar }),
  }))

const toCourse = (row: CourseRow): PromiseCourse => {
  const { kind, priority, channel, tier, terms, history, ...others } = row
  const { firstRepliedAt, nextReplyDueAt, dangerAt, pausedAt, ...plain } = others
  return {
    ...plain,
    facts: { kind, priority, channel, ...(tier === null ? {} : { tier }) },
    ...(firstRepliedAt === null ? {} : { firstRepliedAt }),
    ...(nextReplyDueAt === null ? {} : { nextReplyDueAt }),
    ...(dangerAt === null ? {} : { dangerAt }),
    ...(pausedAt === null ? {} : { pausedAt }),
    terms: toTerms(terms),
    history: (history ?? []).map((line) => ({ ...line, at: new Date(line.at) })),
  }
}

const read = async (query: Query, ticketId: string): Promise<PromiseCourse | undefined> => {
  const [row] = await query<CourseRow>(readCourse, [ticketId])
  return row === undefined ? undefined : toCourse(row)
}

// What is reckoned from a ticket is no change of it: whoever writes to it need not have seen this.
const keep = `
update tickets set promise_terms = $2::jsonb, first_reply_due_at = $3, next_reply_due_at = $4, resolution_due_at = $5,
  paused_at = $6, due_at = $7, danger_at = $8, reckoned_version = version where id = $1`

const keepPromises = (query: Query, ticketId: string, promises: Promises): Promise<unknown> => {
  const { terms, firstReplyDueAt, nextReplyDueAt, resolutionDueAt, pausedAt, dueAt, dangerAt } = promises
  return query(keep, [
    ...[ticketId, toJson(terms), firstReplyDueAt, nextReplyDueAt ?? null, resolutionDueAt],
    ...[pausedAt ?? null, dueAt ?? null, dangerAt ?? null],
  ])
}

const audiences: Readonly<Record<AlarmAudience, string>> = {
  assignee: `select g.id, g.name from tickets t join agents g on g.id = t.assignee_id
    where t.id = $1 and g.deactivated_at is null`,
  lead: `select g.id, g.name from tickets t join team_members m on m.team_id = t.team_id and m.grade = 'lead'
    join agents g on g.id = m.agent_id where t.id = $1 and g.deactivated_at is null`,
  supervisor: `select g.id, g.name from agents g
    where g.role in ('supervisor', 'admin') and g.deactivated_at is null and $1::uuid is not null`,
}
const upwards: readonly AlarmAudience[] = ['assignee', 'lead', 'supervisor']

interface Person extends Row {
  readonly id: string
  readonly name: string
}

/** The people of an audience; where there are none, those of the next. */
const peopleOf = async (
  query: Query,
  ticketId: string,
  audience: AlarmAudience,
): Promise<readonly Person[]> => {
  for (const one of upwards.slice(upwards.indexOf(audience))) {
    const people = await query<Person>(`${audiences[one]} order by g.name`, [ticketId])
    if (people.length > 0) return people
  }
  return []
}

const addAlerts = `
insert into alerts (id, agent_id, ticket_id, promise, since, step, due_at, created_at)
select x.id, x.agent, $2, $3, $4, $5, $6, $7 from jsonb_to_recordset($1::jsonb) as x(id uuid, agent text)
on conflict do nothing`

const raise: PromiseBook['raise'] = async (query, alarm, now) => {
  const { ticketId, promise, since, dueAt, step, tell } = alarm
  const found: Person[] = []
  for (const audience of tell) found.push(...(await peopleOf(query, ticketId, audience)))
  const people = [...new Map(found.map((person) => [person.id, person])).values()]
  const rows = toJson(people.map(({ id }) => ({ id: uuid(), agent: id })))
  await query(addAlerts, [rows, ticketId, promise, since, step, dueAt, now])
  const names = people.map(({ name }) => name)
  const change = step < 0 ? 'promise-in-danger' : 'promise-broken'
  const actor = { author: 'system', rule: 'promises' } as const
  await addHistory(
    query,
    { ticketId, actor, change, detail: { promise, since, dueAt, step, told: names } },
    now,
  )
}

const lockTicket = 'select id from tickets where id = $1 for no key update'

const forget = `update tickets set reckoned_version = 0 where state not in ('solved', 'closed')`
const forgetIncomplete = `${forget} and due_at is not null and danger_at is null`

/** The promises of tickets on one database. */
export const createPromiseBook = (database: Database): PromiseBook => ({
  reckonChanged: async (limit, reckon, then) => {
    for (let done = 0; done < limit; done += 1) {
      const found = await database.transaction(async (transaction) => {
        const [changed] = await transaction<{ id: string }>(findChanged)
        if (changed === undefined) return false
        // Read after it is locked: what was written while we looked for it belongs to it.
        const course = await read(transaction, changed.id)
        if (course === undefined) return false
        const promises = reckon(course)
        await keepPromises(transaction, changed.id, promises)
        await then(transaction, course, promises)
        return true
      })
      if (!found) return done
    }
    return limit
  },
  forgetReckoning: async () => {
    await database.query(forget)
  },
  forgetIncomplete: async () => {
    await database.query(forgetIncomplete)
  },
  lock: async (query, ticketId) => {
    await query(lockTicket, [ticketId])
    return read(query, ticketId)
  },
  raise,
})

const listAlerts = `
select a.id, a.ticket_id as "ticketId", t.number, coalesce(t.subject, t.title) as title, a.promise,
  case when a.step < 0 then 'danger' else 'broken' end as kind, a.due_at as "dueAt", a.created_at as "createdAt",
  a.seen_at as "seenAt"
from alerts a join tickets t on t.id = a.ticket_id
where a.agent_id = $1 and ($2::boolean is false or a.seen_at is null) order by a.created_at desc, a.id desc limit $3`

const see = `update alerts set seen_at = $3 where agent_id = $1 and id = any($2::uuid[]) and seen_at is null`

type AlertRow = Row & Omit<Alert, 'seenAt'> & { readonly seenAt: Date | null }

/** What people were told of promises, on one database. */
export const createAlertStore = ({ query }: Database): AlertStore => ({
  list: async (agentId, { unseen, limit }) =>
    (await query<AlertRow>(listAlerts, [agentId, unseen, limit])).map(({ seenAt, ...alert }) => ({
      ...alert,
      ...(seenAt === null ? {} : { seenAt }),
    })),
  see: async (agentId, ids, now) => {
    await query(see, [agentId, ids, now])
  },
})
