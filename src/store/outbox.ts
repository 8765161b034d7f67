import type { OutboundMessage, Part } from '../core/message.ts'
import type { DispatchClaim, DispatchResult, DispatchRoom, OutboxStore } from '../core/stores.ts'
import { retryCollisions, toJson, type Database, type Query } from './database.ts'
import { lockConversations } from './lock-conversations.ts'
import { isPaid, payFor, type Payment, type QuotaRow } from './quota.ts'

const fields = `o.id, o.fence::int as fence, o.inbox_id, o.conversation_id, o.part, o.author, o.attempts, o.created_at,
  o.in_reply_to, c.contact_key, c.thread_key, c.account_key, c.mode = 'human' as led_by_person`

/**
 * An earlier message goes first, one that waits for the contact lets others pass, and nothing goes while another of the
 * conversation is on its way. Whatever is on its way itself has had its turn.
 */
const isFirst = `(o.status = 'sending' or not exists (select 1 from outbox e
  where e.conversation_id = o.conversation_id
  and (e.status = 'sending' or e.status = 'queued' and e.position < o.position)))`

/** An earlier attempt got no answer, or its end was never recorded: the contact may have been shown it. */
export const mayHaveArrived = `exists (select 1 from delivery_attempts d
  where d.outbox_id = o.id and (d.outcome is null or d.outcome = 'unknown'))`

/** What the line of an inbox holds; the words of its index. */
const isUnderWay = `o.status in ('queued', 'sending')`

/** `inbox`: the column that names it. */
const pauseOf = (inbox: string): string =>
  `select 1 from inbox_pauses p where p.inbox_id = ${inbox} and p.until > now()`

const isDue = `(o.status = 'queued' and o.next_attempt_at <= now() or o.status = 'sending' and o.lease_until < now())
  and not o.passive_only`

/** How the campaign of an invitation stands; null of anything else. `$4`: the moment. */
const campaignOf = `
select case when v.state <> 'asked' or k.state = 'ended' or k.ends_at <= $4 then 'over' else k.state end
from survey_invitations v join survey_campaigns k on k.id = v.campaign_id
where v.message_id = o.message_id and v.campaign_id is not null`

/**
 * `candidates`: looked up inbox by inbox, each in its line and no further than its `room`, because much may lie waiting
 * behind a pause.
 */
const withCandidates = (room: string): string => `
with recursive boxes as (
  (select o.inbox_id from outbox o where ${isUnderWay} order by o.inbox_id limit 1)
  union all
  select (select o.inbox_id from outbox o where ${isUnderWay} and o.inbox_id > b.inbox_id order by o.inbox_id limit 1)
  from boxes b where b.inbox_id is not null
), candidates as (
  select first.id from boxes b cross join lateral (
    select o.id from outbox o where o.inbox_id = b.inbox_id and ${isUnderWay} and ${isDue} and ${isFirst}
    order by o.position limit ${room}) first
  where b.inbox_id is not null
    and not exists (${pauseOf('b.inbox_id')})
)`

/** `$1`: room for each inbox, `$2`: for some. */
const anyDue = `${withCandidates('least(1, coalesce(($2::jsonb ->> b.inbox_id)::int, $1::int))')}
select exists (select 1 from candidates) as due`

/**
 * An array of the candidates is made once. Joined, the embedded database, which keeps no statistics, expects one due message
 * and looks all candidates up again for each there is.
 */
const findDue = `${withCandidates('coalesce(($3::jsonb ->> b.inbox_id)::int, $2)')}
select ${fields}, o.paid_by, c.quota, case when o.author = 'survey' then (${campaignOf}) end as campaign, ${mayHaveArrived} as uncertain,
  (select count(*) from delivery_attempts d where d.outbox_id = o.id and d.outcome is distinct from 'paused')::int as tries
from outbox o join conversations c on c.id = o.conversation_id
where ${isDue} and o.id = any(array(select id from candidates))
order by o.position limit $1 for no key update of c, o skip locked`

const lease = `
with picked as (
  select * from jsonb_to_recordset($1::jsonb) as x(id uuid, conversation_id uuid, paid_by text, pays boolean, uncertain boolean)
), paid as (
  update conversations c set quota = jsonb_set(c.quota, array[p.paid_by, 'left'],
    to_jsonb((c.quota -> p.paid_by ->> 'left')::int - 1))
  from picked p where p.pays and c.id = p.conversation_id
), taken as (
  update outbox o set status = 'sending', via = 'api', attempts = o.attempts + 1, fence = o.fence + 1,
    lease_owner = $2, lease_until = now() + $3 * interval '1 millisecond', paid_by = p.paid_by,
    repeated = o.repeated or p.uncertain, error = null
  from picked p where o.id = p.id
  returning o.id, o.attempts, o.fence::int as fence
), attempt as (
  insert into delivery_attempts (outbox_id, number, via, started_at) select id, attempts, 'api', $4 from taken
)
select id, fence from taken`

