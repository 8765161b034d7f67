import { v7 as uuid } from 'uuid'
import type { BothWords } from '../core/form-progress.ts'
import type {
  Collected,
  CollectedSuggestion,
  FormSuggestion,
  HeardMessage,
  SuggestionIntake,
} from '../core/suggestions.ts'
import { toJson, type Database, type Query, type Row } from './database.ts'
import { moveReader, placeOf } from './event-readers.ts'
import { recordEvents } from './record-event.ts'

const reader = 'suggestions'

/** Within so many lines of a conversation the decision about a message is looked for. */
const lookAhead = 50

/**
 * What was decided about a message typed in pieces stands with the last piece. Lines are taken in their order first and looked
 * at then: asked for decisions at once, a planner without statistics reads and sorts the rest of the conversation.
 */
const readMessages = `
select m.id, m.conversation_id, m.created_at, m.sent_at, m.parts, m.wants_reply, m.pending, d.kind, d.rule
from messages m
left join lateral (
  select n.decision ->> 'kind' as kind, n.decision ->> 'rule' as rule from (
    select x.seq, x.direction, x.decision from messages x
    where x.conversation_id = m.conversation_id and x.seq >= m.seq order by x.seq limit ${String(lookAhead)}) n
  where n.direction = 'in' and n.decision is not null order by n.seq limit 1
) d on true
where m.id = any($1::uuid[]) and m.direction = 'in'`

/** Of a form that tells one case from another by a question, the answer to it; else all that was given in words. */
const readForms = `
select t.id, t.conversation_id, t.created_at, f as form
from tickets t join ticket_timeline h on h.ticket_id = t.id and h.change = 'opened'
cross join jsonb_array_elements(coalesce(h.detail #> '{brief,forms}', '[]')) f
where t.id = any($1::uuid[]) and t.kind = 'feedback'`

/** A form says again what was said before it: then it is the same suggestion. */
const insertItems = `
insert into feedback_items (id, source, message_id, ordinal, ticket_id, conversation_id, inbox_id, channel, sentence,
  language, cues, said_at, created_at)
select x.id, case when x.ticket_id is null then 'conversation' else 'form' end, x.message_id, x.ordinal, x.ticket_id,
  c.id, c.inbox_id, c.channel, x.sentence, x.language,
  array(select jsonb_array_elements_text(x.cues)), x.said_at, $2
from jsonb_to_recordset($1::jsonb) as x(id uuid, message_id uuid, ordinal int, ticket_id uuid, conversation_id uuid,
  sentence text, language text, cues jsonb, said_at timestamptz)
join conversations c on c.id = x.conversation_id
where x.ticket_id is null or not exists (
  select from feedback_items i where i.conversation_id = x.conversation_id and i.discarded_at is null
    and i.said_at > x.said_at - interval '1 day'
    and (strpos(x.sentence, i.sentence) > 0 or strpos(i.sentence, x.sentence) > 0))
on conflict do nothing
returning id, conversation_id, source`

const insertRefusals = `
insert into feedback_refusals (conversation_id, message_id, at)
select x.conversation_id, x.message_id, $2
from jsonb_to_recordset($1::jsonb) as x(conversation_id uuid, message_id uuid)
join conversations c on c.id = x.conversation_id
on conflict do nothing`

/** What waited for somebody who wants to hear no more, whatever conversation it waits in. */
const callOff = `
update feedback_notices n set state = 'never', reason = 'said-stop', settled_at = $2
from conversations c join conversations said on said.contact_id = c.contact_id
where n.conversation_id = c.id and said.id = any($1::uuid[]) and n.state in ('planned', 'waits')`

interface MessageRow extends Row {
  readonly id: string
  readonly conversation_id: string
  readonly created_at: Date
  readonly sent_at: Date
  readonly parts: HeardMessage['parts']
  readonly wants_reply: boolean
  readonly pending: boolean
  readonly kind: NonNullable<HeardMessage['decision']>['kind'] | null
  readonly rule: string | null
}

const toHeard = (row: MessageRow): HeardMessage => ({
  messageId: row.id,
  conversationId: row.conversation_id,
  receivedAt: row.created_at,
  saidAt: row.sent_at,
  parts: row.parts,
  wantsReply: row.wants_reply,
  isPending: row.pending,
  ...(row.kind === null || row.rule === null ? {} : { decision: { kind: row.kind, rule: row.rule } }),
})

interface FormRow extends Row {
  readonly id: string
  readonly conversation_id: string
  readonly created_at: Date
  readonly form: {
    readonly subject?: string
    readonly fields: readonly { readonly value: BothWords; readonly files?: readonly unknown[] }[]
  }
}

const toForm = ({
  id,
  conversation_id: conversationId,
  created_at: saidAt,
  form,
}: FormRow): FormSuggestion => {
  // A subject is cut to a title's length; the answer that it begins is whole.
  const answers = form.fields.filter(({ files }) => files === undefined).map(({ value }) => value.zh)
  const { subject } = form
  const titled = subject === undefined ? undefined : answers.find((answer) => answer.startsWith(subject))
  return { ticketId: id, conversationId, saidAt, text: titled ?? subject ?? answers[0] ?? '' }
}

const itemRow = ({ from, saidAt, conversationId, ...rest }: CollectedSuggestion) => ({
  id: uuid(),
  conversation_id: conversationId,
  said_at: saidAt,
  ...rest,
  ticket_id: 'ticketId' in from ? from.ticketId : undefined,
  ...('messageId' in from ? { message_id: from.messageId, ordinal: from.ordinal } : {}),
})

interface KeptRow extends Row {
  readonly id: string
  readonly conversation_id: string
  readonly source: string
}

const keepRefusals = async (query: Query, refusals: Collected['refusals'], now: Date): Promise<void> => {
  if (refusals.length === 0) return
  const rows = refusals.map(({ messageId, conversationId }) => ({
    message_id: messageId,
    conversation_id: conversationId,
  }))
  await query(insertRefusals, [toJson(rows), now])
  await query(callOff, [refusals.map(({ conversationId }) => conversationId), now])
}

const keep = async (
  query: Query,
  { before, after, suggestions, refusals }: Collected,
  now: Date,
): Promise<readonly string[] | undefined> => {
  if (!(await moveReader(query, reader, { before, after }))) return undefined
  await keepRefusals(query, refusals, now)
  if (suggestions.length === 0) return []
  const rows = suggestions.map(itemRow)
  const isForm = ({ ticket_id }: (typeof rows)[number]): boolean => ticket_id !== undefined
  // One after the other: a statement does not see what it adds itself.
  const said = await query<KeptRow>(insertItems, [toJson(rows.filter((row) => !isForm(row))), now])
  const given = await query<KeptRow>(insertItems, [toJson(rows.filter(isForm)), now])
  const kept = [...said, ...given]
  await recordEvents(
    query,
    kept.map(({ id, conversation_id: conversationId, source }) => ({
      type: 'feedback.collected' as const,
      at: now,
      conversationId,
      data: { suggestionId: id, source },
    })),
  )
  return kept.map(({ id }) => id)
}

/** Takes in suggestions on one database. */
export const createSuggestionIntake = (database: Database): SuggestionIntake => ({
  place: async () => (await placeOf(database.query, reader)) ?? '0-0',
  messages: async (ids) => (await database.query<MessageRow>(readMessages, [ids])).map(toHeard),
  forms: async (ids) =>
    (await database.query<FormRow>(readForms, [ids])).map(toForm).filter(({ text }) => text !== ''),
  keep: (collected, now) => database.transaction((query) => keep(query, collected, now)),
})
