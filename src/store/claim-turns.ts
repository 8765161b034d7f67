import type { Claim, ConversationMode, DialogueState, PendingMessage } from '../core/conversation.ts'
import type { OpenSurvey } from '../core/survey-answer.ts'
import type { AskedQuestion } from '../core/tool-call.ts'
import type { Query } from './database.ts'
import { mayHaveArrived } from './outbox.ts'

const isReady = `ready_at <= now() and (lease_until is null or lease_until < now())`

/** So many places before what a turn answers a question is looked for. It is void after any other turn, so it stands among the last. */
const lookBack = 200

/**
 * The messages that offer what the dialogue of `l` offers and were not taken back, and how each came to its contact. One that is not sent, or in an
 * attempt whose end is unknown, does not stand there; what was sent before places were kept stood there at once. What went on
 * the request of a message that this turn answers rode on it all the same: it may be faster than the turn. A long conversation
 * is not read to its beginning; with `+ 0` what waits is found by its own index, not by walking all places from the first.
 */
const asked = `
select jsonb_agg(jsonb_strip_nulls(jsonb_build_object('seq', s.seq, 'shownSeq', d.shown_seq,
  'mayStand', coalesce(d.may_stand, false), 'ridesNext', coalesce(d.rides_next, false))) order by s.seq)
from messages s cross join lateral (
  select case when coalesce(bool_and(o.status = 'sent'), true) then coalesce(max(o.sent_seq), s.seq) end as shown_seq,
    bool_or(o.status = 'withdrawn') as taken_back,
    bool_and(o.status = 'sent' or not (o.status = 'sending' and o.lease_until > now()) and ${mayHaveArrived}) as may_stand,
    bool_or(o.passive_only and (o.status in ('waiting', 'sending') or o.status = 'sent'
      and exists (select from messages p where p.id = o.passive_for and p.pending))) as rides_next
  from outbox o where o.message_id = s.id
) d
where s.conversation_id = l.id and s.author = 'bot' and d.taken_back is not true
  and s.seq > (select min(p.seq + 0) from messages p where p.conversation_id = l.id and p.pending) - ${String(lookBack)}
  and s.parts @> jsonb_build_array(jsonb_build_object('choices', (
    select jsonb_agg(jsonb_build_object('id', f -> 'id')) from jsonb_array_elements(l.dialogue -> 'offered') f)))`

/** Of `leased` conversations all that a turn needs; each line as it stood when the statement began. */
const described = `
select l.id, l.fence::int as fence, l.inbox_id, l.contact_id, l.mode, l.dialogue,
  (extract(epoch from now() - l.ready_at) * 1000)::float8 as ready_for_ms,
  (select tier from contacts where id = l.contact_id) as tier,
  t.id as ticket_id, t.number as ticket_number, t.state as ticket_state,
  (select jsonb_agg(jsonb_build_object('id', m.id, 'seq', m.seq, 'parts', m.parts, 'sentAt', m.sent_at,
      'wantsReply', m.wants_reply, 'mayContinue', m.may_continue, 'passiveUntil', m.passive_until,
      'passiveMs', extract(epoch from m.passive_until - now()) * 1000)
      order by m.sent_at, m.provider_id, m.seq)
    from messages m where m.conversation_id = l.id and m.pending) as pending,
  (select jsonb_build_object('id', v.id, 'expiresAt', v.expires_at, 'score', v.score, 'commented', v.comment is not null,
      'question', (select k.question from survey_campaigns k where k.id = v.campaign_id))
    from survey_invitations v where v.conversation_id = l.id and v.asked_at is not null and v.state in ('asked', 'answered')
    order by v.asked_at desc limit 1) as survey,
  case when l.dialogue ? 'toolCall' then (${asked}) end as questions,
  exists (select from identity_checks i where i.conversation_id = l.id and i.state = 'open') as awaits_code,
  l.fence > 1 + (select c.fence from conversations c where c.id = l.id) as outrun
from leased l
left join lateral (
  select id, number, state from tickets where conversation_id = l.id and merged_into is null
  order by state in ('solved', 'closed'), state = 'pending' desc, coalesce(closed_at, solved_at, updated_at) desc limit 1
) t on true`

/** `$2`: how many of those that wait longest, `$4`: how many of those that wait shortest. */
const claimReady = `
with newest as (
  select id from conversations where ${isReady} order by ready_at desc limit $4 for update skip locked
), oldest as (
  select id from conversations where ${isReady} and id not in (select id from newest)
  order by ready_at limit $2 for update skip locked
), picked as (
  select id from newest union all select id from oldest
), leased as (
  update conversations c
  set lease_owner = $1, lease_until = now() + $3 * interval '1 millisecond', fence = c.fence + 1
  from picked where c.id = picked.id
  returning c.id, c.fence, c.inbox_id, c.contact_id, c.mode, c.dialogue, c.ready_at
)${described}`

