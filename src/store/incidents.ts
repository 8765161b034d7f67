import { validate, v7 as uuid } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { BothLanguages } from '../core/incident-turn.ts'
import type {
  Incident,
  IncidentDraft,
  IncidentEntry,
  IncidentFacts,
  IncidentReading,
  IncidentStore,
  IncidentUpdate,
  IncidentWrite,
} from '../core/incident.ts'
import { checkVersion } from './check-version.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { planNotices } from './incident-notices.ts'
import { gatherTickets, hangTicket, takeOutTicket } from './incident-gathering.ts'
import {
  addIncidentLine,
  findIncident,
  incidentFields,
  isAbout,
  lockIncident,
  present,
  toIncident,
  wasIncidentChanged,
  wordsJson,
  type IncidentRow,
} from './incident-rows.ts'

const insertIncident = `
insert into incidents (id, number, title, notice, channel_notices, topics, channels, parent_ticket_id, spike_id,
  since_at, state, declared_at, declared_by, updated_at, idempotency_key)
values ($1, nextval('incident_numbers')::int, $2::jsonb, $3::jsonb, $4::jsonb, $5::text[], $6::text[], $7, $8, $9,
  'open', $10, $11::jsonb, $10, $12)
on conflict (idempotency_key) do nothing returning number`

/** The proposal itself, and those that it explains. */
const settleProposals = `
update spike_proposals p set state = 'declared', incident_id = i.id, settled_at = $2, settled_by = $3::jsonb,
  updated_at = $2, version = p.version + 1
from incidents i
where i.id = $1 and (p.id = i.spike_id or (p.state = 'proposed' and (p.ended_at is null or p.ended_at >= i.since_at)
  and ${isAbout('p.topic', 'p.channel')}))`

const checkParent = async (query: Query, ticketId: string): Promise<void> => {
  const [parent] = validate(ticketId)
    ? await query<{ state: string; parent_id: string | null }>(
        'select state, parent_id from tickets where id = $1',
        [ticketId],
      )
    : []
  if (parent === undefined)
    throw new TongdaError('bad_input', 'there is no such ticket; choose another parent')
  if (parent.state === 'closed' || parent.parent_id !== null)
    throw new TongdaError(
      'bad_input',
      'this ticket is closed or hangs under another; choose one that is open and stands by itself',
    )
}

/** Holds the proposal: of two who declare it at once the second finds what the first did. */
const holdSpike = async (query: Query, spikeId: string): Promise<string> => {
  const [spike] = validate(spikeId)
    ? await query<{ state: string }>('select state from spike_proposals where id = $1 for update', [spikeId])
    : []
  if (spike === undefined)
    throw new TongdaError('not_found', 'there is no such proposal; load the list again')
  return spike.state
}

const declare = async (
  query: Query,
  draft: IncidentDraft,
  { actor, idempotencyKey }: IncidentWrite,
  now: Date,
): Promise<Incident> => {
  const spikeState = draft.spikeId === undefined ? undefined : await holdSpike(query, draft.spikeId)
  const known = await query<{ id: string }>('select id from incidents where idempotency_key = $1', [
    idempotencyKey,
  ])
  if (known[0] !== undefined) return findIncident(query, known[0].id)
  const { title, notice, channelNotices, topics, channels, parentTicketId, spikeId, sinceAt } = draft
  if (spikeState === 'declared')
    throw new TongdaError('conflict', 'this was declared an incident already; look at the open ones', {
      state: spikeState,
    })
  if (parentTicketId !== undefined) await checkParent(query, parentTicketId)
  const id = uuid()
  const words = [wordsJson(title), wordsJson(notice), toJson(channelNotices)]
  const facts = [topics, channels, parentTicketId, spikeId, sinceAt, now, toJson(actor), idempotencyKey]
  const [made] = await query<{ number: number }>(insertIncident, [id, ...words, ...facts])
  // Somebody with the same key was faster by a moment.
  if (made === undefined) return declare(query, draft, { actor, idempotencyKey }, now)
  await query(settleProposals, [id, now, toJson(actor)])
  const tickets = draft.gathers ? await gatherTickets(query, id, now) : 0
  const detail = { title, notice, topics, channels, tickets, ...(spikeId === undefined ? {} : { spikeId }) }
  await addIncidentLine(
    query,
    { incidentId: id, actor, change: 'declared', detail },
    { number: made.number, now },
  )
  return findIncident(query, id)
}

const closedFor = (incident: Incident): TongdaError =>
  new TongdaError('conflict', 'this incident is closed; declare another if it is there again', {
    state: incident.state,
    version: incident.version,
  })

const updateIncident = `
update incidents set title = coalesce($2::jsonb, title), notice = coalesce($3::jsonb, notice),
  channel_notices = coalesce($4::jsonb, channel_notices), topics = coalesce($5::text[], topics),
  channels = coalesce($6::text[], channels),
  parent_ticket_id = case when $7::boolean then $8::uuid else parent_ticket_id end,
  notice_version = notice_version + case when ($3::jsonb is not null and $3::jsonb is distinct from notice)
    or ($4::jsonb is not null and $4::jsonb is distinct from channel_notices) then 1 else 0 end,
  updated_at = $9, version = version + 1
where id = $1`

/** What the others hang under is not solved with them. */
const releaseParent = 'delete from incident_tickets where incident_id = $1 and ticket_id = $2'
/** Its tickets are looked at again: they are to hang under the new parent. */
const noteAgain = 'update incident_tickets set noted_at = null where incident_id = $1'

