import type { DeadLetter, DeadLetterCount, DeadLetterFilter, DeadLetters } from '../core/dead-letters.ts'
import { retryCollisions, type Database, type Row } from './database.ts'
import { lockConversations } from './lock-conversations.ts'
import { queueAgain } from './retry-delivery.ts'
import { recordAudit } from './record-audit.ts'

const reason = `coalesce(o.error ->> 'code', case o.status when 'expired' then 'expired' else 'permanent' end)`

/** One that went by another way is no dead letter. */
const meant = `o.status in ('failed', 'expired') and o.error ->> 'code' is distinct from 'moved'
  and ($1::text[] is null or o.inbox_id = any($1::text[]))
  and ($2::timestamptz is null or o.created_at >= $2)
  and ($3::text is null or ${reason} = $3)
  and ($4::uuid[] is null or o.id = any($4::uuid[]))`

const paramsOf = ({ inboxIds, since, reason: wanted, ids }: DeadLetterFilter): readonly unknown[] => [
  inboxIds,
  since,
  wanted,
  ids,
]

const list = `
select o.id::text as id, o.message_id::text as "messageId", o.inbox_id as "inboxId", o.status, ${reason} as reason,
  coalesce(o.error ->> 'message', '') as error, o.attempts as tries, o.created_at as "writtenAt"
from outbox o where ${meant} order by o.position desc limit $5`

const count = `
select o.inbox_id as "inboxId", ${reason} as reason, count(*)::int as count
from outbox o where ${meant} group by 1, 2 order by 3 desc, 1, 2`

/** One look at whom they are for; what is replayed then is what still stands so. */
const conversations = `
select o.id::text as id, o.conversation_id::text as conversation, o.position::float8 as position
from outbox o where ${meant} and o.position > $6 order by o.position limit $5`

const requeue = `
update outbox o set ${queueAgain}
where o.id = any($1::uuid[]) and o.status in ('failed', 'expired') returning o.id`

/** Conversations are held only as long as one batch takes. */
const atOnce = 200

interface Batch {
  readonly replayed: number
  /** Where the next begins; undefined: this was the last. */
  readonly next: number | undefined
}

const replaySome = (database: Database, filter: DeadLetterFilter, after: number): Promise<Batch> =>
  retryCollisions(() =>
    database.transaction(async (query) => {
      const found = await query<{ id: string; conversation: string; position: number }>(conversations, [
        ...paramsOf(filter),
        atOnce,
        after,
      ])
      const next = found.length < atOnce ? undefined : found.at(-1)?.position
      if (found.length === 0) return { replayed: 0, next }
      await lockConversations(query, [...new Set(found.map(({ conversation }) => conversation))])
      const queued = await query(requeue, [found.map(({ id }) => id)])
      const [only] = filter.ids?.length === 1 ? filter.ids : []
      await recordAudit(query, {
        act: 'message.replayed',
        ...(only === undefined ? {} : { object: { kind: 'outbox', id: only } }),
        detail: {
          count: queued.length,
          ...(filter.inboxIds === undefined ? {} : { inboxes: filter.inboxIds }),
          ...(filter.reason === undefined ? {} : { reason: filter.reason }),
        },
      })
      return { replayed: queued.length, next }
    }),
  )

const isId = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

/** What is no id names nothing. */
const cleaned = (filter: DeadLetterFilter): DeadLetterFilter =>
  filter.ids === undefined ? filter : { ...filter, ids: filter.ids.filter((id) => isId.test(id)) }

/** The dead letters of one database. */
export const createDeadLetters = (database: Database): DeadLetters => ({
  list: (filter, limit) => database.query<DeadLetter & Row>(list, [...paramsOf(cleaned(filter)), limit]),
  count: (filter) => database.query<DeadLetterCount & Row>(count, paramsOf(cleaned(filter))),
  replay: async (filter) => {
    const wanted = cleaned(filter)
    let replayed = 0
    // Each is looked at once: one that is refused again meanwhile stays where it is.
    for (let after: number | undefined = -1; after !== undefined;) {
      const batch: Batch = await replaySome(database, wanted, after)
      replayed += batch.replayed
      after = batch.next
    }
    return replayed
  },
})
