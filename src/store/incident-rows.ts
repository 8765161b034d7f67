import { validate } from 'uuid'
import { TongdaError } from '../core/errors.ts'
import type { BothLanguages } from '../core/incident-turn.ts'
import type { Incident, IncidentActor, IncidentEntry } from '../core/incident.ts'
import { toJson, type Query, type Row } from './database.ts'
import { recordEvents, type NewEvent } from './record-event.ts'

/** What was taken out stays, so that it is not taken in again; it does not count. */
export const hangs = `h.outcome is distinct from 'taken-out'`

/** An incident `i` as `toIncident` reads it. */
export const incidentFields = `i.id, i.number, i.title, i.notice, i.channel_notices as "channelNotices",
  i.notice_version as "noticeVersion", i.topics, i.channels, i.parent_ticket_id as "parentTicketId",
  i.spike_id as "spikeId", i.since_at as "sinceAt", i.state, i.declared_at as "declaredAt",
  i.declared_by as "declaredBy", i.closed_at as "closedAt", i.closed_by as "closedBy", i.updated_at as "updatedAt",
  i.version,
  (select count(*)::int from incident_tickets h where h.incident_id = i.id and ${hangs}) as tickets,
  (select count(*)::int from incident_tickets h join tickets t on t.id = h.ticket_id
    where h.incident_id = i.id and ${hangs} and t.state not in ('solved', 'closed')) as "openTickets",
  (select count(*)::int from incident_followers f where f.incident_id = i.id and f.left_at is null) as followers,
  (select count(*)::int from incident_hearings h where h.incident_id = i.id) as heard`

export type IncidentRow = { readonly [Key in keyof Incident]: Incident[Key] | null } & Row

const isIncident = (row: Row): row is Row & Incident =>
  typeof row.id === 'string' && typeof row.number === 'number'

/** A null column is an absent property. */
export const present = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

export const toIncident = (row: IncidentRow): Incident => {
  const incident = present(row)
  if (!isIncident(incident)) throw new Error('an incident row lacks its id or number')
  return incident
}

/** Throws `not_found`. */
export const findIncident = async (query: Query, id: string): Promise<Incident> => {
  const [row] = validate(id)
    ? await query<IncidentRow>(`select ${incidentFields} from incidents i where i.id = $1`, [id])
    : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such incident; load the list again')
  return toIncident(row)
}

/** Holds the incident until the end of the transaction; what is read of it then is current. */
export const lockIncident = async (query: Query, id: string): Promise<Incident> => {
  if (validate(id)) await query('select id from incidents where id = $1 for update', [id])
  return findIncident(query, id)
}

/** Whether an incident `i` is about a topic and a channel, given as expressions. */
export const isAbout = (topic: string, channel: string): string =>
  `(cardinality(i.topics) = 0 or ${topic} = any(i.topics)) and (cardinality(i.channels) = 0 or ${channel} = any(i.channels))`

/** A line to be added. */
export interface IncidentLine {
  readonly incidentId: string
  readonly actor: IncidentActor
  readonly change: IncidentEntry['change']
  readonly detail: Readonly<Record<string, unknown>>
  readonly idempotencyKey?: string | undefined
}

const addLine = `
insert into incident_history (incident_id, at, actor, change, detail, idempotency_key)
values ($1, $2, $3::jsonb, $4, $5::jsonb, $6)`

const eventOf: Readonly<Record<IncidentEntry['change'], NewEvent['type']>> = {
  declared: 'incident.declared',
  changed: 'incident.updated',
  updated: 'incident.updated',
  hung: 'incident.updated',
  'taken-out': 'incident.updated',
  closed: 'incident.closed',
}

/** Adds a line to an incident's history, and tells programs outside of it. */
export const addIncidentLine = async (
  query: Query,
  line: IncidentLine,
  { number, now }: { readonly number: number; readonly now: Date },
): Promise<void> => {
  const { incidentId, actor, change, detail, idempotencyKey } = line
  await query(addLine, [incidentId, now, toJson(actor), change, toJson(detail), idempotencyKey])
  const data = { incidentId, number, change, actor: actor.kind }
  await recordEvents(query, [{ type: eventOf[change], at: now, data }])
}

/** Whether a change with this key was made before. */
export const wasIncidentChanged = async (
  query: Query,
  incidentId: string,
  idempotencyKey: string | undefined,
): Promise<boolean> => {
  if (idempotencyKey === undefined) return false
  const rows = await query('select 1 from incident_history where incident_id = $1 and idempotency_key = $2', [
    incidentId,
    idempotencyKey,
  ])
  return rows.length > 0
}

/** Words without what is absent. */
export const wordsJson = ({ zh, en }: BothLanguages): string => toJson({ zh, en })
