import { v7 as uuid } from 'uuid'
import type { ComplaintCase } from '../core/complaint.ts'
import type { CaseDraft, Intake, IntakeRules } from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'
import type { Ticket } from '../core/ticket.ts'
import {
  addCaseEvent,
  addEvidence,
  addNotice,
  setObjects,
  wasCaseChanged,
  type CaseWork,
} from './complaint-parts.ts'
import { findCase, findHead } from './complaint-rows.ts'
import { toJson, type Query } from './database.ts'
import { lockConversations } from './lock-conversations.ts'
import { recordEvents } from './record-event.ts'
import { findTicket } from './ticket-rows.ts'

const dayMs = 86_400_000

/** A ticket that can have a case. Throws `bad_input`, `conflict`. */
const checkTicket = ({ kind, state, number }: Ticket): void => {
  if (kind !== 'complaint')
    throw new TongdaError(
      'bad_input',
      `T-${String(number)} is a ${kind}, not a complaint; change its kind first`,
    )
  if (state === 'closed')
    throw new TongdaError('conflict', `T-${String(number)} is closed for good; a case needs a ticket at work`)
}

/** The case the ticket has; undefined: none. Another one than the request made: `conflict`. */
const findOpened = async (
  query: Query,
  { ticketId, idempotencyKey }: CaseDraft,
): Promise<string | undefined> => {
  const [row] = await query<{ id: string }>('select id from complaint_cases where ticket_id = $1', [ticketId])
  if (row === undefined || (await wasCaseChanged(query, row.id, idempotencyKey))) return row?.id
  throw new TongdaError('conflict', 'this ticket has a case already; work on that one', { caseId: row.id })
}

const insertCase = `
insert into complaint_cases (id, ticket_id, kind, state, objects, rights, identity, deadlines, due_at, created_at,
  updated_at)
values ($1, $2, $3, 'received', $4::jsonb, $5::jsonb, $6::jsonb, $7::jsonb, $8, $9, $9)`

const soonest = (deadlines: CaseDraft['deadlines']): Date =>
  new Date(Math.min(...deadlines.map(({ dueAt }) => dueAt.getTime())))

const countByReporter = `
select count(*)::int as count from complaint_cases k join tickets t on t.id = k.ticket_id
where t.contact_id = $1 and k.created_at > $2`

const countOnObject = `
select count(distinct t.contact_id)::int as reporters,
  (count(distinct t.contact_id) filter (where p.created_at > $3))::int as fresh,
  (select flagged_at is not null from complaint_groups where object_key = $1) as flagged
from complaint_objects o join complaint_cases k on k.id = o.case_id
join tickets t on t.id = k.ticket_id join contacts p on p.id = t.contact_id
where o.object_key = $1 and k.created_at > $2`

const before = (now: Date, ms: number): Date => new Date(now.getTime() - ms)

const countIntake = async (
  { query, now }: CaseWork,
  { contactId, keys }: { readonly contactId: string; readonly keys: readonly string[] },
  { windowMs, freshMs }: IntakeRules,
): Promise<Intake> => {
  const [own] = await query<{ count: number }>(countByReporter, [contactId, before(now, dayMs)])
  const onObjects: Intake['onObjects'][number][] = []
  for (const objectKey of keys) {
    const values = [objectKey, before(now, windowMs), before(now, freshMs)]
    const [row] = await query<{ reporters: number; fresh: number; flagged: boolean | null }>(
      countOnObject,
      values,
    )
    const { reporters = 0, fresh = 0, flagged = false } = row ?? {}
    onObjects.push({ objectKey, reporters, fresh, flagged: flagged === true })
  }
  return { byReporter: own?.count ?? 0, onObjects }
}

/** Slows and flags by the rules, and tells the risk system. */
const judgeIntake = async (work: CaseWork, ticket: Ticket, draft: CaseDraft, rules: IntakeRules) => {
  const { query, caseId, now } = work
  const { contactId, inboxId, conversationId, id: ticketId } = ticket
  const keys = draft.objects.map(({ key }) => key)
  const intake = await countIntake(work, { contactId, keys }, rules)
  const { slowed, flooding, coordinated, notices } = rules.judge(intake, inboxId)
  if (slowed) await query('update complaint_cases set slowed = true where id = $1', [caseId])
  for (const objectKey of coordinated)
    await query('update complaint_groups set flagged_at = $2 where object_key = $1', [objectKey, now])
  for (const notice of notices) await addNotice(work, notice, conversationId)
  const { byReporter: cases } = intake
  await recordEvents(query, [
    ...(flooding
      ? [
          {
            type: 'complaint.risk' as const,
            at: now,
            ticketId,
            conversationId,
            contactId,
            data: { reason: 'flooding', caseId, cases },
          },
        ]
      : []),
    ...intake.onObjects
      .filter(({ objectKey }) => coordinated.includes(objectKey))
      .map(({ objectKey, reporters, fresh }) => ({
        type: 'complaint.risk' as const,
        at: now,
        data: { reason: 'coordinated', caseId, objectKey, reporters, fresh },
      })),
  ])
}

/** Opens the case of a ticket, within a transaction. */
export const openCase = async (
  query: Query,
  draft: CaseDraft,
  { rules, now }: { readonly rules: IntakeRules; readonly now: Date },
): Promise<ComplaintCase> => {
  const { conversationId } = await findTicket(query, draft.ticketId)
  await lockConversations(query, [conversationId])
  await query('select id from tickets where id = $1 for no key update', [draft.ticketId])
  const opened = await findOpened(query, draft)
  if (opened !== undefined) return findCase(query, opened)
  const ticket = await findTicket(query, draft.ticketId)
  checkTicket(ticket)
  const { kind, objects, rights, identity, deadlines, actor, detail, idempotencyKey } = draft
  const work: CaseWork = { query, caseId: uuid(), actor, now }
  const { caseId } = work
  const json = [objects, rights, identity, deadlines].map((value) =>
    value === undefined ? null : toJson(value),
  )
  await query(insertCase, [caseId, draft.ticketId, kind, ...json, soonest(deadlines), now])
  await setObjects(work, objects)
  for (const evidence of draft.evidence) await addEvidence(work, evidence)
  await judgeIntake(work, ticket, draft, rules)
  const head = await findHead(query, caseId)
  await addCaseEvent(work, { change: 'opened', detail, idempotencyKey }, head)
  return findCase(query, caseId)
}
