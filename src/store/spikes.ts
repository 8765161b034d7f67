import { gunzipSync, gzipSync } from 'node:zlib'
import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type {
  CountedBucket,
  CountedMessage,
  SpikeProposal,
  SpikeProposals,
  WatchPass,
  WatchStore,
} from '../core/incident.ts'
import type { BucketCount, Spike, SpikeEvent } from '../core/spike.ts'
import { checkVersion } from './check-version.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { isAbout, present } from './incident-rows.ts'
import { recordEvents } from './record-event.ts'

const name = 'spikes'
const bucketMs = 300_000

const proposalFields = `p.id, p.topic, p.channel, p.since_at as "sinceAt", p.evidence, p.state, p.ended_at as "endedAt",
  p.settled_at as "settledAt", p.settled_by as "settledBy", p.reason, p.incident_id as "incidentId",
  p.created_at as "createdAt", p.updated_at as "updatedAt", p.version`

const toProposal = (row: Row): SpikeProposal => present(row) as unknown as SpikeProposal

const findProposal = async (query: Query, id: string): Promise<SpikeProposal> => {
  const [row] = validate(id)
    ? await query(`select ${proposalFields} from spike_proposals p where p.id = $1`, [id])
    : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such proposal; load the list again')
  return toProposal(row)
}

const listProposals = `
select ${proposalFields} from spike_proposals p
where ($1::text[] is null or p.state = any($1)) and ($2::uuid is null or p.id < $2) order by p.id desc limit $3`

const dismissProposal = `
update spike_proposals set state = 'dismissed', reason = $2, settled_at = $3, settled_by = $4::jsonb, updated_at = $3,
  version = version + 1, idempotency_key = $5
where id = $1`

/** Spikes as people look after them, on one database. */
export const createSpikeProposals = (database: Database): SpikeProposals => ({
  list: async (states, { after, limit }) =>
    (await database.query(listProposals, [states, after, limit])).map(toProposal),
  get: (id) => findProposal(database.query, id),
  dismiss: (id, reason, { actor, version, idempotencyKey }, now) =>
    retryCollisions(() =>
      database.transaction(async (query) => {
        const before = await findProposal(query, id)
        const [held] = await query<{ state: string; idempotency_key: string | null; version: number }>(
          'select state, idempotency_key, version from spike_proposals where id = $1 for update',
          [id],
        )
        const isRepeated = idempotencyKey !== undefined && held?.idempotency_key === idempotencyKey
        if (isRepeated || held === undefined) return before
        checkVersion(held.version, version)
        if (held.state !== 'proposed')
          throw new TongdaError('conflict', `this was ${held.state} already; load the list again`, {
            state: held.state,
          })
        await query(dismissProposal, [id, reason, now, toJson(actor), idempotencyKey])
        return findProposal(query, id)
      }),
    ),
})

/** What was decided stands with the last piece of what was typed in pieces: so each saying counts once. */
const readMessages = `
select m.id as "messageId", m.created_at as "receivedAt", c.channel, m.pending as "isPending",
  m.decision #>> '{classification,topic}' as topic
from messages m join conversations c on c.id = m.conversation_id where m.id = any($1::uuid[]) and m.direction = 'in'`

const readCounts = `
select extract(epoch from bucket)::float8 * 1000 as start, topic, channel, count from incident_counts
where bucket = any($1::timestamptz[])`

const addCounts = `
insert into incident_counts (bucket, topic, channel, count)
select x.bucket, x.topic, x.channel, x.count
from jsonb_to_recordset($1::jsonb) as x(bucket timestamptz, topic text, channel text, count int)
on conflict (bucket, topic, channel) do update set count = incident_counts.count + excluded.count`

/** Four weeks before, and an incident of three days with an hour around it, are looked back on. */
const forgetCounts = `delete from incident_counts where bucket < $1::timestamptz - interval '36 days'`

/**
 * Only from the version that was read: of two that pass at once, one takes effect. Not by the place alone, as other
 * readers of the log: where nobody wrote, five minutes are closed all the same.
 */
const moveOn = `
update spike_watch set place = $3, version = version + 1, last = coalesce($4, last),
  state = coalesce(decode($5, 'base64'), state)
where name = $1 and version = $2 returning version`

