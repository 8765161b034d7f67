import { createHash } from 'node:crypto'
import { v7 as uuid } from 'uuid'
import { validate } from 'uuid'
import { z } from 'zod'
import type { Occasion } from '../core/preferences.ts'
import { TongdaError } from '../core/errors.ts'
import {
  pushLanguages,
  type NewPushSubscription,
  type PushNews,
  type PushStore,
  type PushSubscriptionView,
} from '../core/push.ts'
import type { Database, Query, Row } from './database.ts'
import type { Sealing } from './sealing.ts'

export interface PushStoreOptions {
  /** Hours without use after which sessions, and what is pushed to them, end. */
  readonly idleHours: number
}

/** Subscriptions `s` whose session lives and whose agent works tickets. */
const living = (idleHours: `$${number}`): string =>
  `push_subscriptions s
  join sessions n on n.id = s.session_id and n.expires_at > now()
    and n.last_seen_at > now() - make_interval(hours => ${idleHours}::int)
  join agents g on g.id = s.agent_id and g.deactivated_at is null`

const epoch = (column: string): string => `extract(epoch from ${column})::bigint`
const open = `t.state not in ('solved', 'closed')`

/** The same as the desk tells of in an open window, for agents `$1`; a name stays as long as its reason does. */
const called = `
select w.agent_id, 'waiting' as occasion, t.id as ticket_id,
  'waiting ' || t.id || ' ' || ${epoch('coalesce(t.queued_at, t.created_at)')} as name
from tickets t cross join unnest($1::text[]) w(agent_id) where t.assignee_id is null and ${open}
union all
select t.assignee_id, 'message', t.id, 'message ' || t.id || ' ' || ${epoch('t.next_reply_due_at')}
from tickets t where t.assignee_id = any($1::text[]) and t.next_reply_due_at is not null and ${open}
union all
select m.agent_id, 'mentioned', m.ticket_id, 'mentioned ' || m.message_id
from note_mentions m where m.agent_id = any($1::text[]) and m.read_at is null
union all
select a.agent_id, case when a.step < 0 then 'danger' else 'broken' end, a.ticket_id, 'alert ' || a.id
from alerts a where a.agent_id = any($1::text[]) and a.seen_at is null`

// Of several nodes that look at once, one writes a row and tells.
const news = `
with called as (${called}),
fresh as (
  insert into push_told (agent_id, name, ticket_id, told_at)
  select c.agent_id, c.name, c.ticket_id, $2 from called c
  where not exists (select from push_told o where o.agent_id = c.agent_id and o.name = c.name)
  on conflict do nothing returning agent_id, name)
select c.agent_id, c.occasion, c.ticket_id, t.number,
  array(select s.id::text from ${living('$3')} where s.agent_id = c.agent_id order by s.created_at) as ids
from fresh join called c using (agent_id, name) join tickets t on t.id = c.ticket_id
  left join agent_preferences p on p.agent_id = c.agent_id
where coalesce(p.preferences -> 'notices' ->> c.occasion, 'notice') <> 'off'
order by c.agent_id, array_position(array['broken', 'message', 'mentioned', 'danger', 'waiting'], c.occasion), t.number`

interface NewsRow extends Row {
  readonly agent_id: string
  readonly occasion: Occasion
  readonly ticket_id: string
  readonly number: number
  readonly ids: readonly string[]
}

const Target = z.object({ endpoint: z.string(), p256dh: z.string(), auth: z.string() })

const insert = `
insert into push_subscriptions
  (id, session_id, agent_id, endpoint_hash, service, target, language, created_at)
select $1, n.id, $3, $4, $5, $6, $7, $8 from sessions n where n.id = $2 and n.agent_id = $3
returning id::text`