const giveBack = `
with given as (
  update outbox o set status = 'queued', attempts = o.attempts - 1, lease_owner = null, lease_until = null
  from jsonb_to_recordset($1::jsonb) as x(id uuid, fence bigint)
  where o.id = x.id and o.fence = x.fence and o.status = 'sending' returning o.id, o.attempts
)
delete from delivery_attempts d using given g where d.outbox_id = g.id and d.number = g.attempts + 1`

const holdBack = `
update outbox o set status = 'waiting', error = x.error
from jsonb_to_recordset($1::jsonb) as x(id uuid, error jsonb) where o.id = x.id`

const withdraw = `
update outbox set status = 'withdrawn', settled_at = $2, lease_owner = null, lease_until = null
where id = any($1::uuid[])`

/** Waits for a request to ride on; or rode on one, and nobody knows whether it arrived. */
const waitsForRequest = `(o.status = 'waiting' or o.status = 'sending' and o.lease_until < now())`

/** Looked up message by message: joined at once, the planner reads everything that anybody waits for. */
const takePassive = `
with asked as (
  select id, conversation_id from messages where id = any($2::uuid[])
), ridden as (
  select o.id, a.id as passive_for from asked a cross join lateral (
    select o.id from outbox o
    where o.passive_for = a.id and o.via = 'passive' and o.status in ('sending', 'sent') limit 1) o
), first as (
  select distinct on (a.conversation_id) o.id, a.id as passive_for
  from asked a cross join lateral (
    select o.id, o.position from outbox o
    where o.conversation_id = a.conversation_id and o.status in ('queued', 'waiting', 'sending')
      and (o.status = 'queued' and o.passive_for = a.id or o.passive_only and ${waitsForRequest})
      and ${isFirst}
    order by o.position limit 1) o
  where not exists (select 1 from ridden r where r.passive_for = a.id)
  order by a.conversation_id, o.position
), taken as (
  update outbox o set status = 'sending', via = 'passive', attempts = o.attempts + 1, fence = o.fence + 1,
    lease_owner = $1, lease_until = now() + $3 * interval '1 millisecond', passive_for = f.passive_for,
    repeated = o.repeated or ${mayHaveArrived}
  from first f where o.id = f.id and (o.status = 'queued' or ${waitsForRequest})
  returning o.*
), attempt as (
  insert into delivery_attempts (outbox_id, number, via, started_at) select id, attempts, 'passive', $4 from taken
), answer as (
  select * from taken union all select o.* from outbox o join ridden r on r.id = o.id
)
select ${fields}, o.passive_for, o.repeated from answer o join conversations c on c.id = o.conversation_id`

/** Its own next attempt is due when the time of its request is over. */
const waitsToRide = `
select exists (select from outbox o where o.passive_for = $1 and o.status = 'queued'
  and not exists (select from inbox_pauses p where p.inbox_id = o.inbox_id and p.until > o.next_attempt_at)
  and not exists (select from outbox e where e.conversation_id = o.conversation_id and e.position < o.position
    and e.status = 'queued' and e.next_attempt_at > o.next_attempt_at)) as waits`

const settleAttempts = `
with result as (
  select * from jsonb_to_recordset($1::jsonb) as x(id uuid, fence bigint, status text, provider_id text, error jsonb,
    retry_ms bigint, pause_ms bigint, refund boolean,
    outcome text)
), settled as (
  update outbox o set provider_id = coalesce(r.provider_id, o.provider_id), error = r.error,
    -- The contact wrote while this was on its way: the window it missed is open again.
    status = case when r.status = 'waiting' and not o.passive_only and exists (
      select 1 from conversations c join delivery_attempts d on d.outbox_id = o.id and d.number = o.attempts
      where c.id = o.conversation_id and c.last_inbound_at > d.started_at) then 'queued' else r.status end,
    paid_by = case when r.refund then null else o.paid_by end,
    lease_owner = null, lease_until = null,
    next_attempt_at = now() + coalesce(r.retry_ms, 0) * interval '1 millisecond',
    settled_at = case when r.status in ('sent', 'failed', 'expired') then $2::timestamptz end,
    sent_seq = case when r.status = 'sent' then (select last_seq from conversations where id = o.conversation_id) end
  from result r where o.id = r.id and o.fence = r.fence and o.status = 'sending'
  returning o.id, o.attempts, o.conversation_id, o.inbox_id
), ended as (
  update delivery_attempts d set ended_at = $2, outcome = r.outcome, error = r.error
  from settled s join result r on r.id = s.id where d.outbox_id = s.id and d.number = s.attempts
), refunded as (
  -- Read beside the update, the row still tells what paid for it.
  update conversations c set quota = jsonb_set(c.quota, array[o.paid_by, 'left'],
    to_jsonb((c.quota -> o.paid_by ->> 'left')::int + 1))
  from settled s join result r on r.id = s.id join outbox o on o.id = s.id
  where r.refund and o.paid_by is not null and c.id = s.conversation_id and c.quota ? o.paid_by
)
insert into inbox_pauses (inbox_id, until, reason)
select s.inbox_id, now() + max(r.pause_ms) * interval '1 millisecond', max(r.error ->> 'code')
from settled s join result r on r.id = s.id where r.pause_ms is not null group by s.inbox_id
on conflict (inbox_id) do update set until = greatest(inbox_pauses.until, excluded.until), reason = excluded.reason`

