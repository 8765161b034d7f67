import type { HealthReading, InboxFlow, ModelFault, OutboxDepth, Refusals } from '../core/health.ts'
import type { Database, Row } from './database.ts'

const dayMs = 86_400_000

/** The least id that is made at a moment: ids begin with the milliseconds of their making. */
const firstIdAt = (at: Date): string => {
  const hex = Math.max(0, at.getTime()).toString(16).padStart(12, '0')
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7000-8000-000000000000`
}

const lastMessages = `
select inbox_id, max(last_inbound_at) as at from conversations where last_inbound_at is not null
group by inbox_id order by inbox_id`

const refusals = `
select inbox_id, coalesce(error ->> 'code', 'permanent') as code, count(*)::int as count,
  (array_agg(error ->> 'message' order by id desc))[1] as message,
  (array_agg(error ->> 'providerCode' order by id desc))[1] as provider_code
from outbox where id >= $1::uuid and status = 'failed' group by 1, 2 order by 1, 3 desc, 2`

const depth = `
select (count(*) filter (where status <> 'waiting'))::int as queued,
  (count(*) filter (where status = 'waiting'))::int as waiting,
  min(created_at) filter (where status <> 'waiting') as oldest
from outbox where status in ('queued', 'waiting', 'sending')`

const evaluation = `
select done_at, result -> 'concerns' as concerns from knowledge_evaluations
where whole and state = 'done' order by done_at desc limit 1`

const modelFaults = `
select distinct on (model) model, at, outcome from model_calls
where at >= $1 and outcome not in ('answered', 'aborted') order by model, at desc, id desc`

interface RefusedRow extends Row {
  readonly inbox_id: string
  readonly code: string
  readonly count: number
  readonly message: string | null
  readonly provider_code: string | null
}

const toRefusals = ({ code, count, message, provider_code: providerCode }: RefusedRow): Refusals => ({
  code,
  count,
  message: message ?? '',
  ...(providerCode === null ? {} : { providerCode }),
})

const flowsOf = (
  last: readonly { readonly inbox_id: string; readonly at: Date }[],
  refused: readonly RefusedRow[],
): readonly InboxFlow[] => {
  const ids = new Set([...last, ...refused].map(({ inbox_id: id }) => id))
  return [...ids].map((inboxId) => {
    const at = last.find(({ inbox_id: id }) => id === inboxId)?.at
    return {
      inboxId,
      ...(at === undefined ? {} : { lastMessageAt: at }),
      refused: refused.filter(({ inbox_id: id }) => id === inboxId).map(toRefusals),
    }
  })
}

const toDepth = (
  row: { readonly queued: number; readonly waiting: number; readonly oldest: Date | null } | undefined,
): OutboxDepth => ({
  queued: row?.queued ?? 0,
  waiting: row?.waiting ?? 0,
  ...(row?.oldest ? { oldestQueuedAt: row.oldest } : {}),
})

/** How one database fares, and what lies in it. */
export const createHealthReading = ({ query }: Pick<Database, 'query'>): HealthReading => ({
  flows: async (now) =>
    flowsOf(
      await query<Row & { readonly inbox_id: string; readonly at: Date }>(lastMessages),
      await query<RefusedRow>(refusals, [firstIdAt(new Date(now.getTime() - dayMs))]),
    ),
  outbox: async () => {
    const [row] = await query<
      Row & { readonly queued: number; readonly waiting: number; readonly oldest: Date | null }
    >(depth)
    return toDepth(row)
  },
  size: async () => {
    const [row] = await query<{ bytes: number }>(
      'select pg_database_size(current_database())::float8 as bytes',
    )
    return row?.bytes ?? 0
  },
  lastEvaluation: async () => {
    const [row] = await query<{ done_at: Date; concerns: readonly string[] | null }>(evaluation)
    return row === undefined ? undefined : { at: row.done_at, concerns: row.concerns ?? [] }
  },
  modelFaults: (now) => query<Row & ModelFault>(modelFaults, [new Date(now.getTime() - dayMs)]),
})
