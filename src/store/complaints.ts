import { validate } from 'uuid'
import type { CaseActionKind, CaseSummary, ComplaintCase } from '../core/complaint.ts'
import type {
  ActionReport,
  CaseActor,
  CaseChange,
  CaseQuery,
  ComplaintStore,
  Precedent,
  ReporterTraces,
} from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import type { TicketForm } from '../core/form-progress.ts'
import { openCase } from './complaint-intake.ts'
import {
  addAction,
  addCaseEvent,
  addDecision,
  addEvidence,
  addNotice,
  askForAction,
  setObjects,
  settleDecision,
  wasCaseChanged,
  type CaseWork,
} from './complaint-parts.ts'
import { caseFields, caseJoins, findCase, findHead, toHead, type CaseRow } from './complaint-rows.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { changeChecks } from './identity-checks.ts'
import { lockConversations } from './lock-conversations.ts'

/** Holds the case until the end of the transaction; what is read of it then is current. */
const lockCase = async (query: Query, caseId: string): Promise<CaseSummary> => {
  const { conversationId } = await findHead(query, caseId)
  await lockConversations(query, [conversationId])
  await query('select id from complaint_cases where id = $1 for update', [caseId])
  return findHead(query, caseId)
}

const updateCase = `
update complaint_cases set updated_at = $2, version = version + 1, state = coalesce($3::text, state),
  round = coalesce($4::int, round), kind = coalesce($5::text, kind), objects = coalesce($6::jsonb, objects),
  rights = coalesce($7::jsonb, rights), deadlines = coalesce($8::jsonb, deadlines),
  due_at = coalesce($9::timestamptz, due_at), appeal_until = coalesce($10::timestamptz, appeal_until),
  identity = coalesce($11::jsonb, identity)
where id = $1`

const json = (value: unknown): string | null => (value === undefined ? null : toJson(value))

const soonest = ({ deadlines }: CaseChange): Date | undefined =>
  deadlines === undefined || deadlines.length === 0
    ? undefined
    : new Date(Math.min(...deadlines.map(({ dueAt }) => dueAt.getTime())))

/** Writes what the change sets in the case's own row. */
const update = ({ query, caseId, now }: CaseWork, change: CaseChange): Promise<unknown> => {
  const { state, round, kind, objects, rights, deadlines, appealUntil, identity } = change
  const facts = [state, round, kind, json(objects), json(rights), json(deadlines), soonest(change)]
  return query(updateCase, [caseId, now, ...facts, appealUntil, json(identity)])
}

const applyChange = async (query: Query, change: CaseChange, now: Date): Promise<ComplaintCase> => {
  const { caseId, actor, idempotencyKey, expectedVersion: yours } = change
  const { version, conversationId } = await lockCase(query, caseId)
  if (await wasCaseChanged(query, caseId, idempotencyKey)) return findCase(query, caseId)
  if (version !== yours)
    throw new TongdaError(
      'conflict',
      'the case has changed since it was read; look at what is new, then try again',
      { version, yours },
    )
  const work: CaseWork = { query, caseId, actor, now }
  await update(work, change)
  await changeChecks(work, change)
  if (change.objects !== undefined) await setObjects(work, change.objects)
  for (const evidence of change.evidence ?? []) await addEvidence(work, evidence)
  if (change.settles !== undefined) await settleDecision(work, change.settles)
  if (change.decision !== undefined) await addDecision(work, change.decision)
  for (const action of change.actions ?? []) await addAction(work, action)
  for (const notice of change.notices ?? []) await addNotice(work, notice, conversationId)
  const { change: name, detail } = change
  await addCaseEvent(work, { change: name, detail, idempotencyKey }, await findHead(query, caseId))
  return findCase(query, caseId)
}

interface ActionRow extends Row {
  readonly kind: CaseActionKind
  readonly state: string
  readonly facts: Readonly<Record<string, unknown>>
  readonly requests: number
}

const findAction = async (query: Query, caseId: string, actionId: string): Promise<ActionRow> => {
  const [row] = validate(actionId)
    ? await query<ActionRow>(
        'select kind, state, facts, requests from case_actions where id = $1 and case_id = $2',
        [actionId, caseId],
      )
    : []
  if (row === undefined)
    throw new TongdaError('not_found', 'the case has no such action; compare the ids with the event')
  return row
}

const touch = 'update complaint_cases set updated_at = $2, version = version + 1 where id = $1'

