import { randomUUID } from 'node:crypto'
import type { Claim, TurnOutcome } from '../src/core/conversation.ts'
import { silentLog } from '../src/core/log.ts'
import { createConversationStore, createRetention, openPostgres, type Database } from '../src/store/index.ts'
import { quantile, round } from './load.ts'
import { report } from './report.ts'

const dayMs = 86_400_000
const conversations = 20_000
const turns = 300
const retireForMs = 10_000

/** Messages so many in number from 400 days ago to yesterday, over all conversations: half asked, half answered. */
const fillMessages = `
insert into messages (id, conversation_id, seq, inbox_id, dedup_key, direction, author, parts, sent_at, created_at, wants_reply)
select (lpad(to_hex((extract(epoch from g.at) * 1000)::bigint), 12, '0') || substr(md5('m' || g.n), 1, 20))::uuid,
  md5('c' || g.n % ${String(conversations)})::uuid, 1 + g.n / ${String(conversations)}, 'volume',
  case when g.n % 2 = 0 then 'volume-' || g.n end, case when g.n % 2 = 0 then 'in' else 'out' end,
  case when g.n % 2 = 0 then 'contact' else 'bot' end,
  jsonb_build_array(jsonb_build_object('kind', 'text', 'text', '大会员多扣了一个月的钱，什么时候能退回来？' || g.n)),
  g.at, g.at, g.n % 2 = 0
from (select n, now() - interval '400 days' + n * (interval '399 days' / $2) as at
  from generate_series($1::int, $2::int - 1) n) g`

const fillPeople = [
  `insert into contacts (id, display_name, created_at)
  select md5('p' || n)::uuid, '联系人' || n, now() - interval '400 days' from generate_series(0, ${String(conversations - 1)}) n`,
  `insert into contact_identities (inbox_id, contact_key, contact_id, display_name)
  select 'volume', 'v' || n, md5('p' || n)::uuid, '联系人' || n from generate_series(0, ${String(conversations - 1)}) n`,
  `insert into conversations (id, inbox_id, channel, thread_key, contact_key, contact_id, dialogue, last_seq, created_at)
  select md5('c' || n)::uuid, 'volume', 'web', 'v' || n, 'v' || n, md5('p' || n)::uuid, '{}', 1000000, now() - interval '400 days'
  from generate_series(0, ${String(conversations - 1)}) n`,
]

const outcomeOf = (claim: Claim): TurnOutcome => {
  const part = { kind: 'text', text: '退款会在一到三个工作日内原路退回。' } as const
  return {
    claim,
    decision: { kind: 'answer', rule: 'match', reasons: [], thresholds: {}, thinkingMs: 1 },
    mode: claim.mode,
    dialogue: claim.dialogue,
    outbound: [{ parts: [part], rendered: [part], author: 'bot', passiveOnly: false }],
    touchesTicket: false,
  }
}

/** A message's way through the store: accepted, claimed and committed, each in a transaction of its own. */
const measureTurns = async (database: Database) => {
  const store = createConversationStore(database)
  const once = async (n: number): Promise<number> => {
    const now = new Date()
    const contactKey = `v${String((n * 7_919) % conversations)}`
    const startedAt = performance.now()
    const message = {
      ...{ inboxId: 'volume', dedupKey: randomUUID(), contactKey, threadKey: contactKey, sentAt: now },
      ...{ mayContinue: false, wantsReply: true, passiveBudgetMs: 0 },
      parts: [{ kind: 'text', text: '多扣的钱什么时候退？' }],
    } as const
    await store.accept([{ message, channel: 'web', settleMs: 0, settleMaxMs: 0 }], now)
    const claims = await store.claim('volume', 10, 30_000)
    await store.commit(claims.map(outcomeOf), now)
    return performance.now() - startedAt
  }
  const times: number[] = []
  for (let n = 0; n < turns * 2; n += 1) {
    const ms = await once(n)
    if (n >= turns) times.push(ms)
  }
  return { turnP50Ms: round(quantile(times, 0.5)), turnP95Ms: round(quantile(times, 0.95)) }
}

const sizes = async (database: Database) => {
  const [row] = await database.query<{ table: string; heap: string; database: string }>(
    `select pg_total_relation_size('messages')::text as "table", pg_relation_size('messages')::text as heap,
      pg_database_size(current_database())::text as database`,
  )
  return {
    messagesMegabytes: Math.round(Number(row?.table) / 1_048_576),
    ofThatRowsMegabytes: Math.round(Number(row?.heap) / 1_048_576),
    databaseMegabytes: Math.round(Number(row?.database) / 1_048_576),
  }
}

/** Removes what is older than a year as the nightly job does, for ten seconds. */
const measureRetention = async (database: Database) => {
  const retention = createRetention(database)
  const before = new Date(Date.now() - 30 * dayMs)
  const startedAt = performance.now()
  let removed = 0
  while (performance.now() - startedAt < retireForMs) {
    const some = await retention.retire('messages', before)
    removed += some
    if (some === 0) break
  }
  const seconds = (performance.now() - startedAt) / 1_000
  const vacuumedAt = performance.now()
  await database.query('vacuum messages')
  return {
    retired: removed,
    retiredPerSecond: Math.round(removed / seconds),
    vacuumMs: Math.round(performance.now() - vacuumedAt),
  }
}

/** What a stored past costs a turn and the retention, on a PostgreSQL database of its own at `url`. */
export const volume = async (url: string, stored: readonly number[]): Promise<void> => {
  const database = await openPostgres({ url, maxConnections: 4, timeoutMs: 600_000, log: silentLog })
  try {
    for (const statement of fillPeople) await database.query(statement)
    report('volume', { stored: 0, ...(await measureTurns(database)) })
    let filled = 0
    for (const count of stored) {
      const startedAt = performance.now()
      await database.query(fillMessages, [filled, count])
      filled = count
      const seconds = Math.round((performance.now() - startedAt) / 1_000)
      await database.query('analyze')
      const measured = { ...(await sizes(database)), ...(await measureTurns(database)) }
      report('volume', { stored: count, filledInSeconds: seconds, ...measured })
    }
    report('volume', { stored: filled, ...(await measureRetention(database)), ...(await sizes(database)) })
  } finally {
    await database.close()
  }
}