const put = async (
  query: Query,
  seal: Sealing['seal'],
  subscription: NewPushSubscription,
  { most, now }: { readonly most: number; readonly now: Date },
): Promise<string> => {
  const { agentId, sessionId, endpoint, p256dh, auth, language } = subscription
  const hash = createHash('sha256').update(endpoint).digest('base64url')
  // Locked, so that two browsers at once do not both find the last place.
  await query('select id from agents where id = $1 for no key update', [agentId])
  const [before] = await query<{ id: string }>(
    `select id::text from push_subscriptions
     where session_id = $1 and endpoint_hash = $2 and agent_id = $3 for update`,
    [sessionId, hash, agentId],
  )
  await query('delete from push_subscriptions where session_id = $1 or endpoint_hash = $2', [sessionId, hash])
  const [counted] = await query<{ count: number }>(
    'select count(*)::int as count from push_subscriptions where agent_id = $1',
    [agentId],
  )
  if ((counted?.count ?? 0) >= most)
    throw new TongdaError('conflict', `notices go to ${String(most)} browsers already; remove one of them`, {
      most,
    })
  const id = before?.id ?? uuid()
  const target = seal(JSON.stringify({ endpoint, p256dh, auth }))
  const facts = [id, sessionId, agentId, hash, new URL(endpoint).host, target, language, now]
  const made = await query(insert, facts)
  if (made.length === 0) throw new TongdaError('not_found', 'this session has ended; sign in again')
  return id
}

const forgetTold = `
delete from push_told o where o.told_at < $1
  and (exists (select from tickets t where t.id = o.ticket_id and t.state in ('solved', 'closed'))
    or not exists (select from push_subscriptions s where s.agent_id = o.agent_id))`

const toNews = ({ agent_id, occasion, ticket_id, number, ids }: NewsRow): PushNews => ({
  agentId: agent_id,
  occasion,
  ticketId: ticket_id,
  number,
  subscriptionIds: ids,
})

const missing = (): TongdaError =>
  new TongdaError('not_found', 'nothing is pushed to this browser; it may have been removed already')

const list = `
select s.id::text, s.service, n.user_agent as "userAgent", s.created_at as "createdAt", s.session_id::text = $2 as here
from ${living('$3')} where s.agent_id = $1 order by s.created_at desc, s.id`

/** Browsers that are pushed to, on one database. */
export const createPushStore = (
  { query, transaction }: Database,
  { seal, unseal }: Sealing,
  { idleHours }: PushStoreOptions,
): PushStore => ({
  list: (agentId, sessionId) => query<PushSubscriptionView & Row>(list, [agentId, sessionId, idleHours]),
  put: (subscription, most, now) =>
    transaction(async (within) => {
      const id = await put(within, seal, subscription, { most, now })
      await within(news, [[subscription.agentId], now, idleHours])
      return id
    }),
  remove: async (agentId, id) => {
    const gone = validate(id)
      ? await query('delete from push_subscriptions where agent_id = $1 and id = $2 returning id', [
          agentId,
          id,
        ])
      : []
    if (gone.length === 0) throw missing()
  },
  find: async (id) => {
    const [row] = await query<{ target: string; language: string }>(
      `select s.target, s.language from ${living('$2')} where s.id = $1`,
      [id, idleHours],
    )
    const opened = row === undefined ? undefined : unseal(row.target)
    if (row === undefined || opened === undefined) return undefined
    const language = pushLanguages.find((one) => one === row.language) ?? 'zh'
    return { ...Target.parse(JSON.parse(opened)), language }
  },
  drop: async (id) => {
    await query('delete from push_subscriptions where id = $1', [id])
  },
  watched: async () =>
    (await query<{ agent_id: string }>(`select distinct s.agent_id from ${living('$1')}`, [idleHours])).map(
      ({ agent_id }) => agent_id,
    ),
  news: async (within, agentIds, now) =>
    (await within<NewsRow>(news, [[...agentIds], now, idleHours])).map(toNews),
  forgetTold: async (before) => {
    await query(forgetTold, [before])
  },
})
