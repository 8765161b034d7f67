import { validate } from 'uuid'
import type {
  CaseAction,
  CaseDecision,
  CaseEvent,
  CaseEvidence,
  CaseGroup,
  CaseNotice,
  CaseSummary,
  ComplaintCase,
} from '../core/complaint.ts'
import { TongdaError } from '../core/errors.ts'
import type { Query, Row } from './database.ts'

/** A case `k` as lists read it, with `caseJoins`. */
export const caseFields = `k.id, k.ticket_id as "ticketId", t.number as "ticketNumber",
  t.conversation_id as "conversationId", t.contact_id as "contactId", c.inbox_id as "inboxId",
  coalesce(t.subject, t.title) as title, t.summary, k.kind, k.state, k.round, k.objects, k.rights, k.identity, k.deadlines,
  k.due_at as "dueAt", k.slowed, exists (select from complaint_objects o join complaint_groups g
    on g.object_key = o.object_key where o.case_id = k.id and g.flagged_at is not null) as coordinated,
  k.appeal_until as "appealUntil", k.created_at as "createdAt", k.updated_at as "updatedAt", k.version`

export const caseJoins =
  'join tickets t on t.id = k.ticket_id join conversations c on c.id = t.conversation_id'

/** A row whose absent values are null. */
type Nullable<Value> = { readonly [Key in keyof Value]: Value[Key] | null } & Row
export type CaseRow = Nullable<CaseSummary>

// A null column is an absent property.
const present = <Value>(row: Nullable<Value>): Value =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as Value

export const toHead = (row: CaseRow): CaseSummary => {
  const head = present<CaseSummary>(row)
  const { identity } = head
  return {
    ...head,
    ...(identity === undefined ? {} : { identity: { ...identity, at: new Date(identity.at) } }),
    deadlines: head.deadlines.map((deadline) => ({ ...deadline, dueAt: new Date(deadline.dueAt) })),
  }
}

const unknown = (): TongdaError =>
  new TongdaError('not_found', 'there is no such complaint case; it may have been erased')

/** The case's own row. Throws `not_found`. */
export const findHead = async (query: Query, caseId: string): Promise<CaseSummary> => {
  const [row] = validate(caseId)
    ? await query<CaseRow>(`select ${caseFields} from complaint_cases k ${caseJoins} where k.id = $1`, [
        caseId,
      ])
    : []
  if (row === undefined) throw unknown()
  return toHead(row)
}

const evidenceOf = `
select id, media_id as "mediaId", name, content_type as "contentType", bytes, sha256, sent_sha256 as "sentSha256",
  description, side, added_by as "addedBy", added_at as "addedAt"
from case_evidence where case_id = $1 order by added_at, id`

const decisionsOf = `
select id, round, verdict, reason, policy_version as "policyVersion", reason_title as "reasonTitle", note, hours,
  to_reported as "toReported", state, proposed_by as "proposedBy", proposed_by_name as "proposedByName",
  proposed_at as "proposedAt", settled_by as "settledBy", settled_by_name as "settledByName",
  settled_at as "settledAt"
from case_decisions where case_id = $1 order by proposed_at, id`

const actionsOf = `
select id, decision_id as "decisionId", kind, state, lifts, requests, requested_at as "requestedAt",
  settled_at as "settledAt", reference, problem
from case_actions where case_id = $1 order by id`

const noticesOf = `
select id, side, about, words, message_id as "messageId", at from case_notices where case_id = $1 order by at, id`

const groupsOf = `
select g.object_key as "objectKey", g.first_at as "firstAt", g.last_at as "lastAt", g.flagged_at as "flaggedAt",
  r.reports, r.reporters
from complaint_objects o join complaint_groups g on g.object_key = o.object_key cross join lateral (
  select count(*)::int as reports, count(distinct t.contact_id)::int as reporters from complaint_objects x
  join complaint_cases k on k.id = x.case_id join tickets t on t.id = k.ticket_id where x.object_key = o.object_key
) r where o.case_id = $1 order by g.object_key`

const timelineOf = `
select at, actor, actor_id as "actorId", actor_name as "actorName", change, detail
from case_events where case_id = $1 order by id`

const rowsOf = async <Value>(query: Query, text: string, caseId: string): Promise<readonly Value[]> =>
  (await query<Nullable<Value>>(text, [caseId])).map((row) => present<Value>(row))

/** The case with all that belongs to it. Throws `not_found`. */
export const findCase = async (query: Query, caseId: string): Promise<ComplaintCase> => {
  const head = await findHead(query, caseId)
  return {
    ...head,
    evidence: await rowsOf<CaseEvidence>(query, evidenceOf, caseId),
    decisions: await rowsOf<CaseDecision>(query, decisionsOf, caseId),
    actions: await rowsOf<CaseAction>(query, actionsOf, caseId),
    notices: await rowsOf<CaseNotice>(query, noticesOf, caseId),
    groups: await rowsOf<CaseGroup>(query, groupsOf, caseId),
    timeline: await rowsOf<CaseEvent>(query, timelineOf, caseId),
  }
}