const settleAction = `
update case_actions set state = $2, settled_at = $3, reference = coalesce($4, reference), problem = $5 where id = $1`

const reportAction = async (
  query: Query,
  {
    caseId,
    actionId,
    report,
  }: { caseId: string; actionId: string; report: ActionReport & { actor: CaseActor } },
  now: Date,
): Promise<ComplaintCase> => {
  await lockCase(query, caseId)
  const action = await findAction(query, caseId, actionId)
  const { state, reference, problem, actor } = report
  if (action.state === state) return findCase(query, caseId)
  if (action.state === 'confirmed')
    throw new TongdaError('conflict', 'this action was confirmed already; it cannot fail any more')
  const work: CaseWork = { query, caseId, actor, now }
  await query(settleAction, [actionId, state, now, reference, problem])
  await query(touch, [caseId, now])
  const detail = { actionId, action: action.kind, reference, problem }
  const change = state === 'confirmed' ? 'action-confirmed' : 'action-failed'
  await addCaseEvent(work, { change, detail }, await findHead(query, caseId))
  return findCase(query, caseId)
}

const askAgain = `
update case_actions set state = 'requested', requests = requests + 1, requested_at = $2, settled_at = null,
  problem = null where id = $1`

const repeatAction = async (
  query: Query,
  { caseId, actionId, actor }: { caseId: string; actionId: string; actor: CaseActor },
  now: Date,
): Promise<ComplaintCase> => {
  await lockCase(query, caseId)
  const { kind, state, facts, requests } = await findAction(query, caseId, actionId)
  if (state === 'confirmed')
    throw new TongdaError('conflict', 'this action is confirmed; there is nothing to ask for again')
  const work: CaseWork = { query, caseId, actor, now }
  await query(askAgain, [actionId, now])
  await query(touch, [caseId, now])
  await askForAction(query, { id: actionId, kind, facts }, { caseId, attempt: requests + 1, now })
  const detail = { actionId, action: kind, attempt: requests + 1 }
  await addCaseEvent(work, { change: 'action-repeated', detail }, await findHead(query, caseId))
  return findCase(query, caseId)
}

const expireCase = async (query: Query, caseId: string, now: Date): Promise<boolean> => {
  const rows = await query(
    `update complaint_cases set state = 'final', updated_at = $2, version = version + 1
     where id = $1 and state = 'decided' and appeal_until <= $2 returning id`,
    [caseId, now],
  )
  if (rows.length === 0) return false
  const work: CaseWork = { query, caseId, actor: { rule: 'appeal-time-over' }, now }
  await addCaseEvent(work, { change: 'expired', detail: {} }, await findHead(query, caseId))
  return true
}

const listCases = `
select ${caseFields} from complaint_cases k ${caseJoins}
where ($1::text[] is null or k.state = any($1::text[])) and ($2::text is null or k.kind = $2)
  and ($3::text is null or exists (select from complaint_objects o where o.case_id = k.id and o.object_key = $3))
  and ($4::uuid is null or t.contact_id = $4)
  and ($5::boolean is null or $5 = (k.slowed or exists (select from complaint_objects o join complaint_groups g
    on g.object_key = o.object_key where o.case_id = k.id and g.flagged_at is not null)))
  and ($6::boolean is null or (k.slowed, k.due_at, k.id) > ($6, $7::timestamptz, $8::uuid))
  and ($10::uuid is null or k.ticket_id = $10)
order by k.slowed, k.due_at, k.id limit $9`

const listValues = (filter: CaseQuery): readonly unknown[] => {
  const { states, kind, objectKey, contactId, flagged, after, limit, ticketId } = filter
  const place = [after?.slowed, after?.dueAt, after?.id]
  return [states, kind, objectKey, contactId, flagged, ...place, limit, ticketId]
}

const ownedFile = `
select 1 from media f where f.id::text = $2 and (f.unsent_since > '-infinity' or exists (
  select 1 from tickets t join conversations c on c.contact_id = t.contact_id
  join messages m on m.conversation_id = c.id
  where t.id = $1 and jsonb_path_exists(m.parts, '$.**.mediaId ? (@ == $id)', jsonb_build_object('id', $2::text))))`

const namesOf = `
select p.display_name as name, null as address from complaint_cases k join tickets t on t.id = k.ticket_id
  join contacts p on p.id = t.contact_id where k.id = $1
union select i.display_name, i.contact_key from complaint_cases k join tickets t on t.id = k.ticket_id
  join contact_identities i on i.contact_id = t.contact_id where k.id = $1`

