import { v7 as uuid } from 'uuid'
import type { Quota } from '../core/conversation.ts'
import type { PublicLanguage } from '../core/suggestions.ts'
import type { SolvedTicket, SurveyBook, SurveyMoment, SurveyPlan } from '../core/survey.ts'
import { retryCollisions, type Database, type Query, type Row, type Transaction } from './database.ts'
import { lockConversations } from './lock-conversations.ts'
import type { QuotaRow } from './quota.ts'
import { recordEvents } from './record-event.ts'
import { sayDraft } from './say-draft.ts'

/** A ticket that looks into a low score is not asked about itself. */
const unlooked = `
select t.id, t.kind, t.topic, t.solved_at as "solvedAt" from tickets t
where t.state = 'solved' and t.solved_at >= $1 and t.merged_into is null
  and not exists (select from survey_invitations r where r.review_ticket_id = t.id)
  and not exists (select from survey_invitations v where v.ticket_id = t.id
    and (v.solved_at = t.solved_at or v.state not in ('due', 'not-possible')))
order by t.solved_at, t.id limit $2`

/** One that was not asked about an earlier solving may be about this one. */
const keep = `
insert into survey_invitations (id, ticket_id, contact_id, conversation_id, solved_at, agent_id, team_id, channel, topic,
  state, reason, due_at, created_at, settled_at)
select $1, t.id, t.contact_id, t.conversation_id, t.solved_at, t.assignee_id, t.team_id, c.channel, t.topic, $3, $4, $5, $6,
  case when $3 = 'due' then null else $6::timestamptz end
from tickets t join conversations c on c.id = t.conversation_id
where t.id = $2 and t.state = 'solved' and t.merged_into is null
on conflict (ticket_id) do update set contact_id = excluded.contact_id, conversation_id = excluded.conversation_id,
  solved_at = excluded.solved_at, agent_id = excluded.agent_id, team_id = excluded.team_id, channel = excluded.channel,
  topic = excluded.topic, state = excluded.state, reason = excluded.reason, due_at = excluded.due_at,
  settled_at = excluded.settled_at, version = survey_invitations.version + 1
where survey_invitations.state in ('due', 'not-possible') and survey_invitations.solved_at <> excluded.solved_at
returning id`

const keepPlan = async (
  query: Query,
  ticketId: string,
  plan: SurveyPlan,
  now: Date,
): Promise<string | undefined> => {
  const reason = plan.state === 'due' ? null : plan.reason
  const [kept] = await query<{ id: string }>(keep, [uuid(), ticketId, plan.state, reason, plan.dueAt, now])
  return kept?.id
}

const whereIsIt = `
select v.conversation_id as "conversationId", v.ticket_id as "ticketId", c.contact_id as "contactId"
from survey_invitations v join conversations c on c.id = v.conversation_id where v.id = $1`

const saidSince = `from messages m where m.conversation_id = v.conversation_id and m.direction = 'in'
  and m.created_at > v.solved_at and m.wants_reply and exists (
    select from jsonb_array_elements(m.parts) p where p ->> 'kind' <> 'event' or p ->> 'name' in ('choice', 'callback-requested'))`

/** Opening the chat is no message; what a contact said is. */
const readMoment = `
select v.conversation_id, c.inbox_id, c.mode, c.quota, c.last_inbound_at, t.number, c.dialogue ->> 'spoken' as spoken,
  t.state in ('solved', 'closed') and t.solved_at = v.solved_at and t.merged_into is null
    and t.conversation_id = v.conversation_id as still_solved,
  exists (select ${saidSince}) as wrote_since,
  exists (select from survey_stops s join conversations o on o.id = s.conversation_id
    where o.contact_id = c.contact_id) as refused,
  exists (select from survey_invitations o where o.conversation_id = v.conversation_id and o.id <> v.id
    and o.asked_at is not null and o.state = 'asked') as other_open,
  (select max(o.asked_at) from survey_invitations o join conversations d on d.id = o.conversation_id
    where d.contact_id = c.contact_id and o.asked_at is not null) as last_asked_at
from survey_invitations v join conversations c on c.id = v.conversation_id join tickets t on t.id = v.ticket_id
where v.id = $1 and v.state = 'due'`

interface MomentRow extends Row {
  readonly conversation_id: string
  readonly inbox_id: string
  readonly mode: SurveyMoment['place']['mode']
  readonly quota: QuotaRow | null
  readonly last_inbound_at: Date | null
  readonly number: number
  readonly spoken: string | null
  readonly still_solved: boolean
  readonly wrote_since: boolean
  readonly refused: boolean
  readonly other_open: boolean
  readonly last_asked_at: Date | null
}