const changeFacts = async (query: Query, id: string, facts: IncidentFacts, now: Date): Promise<void> => {
  const { title, notice, channelNotices, topics, channels, parentTicketId } = facts
  if (typeof parentTicketId === 'string') await checkParent(query, parentTicketId)
  const json = (words: BothLanguages | undefined) => (words === undefined ? null : wordsJson(words))
  const words = [json(title), json(notice), channelNotices === undefined ? null : toJson(channelNotices)]
  const parent = [parentTicketId !== undefined, parentTicketId ?? null]
  await query(updateIncident, [id, ...words, topics ?? null, channels ?? null, ...parent, now])
  if (typeof parentTicketId !== 'string') return
  await query(releaseParent, [id, parentTicketId])
  await query(noteAgain, [id])
}

const addUpdate = `
insert into incident_updates (id, incident_id, kind, wording, at, by) values ($1, $2, $3, $4::jsonb, $5, $6::jsonb)`

/** Notes down what is told, and to whom. */
const say = async (
  query: Query,
  id: string,
  update: { readonly kind: IncidentUpdate['kind']; readonly wording: BothLanguages },
  { actor, now }: { readonly actor: IncidentWrite['actor']; readonly now: Date },
): Promise<{ readonly updateId: string; readonly people: number }> => {
  const updateId = uuid()
  await query(addUpdate, [updateId, id, update.kind, wordsJson(update.wording), now, toJson(actor)])
  return { updateId, people: await planNotices(query, updateId, now) }
}

const closeIncident = `
update incidents set state = 'closed', closed_at = $2, closed_by = $3::jsonb, updated_at = $2, version = version + 1
where id = $1`
const touchIncident = 'update incidents set updated_at = $2, version = version + 1 where id = $1'

/** What a write does to an open incident, and what the history says of it. */
type Act = (query: Query, incident: Incident) => Promise<Readonly<Record<string, unknown>>>

const applyAct = async (
  query: Query,
  id: string,
  { change, act }: { readonly change: IncidentEntry['change']; readonly act: Act },
  { actor, version, idempotencyKey, now }: IncidentWrite & { readonly now: Date },
): Promise<Incident> => {
  const before = await lockIncident(query, id)
  if (await wasIncidentChanged(query, id, idempotencyKey)) return before
  checkVersion(before.version, version)
  if (before.state === 'closed') throw closedFor(before)
  const detail = await act(query, before)
  const line = { incidentId: id, actor, change, detail, idempotencyKey }
  await addIncidentLine(query, line, { number: before.number, now })
  return findIncident(query, id)
}

/** Incidents on one database. */
export const createIncidentStore = (database: Database): IncidentStore => {
  const applying = (
    id: string,
    change: IncidentEntry['change'],
    write: IncidentWrite & { readonly now: Date },
    act: Act,
  ): Promise<Incident> =>
    retryCollisions(() => database.transaction((query) => applyAct(query, id, { change, act }, write)))
  return {
    declare: (draft, write, now) =>
      retryCollisions(() => database.transaction((query) => declare(query, draft, write, now))),
    change: (id, facts, write, now) =>
      applying(id, 'changed', { ...write, now }, async (query) => {
        await changeFacts(query, id, facts, now)
        return { ...facts }
      }),
    update: (id, wording, write, now) =>
      applying(id, 'updated', { ...write, now }, async (query) => {
        await query(touchIncident, [id, now])
        const { actor } = write
        return { wording, ...(await say(query, id, { kind: 'update', wording }, { actor, now })) }
      }),
    hang: (id, ticketId, write, now) =>
      applying(id, 'hung', { ...write, now }, async (query, incident) => {
        await hangTicket(query, incident, ticketId, now)
        await query(touchIncident, [id, now])
        return { ticketId }
      }),
    takeOut: (id, ticketId, write, now) =>
      applying(id, 'taken-out', { ...write, now }, async (query) => {
        await takeOutTicket(query, id, ticketId, now)
        await query(touchIncident, [id, now])
        return { ticketId }
      }),
    close: (id, wording, write, now) =>
      applying(id, 'closed', { ...write, now }, async (query) => {
        const { actor } = write
        await query(closeIncident, [id, now, toJson(actor)])
        return { wording, ...(await say(query, id, { kind: 'closed', wording }, { actor, now })) }
      }),
  }
}

const listIncidents = `
select ${incidentFields} from incidents i
where ($1::text is null or i.state = $1) and ($2::int is null or i.number < $2) order by i.number desc limit $3`

interface EntryRow extends Row, Omit<IncidentEntry, 'id'> {
  readonly id: string | number
}
interface UpdateRow extends Row, IncidentUpdate {}

/** Reads incidents on one database. */
export const createIncidentReading = ({ query }: Database): IncidentReading => ({
  list: async (state, { after, limit }) =>
    (await query<IncidentRow>(listIncidents, [state, after, limit])).map(toIncident),
  get: (id) => findIncident(query, id),
  history: async (id) =>
    (
      await query<EntryRow>(
        'select id, at, actor, change, detail from incident_history where incident_id = $1 order by id',
        [id],
      )
    ).map(({ id: place, at, actor, change, detail }) => ({
      id: Number(place),
      ...{ at, actor, change, detail },
    })),
  updates: async (id) =>
    (
      await query<UpdateRow>(
        'select id, kind, wording, at, by from incident_updates where incident_id = $1 order by at, id',
        [id],
      )
    ).map((row) => present(row) as unknown as IncidentUpdate),
})
