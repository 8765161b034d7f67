import { v7 as uuid } from 'uuid'
import type { CaseChangeName, CaseSummary, ReportedObject } from '../core/complaint.ts'
import type {
  ActionDraft,
  CaseActor,
  CaseChange,
  EvidenceDraft,
  NoticeDraft,
} from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import { toJson, type Query } from './database.ts'
import { recordEvents } from './record-event.ts'
import { sayDraft } from './say-draft.ts'

/** The transaction a case changes in, and who does it when. */
export interface CaseWork {
  readonly query: Query
  readonly caseId: string
  readonly actor: CaseActor
  readonly now: Date
}

const actorOf = (
  actor: CaseActor,
): readonly ['agent' | 'program' | 'system', string | null, string | null] => {
  if ('rule' in actor) return ['system', null, null]
  return [actor.program === true ? 'program' : 'agent', actor.id, actor.name]
}

const insertEvent = `
insert into case_events (case_id, at, actor, actor_id, actor_name, change, detail, idempotency_key)
values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8)`

/** Adds a line to the history and tells programs outside of it, with the case as it is now. */
export const addCaseEvent = async (
  { query, caseId, actor, now }: CaseWork,
  line: {
    readonly change: CaseChangeName
    readonly detail: Readonly<Record<string, unknown>>
    readonly idempotencyKey?: string | undefined
  },
  { ticketId, ticketNumber, conversationId, contactId, kind, state, version }: CaseSummary,
): Promise<void> => {
  const { change, idempotencyKey } = line
  const detail = 'rule' in actor ? { ...line.detail, rule: actor.rule } : line.detail
  await query(insertEvent, [caseId, now, ...actorOf(actor), change, toJson(detail), idempotencyKey])
  const [by, id] = actorOf(actor)
  const data = {
    caseId,
    number: ticketNumber,
    kind,
    state,
    version,
    change,
    actor: by,
    actorId: id ?? undefined,
  }
  const type = change === 'opened' ? 'complaint.opened' : 'complaint.changed'
  await recordEvents(query, [{ type, at: now, ticketId, conversationId, contactId, data }])
}

/** Whether a change with this key was applied before. */
export const wasCaseChanged = async (
  query: Query,
  caseId: string,
  idempotencyKey: string | undefined,
): Promise<boolean> => {
  if (idempotencyKey === undefined) return false
  const rows = await query('select 1 from case_events where case_id = $1 and idempotency_key = $2', [
    caseId,
    idempotencyKey,
  ])
  return rows.length > 0
}

const lockFile = `select unsent_since = '-infinity' as doomed from media where id = $1 for update`
const keepFile = 'update media set unsent_since = null where id = $1 and unsent_since is not null'
const insertEvidence = `
insert into case_evidence (id, case_id, media_id, name, content_type, bytes, sha256, sent_sha256, description, side,
  added_by, added_at)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`

/** From now on the file belongs to the case. Throws `bad_input` when it was cleared away meanwhile. */
export const addEvidence = async (
  { query, caseId, actor, now }: CaseWork,
  evidence: EvidenceDraft,
): Promise<void> => {
  const { mediaId, name, contentType, bytes, sha256, sentSha256, description, side } = evidence
  const [file] = await query<{ doomed: boolean | null }>(lockFile, [mediaId])
  if (file === undefined || file.doomed === true)
    throw new TongdaError('bad_input', 'the file was cleared away; upload it again')
  await query(keepFile, [mediaId])
  const by = 'rule' in actor ? actor.rule : actor.id
  const facts = [mediaId, name, contentType, bytes, sha256, sentSha256, description, side, by, now]
  await query(insertEvidence, [uuid(), caseId, ...facts])
}

const forgetEmpty = `
delete from complaint_groups g where object_key = any($1)
  and not exists (select from complaint_objects o where o.object_key = g.object_key)`