const expireWaiting = `
update outbox o set status = 'expired', settled_at = $2, lease_owner = null, lease_until = null, error = coalesce(o.error,
  (select jsonb_build_object('code', p.reason, 'message', 'the inbox was paused too long')
    from inbox_pauses p where p.inbox_id = o.inbox_id and o.status = 'queued'))
where o.id in (
  select o.id from outbox o where o.status in ('queued', 'waiting', 'sending') and o.created_at < $1
  and (o.status = 'waiting' or o.status = 'queued' and (o.inbox_id = any($3) or exists (${pauseOf('o.inbox_id')})) or o.passive_only and ${waitsForRequest})
  for no key update skip locked
) returning o.id`

interface DueRow extends Record<string, unknown> {
  readonly id: string
  readonly fence: number
  readonly inbox_id: string
  readonly conversation_id: string
  readonly part: Part
  readonly author: OutboundMessage['author']
  readonly attempts: number
  readonly created_at: Date
  readonly contact_key: string
  readonly thread_key: string
  readonly account_key: string | null
  readonly in_reply_to: string | null
  readonly led_by_person: boolean
}

const toMessage = (row: DueRow, attempt: number): OutboundMessage => ({
  id: row.id,
  inboxId: row.inbox_id,
  conversationId: row.conversation_id,
  contactKey: row.contact_key,
  threadKey: row.thread_key,
  ...(row.account_key === null ? {} : { accountKey: row.account_key }),
  ...(row.in_reply_to === null ? {} : { inReplyTo: row.in_reply_to }),
  part: row.part,
  author: row.author,
  createdAt: row.created_at,
  ledByPerson: row.led_by_person,
  attempt,
})

interface Sendable {
  readonly row: DueRow & { readonly uncertain: boolean; readonly tries: number }
  readonly paidBy: string | undefined
  /** False for a further attempt of what is paid for already. */
  readonly pays: boolean
}

/** What the outbox goes by beside its database. */
export interface OutboxOptions {
  /** Nobody is invited to a survey at this hour. */
  readonly isQuiet?: (now: Date) => boolean
}

type Held = Extract<Payment, { readonly allowed: false }>['error']

const heldBack: Held = {
  code: 'held_back',
  message: 'an invitation goes out in the hours of campaigns and while its campaign runs; it is sent then',
}

interface ClaimRequest extends Required<OutboxOptions> {
  readonly owner: string
  readonly room: DispatchRoom
  readonly leaseMs: number
  readonly now: Date
}

type FoundRow = Sendable['row'] & {
  readonly quota: QuotaRow | null
  readonly paid_by: string | null
  readonly campaign: string | null
}

/** Whether a message may go now. An invitation may have waited since its campaign's day, for whatever was in its way. */
const mayGo = (row: FoundRow, { isQuiet, now }: Pick<ClaimRequest, 'isQuiet' | 'now'>): Payment => {
  if (row.campaign === 'paused' || (row.campaign !== null && isQuiet(now)))
    return { allowed: false, error: heldBack }
  return isPaid(row.quota, row.paid_by, now)
    ? { allowed: true, paidBy: row.paid_by, pays: false }
    : payFor(row.quota, row.author, now)
}