/** As many of the reporter's messages as anybody reads. */
const mostTexts = 500
const textsOf = `
select part ->> 'text' as text from (
  select m.parts from complaint_cases k join tickets t on t.id = k.ticket_id
  join conversations c on c.contact_id = t.contact_id join messages m on m.conversation_id = c.id
  where k.id = $1 and m.direction = 'in' order by m.created_at desc limit ${String(mostTexts)}
) m, jsonb_array_elements(m.parts) part where part ->> 'kind' = 'text'`

const readTraces = async (query: Query, caseId: string): Promise<ReporterTraces> => {
  const known = await query<{ name: string; address: string | null }>(namesOf, [caseId])
  const texts = await query<{ text: string }>(textsOf, [caseId])
  return {
    names: known.map(({ name }) => name),
    addresses: known.flatMap(({ address }) => address ?? []),
    texts: texts.map(({ text }) => text),
  }
}

const listPrecedents = `
select k.id as "caseId", t.number as "ticketNumber", k.kind, concat_ws(E'\\n', t.subject, t.title, t.summary) as text,
  d.verdict, d.reason, d.at as "decidedAt"
from complaint_cases k join tickets t on t.id = k.ticket_id join lateral (
  select verdict, reason, settled_at as at from case_decisions
  where case_id = k.id and state = 'effective' and verdict <> 'need-more-evidence' order by settled_at desc limit 1
) d on true where k.state in ('decided', 'appealed', 'final') order by d.at desc limit $1`

const listUnopened = `
select t.id as "ticketId", t.created_at as "createdAt", f as form from tickets t
join ticket_timeline h on h.ticket_id = t.id and h.change = 'opened'
cross join lateral jsonb_array_elements(coalesce(h.detail #> '{brief,forms}', '[]')) f
where t.kind = 'complaint' and t.state <> 'closed' and t.created_at > $2 and f ->> 'id' = any($1::text[])
  and not exists (select from complaint_cases k where k.ticket_id = t.id)
order by t.created_at limit $3`

/** A complaint's ticket that has no case yet, with what its form gathered. */
export interface UnopenedTicket extends Row {
  readonly ticketId: string
  readonly createdAt: Date
  readonly form: TicketForm
}

/** Complaints that came in by one of these forms since `since` and have no case, the oldest first. */
export const createListUnopened =
  ({ query }: Database) =>
  (forms: readonly string[], since: Date, limit: number): Promise<readonly UnopenedTicket[]> =>
    query<UnopenedTicket>(listUnopened, [[...forms], since, limit])

/** Complaint cases on one database. */
export const createComplaintStore = (database: Database): ComplaintStore => {
  const { query } = database
  const inOne = <Result>(work: (transaction: Query) => Promise<Result>): Promise<Result> =>
    retryCollisions(() => database.transaction(work))
  return {
    open: (draft, rules, now) => inOne((transaction) => openCase(transaction, draft, { rules, now })),
    get: (caseId) => inOne((transaction) => findCase(transaction, caseId)),
    list: async (filter) => (await query<CaseRow>(listCases, listValues(filter))).map((row) => toHead(row)),
    apply: (change, now) => inOne((transaction) => applyChange(transaction, change, now)),
    wasApplied: (caseId, key) => wasCaseChanged(query, caseId, key),
    report: (caseId, actionId, report, now) =>
      inOne((transaction) => reportAction(transaction, { caseId, actionId, report }, now)),
    repeat: (caseId, actionId, actor, now) =>
      inOne((transaction) => repeatAction(transaction, { caseId, actionId, actor }, now)),
    ownsFile: async (ticketId, mediaId) => (await query(ownedFile, [ticketId, mediaId])).length > 0,
    tracesOf: (caseId) => readTraces(query, caseId),
    precedents: async (limit) =>
      (await query<Precedent & Row>(listPrecedents, [limit])).map((row) => ({ ...row })),
    expire: async (now, limit) => {
      const due = await query<{ id: string }>(
        `select id from complaint_cases where state = 'decided' and appeal_until <= $1
         order by appeal_until limit $2`,
        [now, limit],
      )
      const ended: string[] = []
      for (const { id } of due)
        if (await inOne((transaction) => expireCase(transaction, id, now))) ended.push(id)
      return ended
    },
  }
}
