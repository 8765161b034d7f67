import type { SurveyCount, SurveyGrouping, SurveyInvitation, SurveyRecords } from '../core/survey.ts'
import type { Database, Row } from './database.ts'

const listSome = `
select v.id, v.ticket_id as "ticketId", t.number as "ticketNumber", c.contact_id as "contactId",
  v.conversation_id as "conversationId", c.inbox_id as "inboxId", v.channel, v.agent_id as "agentId",
  v.team_id as "teamId", v.topic, v.state, v.reason, v.due_at as "dueAt", v.asked_at as "askedAt",
  v.expires_at as "expiresAt", v.answered_at as "answeredAt", v.score, v.comment,
  v.review_ticket_id as "reviewTicketId", v.version
from survey_invitations v join conversations c on c.id = v.conversation_id join tickets t on t.id = v.ticket_id
where ($1::uuid is null or v.ticket_id = $1) and ($2::text[] is null or v.state = any($2))
  and ($3::int is null or v.score <= $3) and ($4::uuid is null or v.id < $4)
order by v.id desc limit $5`

/** What a group is known by, and what people call it. */
const groups: Readonly<Record<SurveyGrouping, readonly [key: string, name: string]>> = {
  all: ['null::text', 'null::text'],
  team: ['v.team_id::text', '(select name_zh from teams where id = v.team_id)'],
  agent: ['v.agent_id', '(select name from agents where id = v.agent_id)'],
  channel: ['v.channel', 'null::text'],
  topic: ['v.topic', 'null::text'],
}

const scoreCounts = [1, 2, 3, 4, 5]
  .map((score) => `(count(*) filter (where v.score = ${String(score)}))::int`)
  .join(', ')

const countBy = (by: SurveyGrouping): string => `
select ${groups[by][0]} as key, ${groups[by][1]} as name, count(*)::int as asked, jsonb_build_array(${scoreCounts}) as scores
from survey_invitations v
where v.campaign_id is null and v.asked_at >= $1 and v.asked_at < $2 and ($3::text is null or v.agent_id = $3)
group by 1, 2 order by asked desc, key`

interface CountRow extends Row {
  readonly key: string | null
  readonly name: string | null
  readonly asked: number
  readonly scores: readonly number[]
}

const toCount = ({ key, name, asked, scores }: CountRow): SurveyCount => ({
  ...(key === null ? {} : { key }),
  ...(name === null ? {} : { name }),
  ...{ asked, scores },
})

/** Reads surveys of one database. */
export const createSurveyRecords = ({ query }: Database): SurveyRecords => ({
  list: async ({ ticketId, states, mostScore }, { after, limit }) =>
    (await query(listSome, [ticketId, states, mostScore, after, limit])).map(
      (row) =>
        Object.fromEntries(
          Object.entries(row).filter(([, value]) => value !== null),
        ) as unknown as SurveyInvitation,
    ),
  count: async ({ from, to, by, agentId }) =>
    (await query<CountRow>(countBy(by), [from, to, agentId])).map(toCount),
})