/** The case reports these objects and no others. Their groups exist from now on. */
export const setObjects = async (
  { query, caseId, now }: CaseWork,
  objects: readonly ReportedObject[],
): Promise<void> => {
  const before = await query<{ key: string }>(
    'delete from complaint_objects where case_id = $1 returning object_key as key',
    [caseId],
  )
  // In one order everywhere: two cases on the same objects must not wait for each other.
  for (const key of objects.map((object) => object.key).sort()) {
    await query(
      `insert into complaint_groups (object_key, first_at, last_at) values ($1, $2, $2)
       on conflict (object_key) do update set last_at = greatest(complaint_groups.last_at, $2)`,
      [key, now],
    )
    await query('insert into complaint_objects (case_id, object_key) values ($1, $2)', [caseId, key])
  }
  if (before.length > 0) await query(forgetEmpty, [before.map(({ key }) => key)])
}

const insertDecision = `
insert into case_decisions (id, case_id, round, verdict, reason, policy_version, reason_title, note, hours, to_reported,
  state, proposed_by, proposed_by_name, proposed_at, settled_at)
values ($1, $2, $3, $4, $5, $6, $7::jsonb, $8, $9, $10, $11, $12, $13, $14,
  case when $11 = 'effective' then $14::timestamptz end)`

/** Adds a decision, proposed or effective. */
export const addDecision = async (
  { query, caseId, actor, now }: CaseWork,
  decision: NonNullable<CaseChange['decision']>,
): Promise<void> => {
  if ('rule' in actor) throw new Error('a decision needs a person')
  const { id, round, verdict, reason, policyVersion, reasonTitle, note, hours, toReported, state } = decision
  const what = [round, verdict, reason, policyVersion, toJson(reasonTitle), note, hours, toReported, state]
  await query(insertDecision, [id, caseId, ...what, actor.id, actor.name, now])
}

const settle = `
update case_decisions set state = $3, settled_by = $4, settled_by_name = $5, settled_at = $6
where id = $2 and case_id = $1 and state = 'proposed' returning id`

/** Ends the waiting of the decision that was proposed. */
export const settleDecision = async (
  { query, caseId, actor, now }: CaseWork,
  { decisionId, state }: NonNullable<CaseChange['settles']>,
): Promise<void> => {
  const [, by, name] = actorOf(actor)
  const rows = await query(settle, [caseId, decisionId, state, by, name, now])
  if (rows.length === 0) throw new Error('the proposed decision is gone')
}

/** Tells the moderation system; nothing in it leads to who complained. */
export const askForAction = (
  query: Query,
  { id, kind, facts }: Pick<ActionDraft, 'id' | 'kind' | 'facts'>,
  { caseId, attempt, now }: { readonly caseId: string; readonly attempt: number; readonly now: Date },
): Promise<void> =>
  recordEvents(query, [
    { type: 'complaint.action', at: now, data: { caseId, actionId: id, action: kind, attempt, ...facts } },
  ])

/** Adds an action and asks for it. */
export const addAction = async ({ query, caseId, now }: CaseWork, action: ActionDraft): Promise<void> => {
  const { id, decisionId, kind, lifts, facts } = action
  await query(
    `insert into case_actions (id, case_id, decision_id, kind, state, lifts, facts, requested_at)
     values ($1, $2, $3, $4, 'requested', $5, $6::jsonb, $7)`,
    [id, caseId, decisionId, kind, lifts, toJson(facts), now],
  )
  await askForAction(query, action, { caseId, attempt: 1, now })
}

/** Keeps a notice, and says it where it has a message. */
export const addNotice = async (
  { query, caseId, now }: CaseWork,
  { side, about, words, message: draft }: NoticeDraft,
  conversationId: string,
): Promise<void> => {
  const messageId =
    draft === undefined
      ? null
      : await sayDraft(query, { draft, conversationId, agentId: null, holdMs: 0, now })
  await query(
    `insert into case_notices (id, case_id, side, about, words, message_id, at)
     values ($1, $2, $3, $4, $5::jsonb, $6, $7)`,
    [uuid(), caseId, side, about, toJson(words), messageId, now],
  )
}