/** What an open incident explains is its own from the beginning. */
const insertProposal = `
with covering as (
  select i.id from incidents i where i.state = 'open' and ${isAbout('$2::text', '$3::text')} order by i.number limit 1
)
insert into spike_proposals (id, topic, channel, since_at, evidence, state, incident_id, settled_at, settled_by,
  created_at, updated_at)
select $1, $2::text, $3::text, $4, $5::jsonb, case when c.id is null then 'proposed' else 'declared' end, c.id,
  case when c.id is not null then $6::timestamptz end, case when c.id is not null then '{"kind":"system"}'::jsonb end,
  $6, $6
from (select 1) one left join covering c on true
on conflict (id) do nothing returning state`

const refreshProposals = `
update spike_proposals p set topic = x.topic, channel = x.channel, evidence = x.evidence, updated_at = $2
from jsonb_to_recordset($1::jsonb) as x(id uuid, topic text, channel text, evidence jsonb) where p.id = x.id`

const endProposals = `update spike_proposals set ended_at = $2, updated_at = $2 where id = any($1::uuid[])`

const propose = async (query: Query, { id, scope, sinceMs, evidence }: Spike, now: Date): Promise<void> => {
  const { topic, channel } = scope
  const facts = [topic ?? null, channel ?? null, new Date(sinceMs), toJson(evidence), now]
  const [made] = await query<{ state: string }>(insertProposal, [id, ...facts])
  if (made?.state !== 'proposed') return
  const { observed, expected, factor, minutes } = evidence
  const data = { spikeId: id, topic, channel, observed, expected, factor, minutes }
  await recordEvents(query, [{ type: 'incident.proposed', at: now, data }])
}

const keepEvents = async (
  query: Query,
  events: readonly SpikeEvent[],
  open: readonly Spike[],
  now: Date,
): Promise<void> => {
  for (const event of events) if (event.kind === 'proposed') await propose(query, event.spike, now)
  const rows = open.map(({ id, scope, evidence }) => ({ id, ...scope, evidence }))
  await query(refreshProposals, [toJson(rows), now])
  const ended = events.flatMap((event) => (event.kind === 'ended' ? [event.spike.id] : []))
  await query(endProposals, [ended, now])
}

const keep = async (query: Query, pass: WatchPass, now: Date): Promise<boolean> => {
  const { version, after, added, state, events } = pass
  const packed = state === undefined ? null : gzipSync(state.text).toString('base64')
  const moved = await query(moveOn, [name, version, after, state?.last ?? null, packed])
  if (moved.length === 0) return false
  const rows = added.flatMap(({ startMs, counts }) =>
    counts.map((count) => ({ bucket: new Date(startMs), ...count })),
  )
  await query(addCounts, [toJson(rows)])
  if (state !== undefined) await query(forgetCounts, [now])
  await keepEvents(query, events, state?.open ?? [], now)
  return true
}

interface CountRow extends Row, BucketCount {
  readonly start: number
}

const toBuckets = (starts: readonly number[], rows: readonly CountRow[]): readonly CountedBucket[] =>
  starts.map((startMs) => ({
    startMs,
    counts: rows
      .filter(({ start }) => start === startMs)
      .map(({ topic, channel, count }) => ({ topic, channel, count })),
  }))

/** Where the watch goes on, on one database. */
export const createWatchStore = (database: Database): WatchStore => {
  const { query } = database
  return {
    read: async () => {
      const [row] = await query<{ place: string; version: number; last: number | null }>(
        'select place, version, last from spike_watch where name = $1',
        [name],
      )
      return row === undefined ? undefined : { ...row, last: row.last ?? undefined }
    },
    begin: async (place) => {
      await query('insert into spike_watch (name, place) values ($1, $2) on conflict do nothing', [
        name,
        place,
      ])
    },
    messages: async (ids) =>
      (await query(readMessages, [ids])).map((row) => present(row) as unknown as CountedMessage),
    load: async (buckets) => {
      const starts = buckets.map((bucket) => bucket * bucketMs)
      const [kept] = await query<{ state: string | null }>(
        `select encode(state, 'base64') as state from spike_watch where name = $1`,
        [name],
      )
      const rows = await query<CountRow>(readCounts, [starts.map((start) => new Date(start).toISOString())])
      const packed = kept?.state ?? undefined
      return {
        text: packed === undefined ? undefined : gunzipSync(Buffer.from(packed, 'base64')).toString(),
        buckets: toBuckets(starts, rows),
      }
    },
    keep: (pass, now) => retryCollisions(() => database.transaction((inner) => keep(inner, pass, now))),
  }
}