const claimDue = async (query: Query, request: ClaimRequest) => {
  const { owner, room, leaseMs, now } = request
  const ofInbox = toJson(Object.fromEntries(room.ofInbox))
  const found = await query<FoundRow>(findDue, [room.total, room.ofEach, ofInbox, now])
  if (found.length === 0) return []
  const over = found.filter(({ campaign }) => campaign === 'over').map(({ id }) => id)
  if (over.length > 0) await query(withdraw, [over, now])
  const due = found.filter(({ campaign }) => campaign !== 'over')
  const sendable: Sendable[] = []
  const held: { id: string; error: unknown }[] = []
  for (const row of due) {
    const payment = mayGo(row, request)
    if (payment.allowed) sendable.push({ row, paidBy: payment.paidBy, pays: payment.pays })
    else held.push({ id: row.id, error: payment.error })
  }
  if (held.length > 0) await query(holdBack, [toJson(held)])
  if (sendable.length === 0) return []
  const picked = sendable.map(({ row, paidBy, pays }) => ({
    id: row.id,
    conversation_id: row.conversation_id,
    paid_by: paidBy,
    pays,
    uncertain: row.uncertain,
  }))
  const taken = await query<{ id: string; fence: number }>(lease, [toJson(picked), owner, leaseMs, now])
  const fences = new Map(taken.map((row) => [row.id, row.fence]))
  return sendable.flatMap(({ row }): DispatchClaim[] => {
    const fence = fences.get(row.id)
    return fence === undefined
      ? []
      : [{ message: toMessage(row, row.attempts + 1), fence, uncertain: row.uncertain, tries: row.tries + 1 }]
  })
}

/** What the attempt's record says: of a pause that it does not count, of silence that nobody knows. */
const outcomeOf = (result: DispatchResult): string => {
  if (result.status === 'sent') return result.status
  if (result.uncertain === true) return 'unknown'
  return result.status === 'queued' && result.pauseInboxMs !== undefined ? 'paused' : result.status
}

const resultRow = ({ claim, result }: { claim: DispatchClaim; result: DispatchResult }) => ({
  id: claim.message.id,
  fence: claim.fence,
  status: result.status,
  outcome: outcomeOf(result),
  ...(result.status === 'sent'
    ? { provider_id: result.providerId }
    : {
        error: result.error,
        retry_ms: result.retryInMs,
        pause_ms: result.pauseInboxMs,
        refund: result.refundAllowance ?? false,
      }),
})

const readsConversation = ({ result }: { result: DispatchResult }): boolean =>
  result.status === 'waiting' || (result.status !== 'sent' && result.refundAllowance === true)

/** The outbox on one database. */
export const createOutboxStore = (
  database: Database,
  { isQuiet = () => false }: OutboxOptions = {},
): OutboxStore => ({
  claim: async (owner, wanted, leaseMs, now) => {
    const room =
      typeof wanted === 'number'
        ? { total: wanted, ofEach: wanted, ofInbox: new Map<string, number>() }
        : wanted
    // A look is a third of a transaction, and the embedded database does nothing else while one is open.
    const ofInbox = toJson(Object.fromEntries(room.ofInbox))
    const [look] = await database.query<{ due: boolean }>(anyDue, [room.ofEach, ofInbox])
    if (look?.due !== true) return []
    return retryCollisions(() =>
      database.transaction((query) => claimDue(query, { owner, room, leaseMs, now, isQuiet })),
    )
  },
  giveBack: async (claims) => {
    const held = claims.map(({ message: { id }, fence }) => ({ id, fence }))
    await retryCollisions(() => database.query(giveBack, [toJson(held)]))
  },
  claimPassive: async (owner, messageIds, leaseMs, now) => {
    const rows = await retryCollisions(() =>
      database.query<DueRow & { passive_for: string; repeated: boolean }>(takePassive, [
        owner,
        messageIds,
        leaseMs,
        now,
      ]),
    )
    return new Map(
      rows.map((row) => [
        row.passive_for,
        {
          message: toMessage(row, row.attempts),
          fence: row.fence,
          uncertain: row.repeated,
          tries: row.attempts,
        },
      ]),
    )
  },
  waitsToRide: async (messageId) =>
    (await database.query<{ waits: boolean }>(waitsToRide, [messageId]))[0]?.waits === true,
  settle: async (results, now) => {
    const params = [toJson(results.map(resultRow)), now]
    // These read or write the conversation: without its lock they could miss a contact who writes at this moment.
    const conversationIds = results.filter(readsConversation).map(({ claim }) => claim.message.conversationId)
    await retryCollisions(() =>
      conversationIds.length === 0
        ? database.query(settleAttempts, params)
        : database.transaction(async (query) => {
            await lockConversations(query, conversationIds)
            return query(settleAttempts, params)
          }),
    )
  },
  expire: async (before, now, elsewhere) =>
    (await database.query(expireWaiting, [before, now, elsewhere])).length,
})
