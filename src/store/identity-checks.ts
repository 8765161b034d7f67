import { validate } from 'uuid'
import type { CaseChange } from '../core/complaint-work.ts'
import type { IdentityCheck, IdentityChecks } from '../core/identity-check.ts'
import type { CaseWork } from './complaint-parts.ts'
import type { Database, Row } from './database.ts'

const fields = `i.id, i.state, i.case_id as "caseId", i.address, i.created_at as "createdAt", i.expires_at as "expiresAt",
  i.tries, i.sent_at as "sentAt"`

interface CheckRow extends Row, Omit<IdentityCheck, 'sentAt'> {
  readonly sentAt: Date | null
}
const toCheck = ({
  sentAt,
  id,
  state,
  caseId,
  address,
  createdAt,
  expiresAt,
  tries,
}: CheckRow): IdentityCheck => ({
  ...{ id, state, caseId, address, createdAt, expiresAt, tries },
  ...(sentAt === null ? {} : { sentAt }),
})

const replaceOpen = `update identity_checks set state = 'replaced' where case_id = $1 and state = 'open'`
// What was written before it was asked for is no answer.
const insertCheck = `
insert into identity_checks (id, case_id, conversation_id, address, state, created_at, expires_at, seen_seq)
select $1, $2, c.id, $3, 'open', $4, $5, c.last_seq from complaint_cases k join tickets t on t.id = k.ticket_id
join conversations c on c.id = t.conversation_id where k.id = $2`
const settleCheck = `
update identity_checks set state = case when $2 = 'wrong' then state else $2 end,
  tries = tries + case when $2 in ('wrong', 'failed') then 1 else 0 end
where id = $1 and state = 'open'`

/** What a change of a case does with its codes. */
export const changeChecks = async (
  { query, caseId, now }: CaseWork,
  { check, endsCheck }: Pick<CaseChange, 'check' | 'endsCheck'>,
): Promise<void> => {
  if (endsCheck !== undefined) await query(settleCheck, [endsCheck.checkId, endsCheck.outcome])
  if (check === undefined) return
  await query(replaceOpen, [caseId])
  await query(insertCheck, [check.id, caseId, check.address, now, check.expiresAt])
}

const count = `
select count(*) filter (where case_id = $1)::int as "ofCase", count(*) filter (where address = $2)::int as "ofAddress"
from identity_checks where (case_id = $1 or address = $2) and created_at > $3`

const wanted = `
select id from complaint_cases where identity ->> 'state' = 'wanted' and state not in ('final', 'withdrawn')
order by created_at limit $1`

// A message's words are its text parts, one a line.
const heard = `
select ${fields}, m.id as "messageId", m.seq, coalesce((
    select string_agg(p ->> 'text', E'\\n') from jsonb_array_elements(m.parts) p where p ->> 'kind' = 'text'), '') as text
from identity_checks i join complaint_cases k on k.id = i.case_id
join messages m on m.conversation_id = i.conversation_id and m.seq > i.seen_seq
where i.created_at > $1 and i.state in ('open', 'failed', 'expired') and k.state not in ('final', 'withdrawn')
  and k.identity ->> 'state' in ('asked', 'failed', 'expired') and m.direction = 'in' and not exists (
    select from identity_checks n where n.case_id = i.case_id and (n.created_at, n.id) > (i.created_at, i.id))
order by i.id, m.seq limit $2`

/** One-time codes on one database. */
export const createIdentityChecks = ({ query }: Database): IdentityChecks => {
  const find = async (where: string, values: readonly unknown[]): Promise<readonly IdentityCheck[]> =>
    (await query<CheckRow>(`select ${fields} from identity_checks i where ${where}`, values)).map(toCheck)
  return {
    get: async (checkId) => (validate(checkId) ? (await find('i.id = $1', [checkId]))[0] : undefined),
    openOf: async (caseId) =>
      validate(caseId) ? (await find(`i.case_id = $1 and i.state = 'open'`, [caseId]))[0] : undefined,
    countSince: async ({ caseId, address }, since) => {
      const [row] = await query<{ ofCase: number; ofAddress: number }>(count, [caseId, address, since])
      return { ofCase: row?.ofCase ?? 0, ofAddress: row?.ofAddress ?? 0 }
    },
    wanted: async (limit) => (await query<{ id: string }>(wanted, [limit])).map(({ id }) => id),
    unqueued: (limit) =>
      find(`i.state = 'open' and i.queued_at is null order by created_at limit $1`, [limit]),
    markQueued: async (checkId, now) => {
      await query('update identity_checks set queued_at = $2 where id = $1', [checkId, now])
    },
    markSent: async (checkId, now) => {
      await query('update identity_checks set sent_at = coalesce(sent_at, $2) where id = $1', [checkId, now])
    },
    heard: async (since, limit) =>
      (await query<CheckRow & { messageId: string; seq: number; text: string }>(heard, [since, limit])).map(
        (row) => ({
          ...{ check: toCheck(row), messageId: row.messageId, seq: row.seq, text: row.text },
        }),
      ),
    passOver: async (checkId, seq) => {
      await query('update identity_checks set seen_seq = greatest(seen_seq, $2) where id = $1', [
        checkId,
        seq,
      ])
    },
    lapsed: (before, limit) =>
      find(`i.state = 'open' and i.expires_at < $1 order by i.expires_at limit $2`, [before, limit]),
  }
}
