import type { RetainedKind, Retention } from '../core/personal-data.ts'
import type { Database, Query } from './database.ts'
import { blanking, deleting, endGroups, letErase } from './erasure-steps.ts'
import { lockGroups, questionTables } from './meaning-tables.ts'
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

const draftId = "concat_ws(' ', d.agent_id, d.ticket_id, d.mode, d.changed_at)"
const invitationEnd = 'coalesce(i.accepted_at, i.withdrawn_at, i.expires_at)'

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
  questions: `
    select i.id from learning_questions i left join learning_proposals t on t.id = i.theme_id
    where i.said_at < $1 and (t.id is null or t.ended_at is not null or t.kind is null or t.state in ('dismissed', 'done')
        or i.discarded_at is not null)
      and not exists (select from conversations c where c.id = i.conversation_id and c.contact_id in (${heldContacts}))
    order by i.said_at, i.id limit $2`,
  suggestions: `
    (select i.id from feedback_items i
    where i.said_at < $1 and i.sentence <> '' and not exists (select from contacts p where p.id in (${heldContacts})
      and (p.id = i.contact_id or p.id = (select c.contact_id from conversations c where c.id = i.conversation_id)))
    order by i.said_at, i.id limit $2)
    union all (select n.id from feedback_notices n
    where n.settled_at < $1 and n.sentence <> '' and n.contact_id not in (${heldContacts})
    order by n.settled_at limit $2)
    limit $2`,
  // One that is changed at this moment is another.
  drafts: `
    select ${draftId} as id from agent_drafts d join tickets t on t.id = d.ticket_id
    where d.changed_at < $1 and t.contact_id not in (${heldContacts})
    order by d.changed_at limit $2`,
  invitations: `
    select i.id from invitations i where ${invitationEnd} < $1 order by i.id limit $2`,
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

/** Evidence may be what the reporter had sent in a conversation, or stand in another case as well. */
const filesOfCases = `
  select e.media_id::text from case_evidence e
  join complaint_cases k on k.id = e.case_id join tickets t on t.id = k.ticket_id
  where e.case_id = any($1::uuid[])
    and not exists (select from case_evidence o where o.media_id = e.media_id and o.case_id <> all($1::uuid[]))
    and not exists (select from conversations c join messages m on m.conversation_id = c.id
      where c.contact_id = t.contact_id
        and jsonb_path_exists(m.parts, '$.**.mediaId ? (@ == $id)', jsonb_build_object('id', e.media_id::text)))`

const samples = samplesOf('select unnest($1::uuid[])::text')
const forgetSamples = `update knowledge_evaluations set result = ${samples.result} where ${samples.of}`

/** Of the groups that some go from; what they propose is weighed anew. */
const recountProposals = `
update learning_proposals t set sum = null, updated_at = now(), version = version + 1,
  count = (select count(*) from learning_questions i
    where i.theme_id = t.id and i.discarded_at is null and i.id <> all($1::uuid[]))
where t.ended_at is null and t.id in (select theme_id from learning_questions where id = any($1::uuid[]))`

/** Groups of which nothing is left, but for those at which somebody is at work. */
const endProposals = `
update learning_proposals t set ended_at = now(), updated_at = now(), count = 0, version = version + 1
where t.ended_at is null and (not t.is_held or t.state in ('dismissed', 'done'))
  and not exists (select from learning_questions i where i.theme_id = t.id)`

/** Names of groups are sentences of contacts. */
const forgetProposals = `
delete from learning_proposals t
where t.ended_at < $1 and not exists (select from learning_questions i where i.theme_id = t.id)`

const ofMessages = 'message_id = any($1::uuid[])'
const ofCases = 'case_id = any($1::uuid[])'

/** What is done with what was picked; `$1`: its ids. */
const steps: Readonly<Record<RetainedKind, readonly string[]>> = {
  messages: [
    doom(filesOfMessages),
    forgetSamples,
    `delete from delivery_attempts where outbox_id in (select id from outbox where ${ofMessages})`,
    `delete from outbox where ${ofMessages}`,
    // What was written of them does not outlive them.
    'delete from handoff_summaries where conversation_id in (select conversation_id from messages where id = any($1::uuid[]))',
    'delete from messages where id = any($1::uuid[])',
  ],
  tickets: [
    stepOn('handoff_summaries', 'ticket_id = any($1::uuid[])'),
    stepOn('ticket_timeline', 'ticket_id = any($1::uuid[])'),
    stepOn('tickets', 'id = any($1::uuid[])'),
  ],
  complaints: [
    doom(filesOfCases),
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
  ],
  questions: [recountProposals, 'delete from learning_questions where id = any($1::uuid[])'],
  suggestions: [
    // Meaning and count stay with the theme; one that has no theme yet has nothing to find one by.
    `update feedback_items set sentence = '', cues = '{}', version = version + 1,
       discarded_at = case when theme_id is null then coalesce(discarded_at, now()) else discarded_at end
     where id = any($1::uuid[])`,
    "update feedback_notices set sentence = '' where id = any($1::uuid[])",
  ],
  drafts: [`delete from agent_drafts d where ${draftId} = any($1::text[])`],
  invitations: ['delete from invitations where id = any($1::uuid[])'],
}

/** What goes by what is left, once nothing is picked any more. */
const afterwards: Partial<Record<RetainedKind, (query: Query, before: Date) => Promise<unknown>>> = {
  complaints: (query) => query(endGroups),
  questions: async (query, before) => {
    await query(endProposals)
    await query(forgetProposals, [before])
  },
}

const retire = async (query: Query, kind: RetainedKind, before: Date): Promise<number> => {
  await query(letErase)
  if (kind === 'questions') await lockGroups(query, questionTables)
  // A hold that is set at this moment waits, or is seen by what is picked.
  await query('lock table legal_holds in share mode')
  const picked = (await query<{ id: string }>(picks[kind], [before, atOnce])).map(({ id }) => id)
  if (picked.length > 0) for (const step of steps[kind]) await query(step, [picked])
  else await afterwards[kind]?.(query, before)
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
