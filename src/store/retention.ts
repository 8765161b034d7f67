import type { RetainedKind, Retention } from '../core/personal-data.ts'
import type { Database, Query } from './database.ts'
import { blanking, deleting, endGroups, letErase } from './erasure-steps.ts'
import { samplesOf } from './personal-paths.ts'
import { personalTables } from './personal-register.ts'

/** Most that one transaction removes. */
const atOnce = 500

/** Contacts on whom, or on whose tickets or cases, a hold stands; those they were merged into too. */
const heldContacts = `
with recursive held(id) as (
  select h.object_id from legal_holds h where h.lifted_at is null and h.object_kind = 'contact'
  union select t.contact_id from legal_holds h join tickets t on t.id = h.object_id
    where h.lifted_at is null and h.object_kind = 'ticket'
  union select t.contact_id from legal_holds h join complaint_cases k on k.id = h.object_id
    join tickets t on t.id = k.ticket_id where h.lifted_at is null and h.object_kind = 'complaint'
), followed(id) as (
  select id from held union select c.merged_into from contacts c join followed f on f.id = c.id where c.merged_into is not null
)
select id from followed`

const isOpenCase = `select from complaint_cases k where k.ticket_id = t.id and k.state not in ('final', 'withdrawn')`

/** Ids of what is over, `$1`: before when, `$2`: how many at most. Ids of messages are made of their time. */
const picks: Readonly<Record<RetainedKind, string>> = {
  messages: `
    select m.id from messages m join conversations c on c.id = m.conversation_id
    where m.created_at < $1 and not m.pending
      and m.id < (lpad(to_hex((extract(epoch from $1::timestamptz) * 1000)::bigint + 86400000), 12, '0') || repeat('f', 20))::uuid
      and c.contact_id not in (${heldContacts})
      and not exists (select from tickets t where t.conversation_id = c.id
        and (t.state not in ('solved', 'closed') or exists (${isOpenCase})))
    order by m.id limit $2`,
  tickets: `
    select t.id from tickets t where t.state = 'closed' and t.closed_at < $1 and t.title <> '已删除 Erased'
      and t.contact_id not in (${heldContacts}) and not exists (${isOpenCase})
    order by t.id limit $2`,
  complaints: `
    select k.id from complaint_cases k join tickets t on t.id = k.ticket_id
    where k.state in ('final', 'withdrawn') and k.updated_at < $1 and t.contact_id not in (${heldContacts})
      and (k.rights is not null or k.identity is not null or k.objects <> '[]'::jsonb
        or exists (select from case_events e where e.case_id = k.id) or exists (select from case_evidence e where e.case_id = k.id))
    order by k.id limit $2`,
}

const stepOn = (table: string, of: string): string => {
  const erase = personalTables[table]?.erase
  if (erase === undefined) throw new Error(`${table} is not declared`)
  return erase === 'delete' ? deleting(table, of) : blanking(table, of, erase)
}

/** Files go with the last thing that names them. `named`: which ones this is about. */
const doom = (named: string): string => `
with gone as (
  update media set unsent_since = '-infinity' where id in (
    select f::uuid from (${named}) named(f)
    where f ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' and substr(f, 15, 1) <> '5')
  returning 1
) select count(*)::int as gone from gone`

const filesOfMessages = `
  select file #>> '{}' from messages m, jsonb_path_query(m.parts, '$.**.mediaId') as file
  where m.id = any($1::uuid[]) and not exists (select from case_evidence e where e.media_id::text = file #>> '{}')
    and not exists (select from messages o where o.author = 'agent' and o.id <> all($1::uuid[])
      and jsonb_path_query_array(o.parts, '$[*].media.mediaId') ? (file #>> '{}'))
  union select file #>> '{}' from messages m, jsonb_path_query(m.parts, '$.**.inline.*') as file where m.id = any($1::uuid[])`

const samples = samplesOf('select unnest($1::uuid[])::text')
const forgetSamples = `update knowledge_evaluations set result = ${samples.result} where ${samples.of}`

const ofMessages = 'message_id = any($1::uuid[])'
const ofCases = 'case_id = any($1::uuid[])'

/** What is done with what was picked; `$1`: its ids. */
const steps: Readonly<Record<RetainedKind, readonly string[]>> = {
  messages: [
    doom(filesOfMessages),
    forgetSamples,
    `delete from delivery_attempts where outbox_id in (select id from outbox where ${ofMessages})`,
    `delete from outbox where ${ofMessages}`,
    'delete from messages where id = any($1::uuid[])',
  ],
  tickets: [
    stepOn('ticket_timeline', 'ticket_id = any($1::uuid[])'),
    stepOn('tickets', 'id = any($1::uuid[])'),
  ],
  complaints: [
    doom(`select media_id::text from case_evidence where ${ofCases}`),
    ...[
      'identity_checks',
      'case_evidence',
      'case_notices',
      'case_events',
      'case_actions',
      'complaint_objects',
    ].map((table) => `delete from ${table} where ${ofCases}`),
    stepOn('case_decisions', ofCases),
    stepOn('complaint_cases', 'id = any($1::uuid[])'),
    endGroups,
  ],
}

const retire = async (query: Query, kind: RetainedKind, before: Date): Promise<number> => {
  await query(letErase)
  const picked = (await query<{ id: string }>(picks[kind], [before, atOnce])).map(({ id }) => id)
  if (picked.length === 0) return 0
  for (const step of steps[kind]) await query(step, step === endGroups ? [] : [picked])
  return picked.length
}

const lastRun = `
select at from audit_log where act = 'retention.applied' and detail -> 'brokenOff' is null order by seq desc limit 1`

/** What one database keeps for a while. */
export const createRetention = (database: Database): Retention => ({
  count: async (kind, before) => {
    const [row] = await database.query<{ count: number }>(
      `select count(*)::int as count from (${picks[kind]}) over_time`,
      [before, 1_000_000_000],
    )
    return row?.count ?? 0
  },
  retire: (kind, before) => database.transaction((query) => retire(query, kind, before)),
  lastRun: async () => (await database.query<{ at: Date }>(lastRun))[0]?.at,
})