/**
 * Between the beginning of a claim and its lock another turn may have ended. The lock then holds the conversation as that
 * turn left it, everything else was read as it was before: the same messages would be answered again, and later ones never.
 */
const describeAgain = `
with leased as (
  select id, fence, inbox_id, contact_id, mode, dialogue, ready_at from conversations where id = any($1::uuid[])
)${described}`

interface ClaimRow extends Record<string, unknown> {
  readonly id: string
  readonly fence: number
  readonly inbox_id: string
  readonly contact_id: string
  readonly tier: string | null
  readonly mode: ConversationMode
  readonly dialogue: DialogueState
  readonly ready_for_ms: number
  readonly ticket_id: string | null
  readonly ticket_number: number | null
  readonly ticket_state: string | null
  readonly pending: readonly PendingRow[] | null
  readonly survey: SurveyRow | null
  readonly questions: readonly AskedQuestion[] | null
  readonly awaits_code: boolean
  /** Another turn ended while this was claimed; what else the row says is from before it. */
  readonly outrun: boolean
}
interface SurveyRow extends Omit<OpenSurvey, 'expiresAt' | 'score' | 'question'> {
  readonly expiresAt: string
  readonly score: OpenSurvey['score'] | null
  readonly question: OpenSurvey['question'] | null
}
interface PendingRow extends Omit<PendingMessage, 'sentAt' | 'passiveUntil' | 'passiveMs'> {
  readonly sentAt: string
  readonly passiveUntil: string | null
  readonly passiveMs: number | null
}

const toPending = ({ passiveUntil, passiveMs, sentAt, ...row }: PendingRow): PendingMessage => ({
  ...row,
  sentAt: new Date(sentAt),
  ...(passiveUntil === null ? {} : { passiveUntil: new Date(passiveUntil) }),
  ...(passiveMs === null ? {} : { passiveMs }),
})

/** What was pressed in the platform's menu; undefined: nothing was. */
const pressedIn = ({ parts }: PendingMessage): string | undefined =>
  parts.flatMap((part) => (part.kind === 'event' && part.name === 'menu' ? [part.value ?? ''] : []))[0]

/** Whoever pressed two things in the menu while nobody answered is owed two answers: the second is a turn of its own. */
const oneTurn = (pending: readonly PendingMessage[]): readonly PendingMessage[] => {
  const first = pending.map(pressedIn).find((key) => key !== undefined)
  const second = pending.findIndex((message) => (pressedIn(message) ?? first) !== first)
  return second < 0 ? pending : pending.slice(0, second)
}

const toSurvey = ({ expiresAt, score, question, ...row }: SurveyRow): OpenSurvey => ({
  ...row,
  expiresAt: new Date(expiresAt),
  ...(score === null || score === undefined ? {} : { score }),
  ...(question === null || question === undefined ? {} : { question }),
})

/** The ticket of a row, as the open one or as the one that was settled last. */
const ticketOf = ({
  ticket_id: id,
  ticket_number: number,
  ticket_state: state,
}: ClaimRow): Partial<Claim> => {
  if (id === null || number === null || state === null) return {}
  if (state === 'solved' || state === 'closed') return { lastTicket: { id, number, state } }
  return { ticket: { id, number, state } }
}

const toClaim = (row: ClaimRow): Claim => ({
  conversationId: row.id,
  fence: row.fence,
  inboxId: row.inbox_id,
  contactId: row.contact_id,
  ...(row.tier === null ? {} : { tier: row.tier }),
  mode: row.mode,
  dialogue: row.dialogue,
  readyForMs: row.ready_for_ms,
  ...ticketOf(row),
  ...(row.survey === null ? {} : { survey: toSurvey(row.survey) }),
  ...(row.questions === null ? {} : { questions: row.questions }),
  ...(row.awaits_code ? { awaitsCode: true } : {}),
  pending: oneTurn((row.pending ?? []).map(toPending)),
})

/**
 * Of the conversations claimed so many are those that became ready last: whoever writes now is answered now, however
 * many messages lie waiting. The rest are the oldest, so that every one of them has its turn.
 */
const newestShare = 1 / 4

/** Gives of each number its share, in whole ones: what is left over counts for the next. */
const createShare = (share: number) => {
  let left = 0
  return (count: number): number => {
    left += count * share
    const whole = Math.floor(left)
    left -= whole
    return whole
  }
}

/** `claim` of the conversation store. */
export const createClaim = (query: Query) => {
  const newestOf = createShare(newestShare)
  return async (owner: string, limit: number, leaseMs: number): Promise<readonly Claim[]> => {
    const newest = newestOf(limit)
    const rows = await query<ClaimRow>(claimReady, [owner, limit - newest, leaseMs, newest])
    const outrun = rows.filter((row) => row.outrun).map(({ id }) => id)
    const again = outrun.length === 0 ? [] : await query<ClaimRow>(describeAgain, [outrun])
    return [...rows.filter((row) => !row.outrun), ...again]
      .map(toClaim)
      .filter(({ pending }) => pending.length > 0)
  }
}
