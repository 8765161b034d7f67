import type { Actor } from '../core/acting.ts'
import type { AuditAct, AuditFilter, AuditLine, AuditLink, AuditLog, AuditVerdict } from '../core/audit.ts'
import type { Database, Query, Row } from './database.ts'
import { recordAudit } from './record-audit.ts'

interface LineRow extends Row {
  readonly number: number
  readonly at: Date
  readonly actor_kind: Actor['kind']
  readonly actor_id: string
  readonly actor_name: string | null
  readonly act: AuditAct
  readonly object_kind: string | null
  readonly object_id: string | null
  readonly address: string | null
  readonly reason: string | null
  readonly detail: Readonly<Record<string, unknown>>
  readonly hash: string
}

const list = `
select l.seq::float8 as number, l.at, l.actor_kind, l.actor_id, coalesce(g.name, k.name) as actor_name, l.act,
  l.object_kind, l.object_id, l.address, l.reason, l.detail, l.hash
from audit_log l
left join agents g on l.actor_kind = 'agent' and g.id = l.actor_id
left join api_keys k on l.actor_kind = 'key' and k.id::text = l.actor_id
where ($1::bigint is null or l.seq < $1) and ($2::text is null or l.act = $2)
  and ($3::text is null or l.actor_id = $3) and ($4::text is null or l.object_kind = $4)
  and ($5::text is null or l.object_id = $5) and ($6::timestamptz is null or l.at >= $6)
  and ($7::timestamptz is null or l.at < $7)
order by l.seq desc limit $8`

const toLine = (row: LineRow): AuditLine => ({
  number: row.number,
  at: row.at,
  actor: {
    kind: row.actor_kind,
    id: row.actor_id,
    ...(row.actor_name === null ? {} : { name: row.actor_name }),
    ...(row.address === null ? {} : { address: row.address }),
  },
  act: row.act,
  ...(row.object_kind === null || row.object_id === null
    ? {}
    : { object: { kind: row.object_kind, id: row.object_id } }),
  ...(row.reason === null ? {} : { reason: row.reason }),
  detail: row.detail,
  hash: row.hash,
})

const valuesOf = (filter: AuditFilter): readonly unknown[] => [
  filter.act,
  filter.actorId,
  filter.objectKind,
  filter.objectId,
  filter.since,
  filter.until,
]

interface CheckedRow extends Row {
  readonly number: number
  readonly previous: string
  readonly hash: string
  readonly whole: boolean
}

const check = `
select seq::float8 as number, previous, hash, hash = audit_digest(l) as whole
from audit_log l where seq > $1 order by seq limit $2`

/** The line before the first that is kept, as the newest retirement wrote it down. */
const retiredUpTo = `
select (detail ->> 'number')::float8 as number, detail ->> 'hash' as hash
from audit_log where act = 'audit.retired' order by seq desc limit 1`

const checkedAtOnce = 5_000
/** Most lines one transaction forgets. */
const retiredAtOnce = 20_000

const faultOf = (row: CheckedRow, before: AuditLink, noted?: AuditLink): AuditVerdict['fault'] => {
  const { number } = row
  if (number !== before.number + 1 || row.previous !== before.hash) return { number, what: 'missing-before' }
  if (!row.whole) return { number, what: 'changed' }
  return noted?.number === number && noted.hash !== row.hash ? { number, what: 'replaced' } : undefined
}

/** What the chain from `beginning` to `head` says of a line that was noted and is not at fault. */
const notedIn = (
  noted: AuditLink | undefined,
  beginning: AuditLink,
  head: AuditLink,
): Pick<AuditVerdict, 'noted' | 'fault'> => {
  if (noted === undefined) return {}
  const { number, hash } = noted
  if (number > head.number) return { fault: { number, what: 'missing-end' } }
  if (number < beginning.number) return { noted: 'retired' }
  if (number === beginning.number && hash !== beginning.hash) return { fault: { number, what: 'replaced' } }
  return { noted: 'same' }
}

/** Where the chain that is kept must begin. */
const beginningOf = async (query: Query): Promise<AuditLink> =>
  (await query<AuditLink & Row>(retiredUpTo))[0] ?? { number: 0, hash: '' }

const verifyFrom = async (query: Query, beginning: AuditLink, noted?: AuditLink): Promise<AuditVerdict> => {
  let [last, lines] = [beginning, 0]
  for (;;) {
    const rows = await query<CheckedRow>(check, [lines === 0 ? -1 : last.number, checkedAtOnce])
    for (const row of rows) {
      const fault = faultOf(row, last, noted)
      if (fault !== undefined) return { lines, fault }
      last = { number: row.number, hash: row.hash }
      lines += 1
    }
    if (rows.length < checkedAtOnce)
      return { lines, ...(lines === 0 ? {} : { head: last }), ...notedIn(noted, beginning, last) }
  }
}

/** Lines that leave by retention while they are checked are not missing: then it begins anew. */
const verify = async (query: Query, noted?: AuditLink): Promise<AuditVerdict> => {
  for (let beginning = await beginningOf(query); ;) {
    const verdict = await verifyFrom(query, beginning, noted)
    const now = await beginningOf(query)
    if (verdict.fault === undefined || now.number === beginning.number) return verdict
    beginning = now
  }
}

const retireSome = (database: Database, before: Date): Promise<number> =>
  database.transaction(async (within) => {
    const [gone] = await within<{ count: number; number: number; hash: string }>(
      'select gone::int as count, number::float8 as number, hash from audit_retire($1, $2)',
      [before, retiredAtOnce],
    )
    if (gone === undefined || gone.count === 0) return 0
    const { count, number, hash } = gone
    await recordAudit(within, { act: 'audit.retired', detail: { count, number, hash } })
    return count
  })

/** The audit log of one database. */
export const createAuditLog = (database: Database): AuditLog => ({
  record: (entry) => recordAudit(database.query, entry),
  list: async (filter, { before, limit }) =>
    (await database.query<LineRow>(list, [before, ...valuesOf(filter), limit])).map(toLine),
  verify: (noted) => verify(database.query, noted),
  retire: async (before) => {
    let gone = 0
    for (;;) {
      const some = await retireSome(database, before)
      gone += some
      if (some < retiredAtOnce) return gone
    }
  },
})
