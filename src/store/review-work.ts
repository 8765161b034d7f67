import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { ReviewSubject } from '../core/review-form.ts'
import type { ReviewableWork } from '../core/review.ts'
import type { Query, Row } from './database.ts'
import { present } from './incident-rows.ts'

/** How sure the bot was: of the article it gave, else of the topic. Of a message `m`. */
const confidence = `coalesce(
  (select (c ->> 'score')::float8 from jsonb_array_elements(m.decision -> 'classification' -> 'candidates') c
    where c ->> 'articleId' = m.decision ->> 'articleId' limit 1),
  (m.decision -> 'classification' ->> 'confidence')::float8)`

/** Work of each kind, with the names of `ReviewableWork`, and `kind`, `grade` and the like for conditions. */
export const workOf: Readonly<Record<ReviewSubject, string>> = {
  ticket: `
    select 'ticket'::text as subject, t.id as "workId", t.id as "ticketId", t.conversation_id as "conversationId",
      t.solved_at as "workAt", t.assignee_id as "revieweeId", t.team_id as "teamId", c.channel, t.topic,
      null::text as "articleId", null::float8 as confidence
    from tickets t join conversations c on c.id = t.conversation_id
    where t.state in ('solved', 'closed') and t.merged_into is null and t.assignee_id is not null
      and t.solved_at is not null`,
  'bot-answer': `
    select 'bot-answer'::text as subject, m.id as "workId", null::uuid as "ticketId",
      m.conversation_id as "conversationId", m.created_at as "workAt", null::text as "revieweeId",
      null::uuid as "teamId", c.channel, coalesce(m.decision -> 'classification' ->> 'topic', 'none') as topic,
      m.decision ->> 'articleId' as "articleId", ${confidence} as confidence
    from messages m join conversations c on c.id = m.conversation_id
    where m.direction = 'in' and m.decision is not null`,
  'complaint-decision': `
    select 'complaint-decision'::text as subject, d.id as "workId", t.id as "ticketId",
      t.conversation_id as "conversationId", d.settled_at as "workAt", d.proposed_by as "revieweeId",
      t.team_id as "teamId", c.channel, t.topic, null::text as "articleId", null::float8 as confidence
    from case_decisions d join complaint_cases k on k.id = d.case_id join tickets t on t.id = k.ticket_id
    join conversations c on c.id = t.conversation_id where d.state = 'effective'`,
}

const idOf: Readonly<Record<ReviewSubject, string>> = {
  ticket: 't.id',
  'bot-answer': 'm.id',
  'complaint-decision': 'd.id',
}

const expected: Readonly<Record<ReviewSubject, string>> = {
  ticket: 'there is no such ticket that an agent solved; only those are reviewed',
  'bot-answer':
    'there is no such message of a contact that the bot decided about; name the contact’s message',
  'complaint-decision': 'there is no such decision that took effect; only those are reviewed',
}

/** Finds one work. Throws `bad_input` where there is none that can be reviewed. */
export const findWork = async (
  query: Query,
  subject: ReviewSubject,
  workId: string,
): Promise<ReviewableWork> => {
  const [row] = validate(workId) ? await query(`${workOf[subject]} and ${idOf[subject]} = $1`, [workId]) : []
  if (row === undefined) throw new TongdaError('bad_input', expected[subject])
  return present(row) as Row & ReviewableWork
}