export const toQuota = (row: QuotaRow): Quota =>
  Object.fromEntries(
    Object.entries(row).map(([name, entry]) => [name, { ...entry, until: new Date(entry.until) }]),
  )

export const languageOf = (spoken: string | null): PublicLanguage => (spoken === 'en' ? 'en' : 'zh')

const toMoment = (row: MomentRow): SurveyMoment => ({
  place: {
    ...{ conversationId: row.conversation_id, inboxId: row.inbox_id, mode: row.mode },
    ...(row.quota === null ? {} : { quota: toQuota(row.quota) }),
    ...(row.last_inbound_at === null ? {} : { lastInboundAt: row.last_inbound_at }),
  },
  ticketNumber: row.number,
  language: languageOf(row.spoken),
  stillSolved: row.still_solved,
  wroteSince: row.wrote_since,
  refused: row.refused,
  otherOpen: row.other_open,
  ...(row.last_asked_at === null ? {} : { lastAskedAt: row.last_asked_at }),
})

/** In the order of lock-conversations.ts; the contact, so that of two conversations one is asked in. */
const lockAll = async (transaction: Transaction, invitationId: string): Promise<void> => {
  const [found] = await transaction<{ conversationId: string; ticketId: string; contactId: string }>(
    whereIsIt,
    [invitationId],
  )
  if (found === undefined) return
  await lockConversations(transaction, [found.conversationId])
  await transaction('select id from tickets where id = $1 for no key update', [found.ticketId])
  await transaction('select id from contacts where id = $1 for no key update', [found.contactId])
  await transaction('select id from survey_invitations where id = $1 for update', [invitationId])
}

const markAsked = `
update survey_invitations set state = 'asked', reason = null, asked_at = $2, expires_at = $3, message_id = $4,
  version = version + 1
where id = $1 returning ticket_id as "ticketId", conversation_id as "conversationId"`

const findPlace = 'select conversation_id as "conversationId" from survey_invitations where id = $1'

/** A number that comes back means the score, not what was offered before. */
export const forgetOffers = `
update conversations set dialogue = jsonb_set(dialogue, '{offered}', '[]') where id = $1 returning contact_id as "contactId"`

const ask: SurveyBook['ask'] = async (query, invitationId, { draft, expiresAt }, now) => {
  const [place] = await query<{ conversationId: string }>(findPlace, [invitationId])
  if (place === undefined) throw new Error('the invitation is not there')
  const { conversationId } = place
  const messageId = await sayDraft(query, { draft, conversationId, agentId: null, holdMs: 0, now })
  const [asked] = await query<{ ticketId: string }>(markAsked, [invitationId, now, expiresAt, messageId])
  const [about] = await query<{ contactId: string }>(forgetOffers, [conversationId])
  await recordEvents(query, [
    {
      ...{ type: 'survey.asked', at: now, conversationId, data: { invitationId, messageId } },
      ...(asked === undefined ? {} : { ticketId: asked.ticketId }),
      ...(about === undefined ? {} : { contactId: about.contactId }),
    },
  ])
}

const markNotPossible = `
update survey_invitations set state = 'not-possible', reason = $2, settled_at = $3, version = version + 1
where id = $1 and state = 'due'`

const expireSome = `
update survey_invitations set state = 'expired', settled_at = $1, version = version + 1
where id in (select id from survey_invitations where state = 'asked' and expires_at <= $1
  order by expires_at limit $2 for update skip locked) returning id`

/** Who is asked, on one database. */
export const createSurveyBook = (database: Database): SurveyBook => ({
  plan: ({ since, limit }, decide, then, now) =>
    retryCollisions(() =>
      database.transaction(async (transaction) => {
        const tickets = await transaction<SolvedTicket & Row>(unlooked, [since, limit])
        for (const ticket of tickets) {
          const plan = decide(ticket)
          const id = await keepPlan(transaction, ticket.id, plan, now)
          if (id !== undefined && plan.state === 'due') await then(transaction, id, plan.dueAt)
        }
        return tickets.length
      }),
    ),
  lock: async (transaction, invitationId) => {
    await lockAll(transaction, invitationId)
    const [row] = await transaction<MomentRow>(readMoment, [invitationId])
    return row === undefined ? undefined : toMoment(row)
  },
  ask,
  put: async (transaction, invitationId, reason, now) => {
    await transaction(markNotPossible, [invitationId, reason, now])
  },
  expire: async (now, limit) => (await database.query(expireSome, [now, limit])).length,
})
