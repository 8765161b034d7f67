import { randomInt, randomUUID } from 'node:crypto'
import { v7 } from 'uuid'
import { personalTables } from '../../src/store/personal-register.ts'
import type { Database } from '../../src/store/index.ts'

/** A column as the database itself describes it. */
export interface Column extends Record<string, unknown> {
  readonly table: string
  readonly name: string
  readonly type: string
  readonly hasDefault: boolean
}

/** Every column of every table of ours, by the database's own word. */
export const columnsOf = (database: Database): Promise<readonly Column[]> =>
  database.query<Column>(`
    select table_name as "table", column_name as name, udt_name as type, column_default is not null as "hasDefault"
    from information_schema.columns where table_schema = 'public' order by table_name, ordinal_position`)

/** The ids that link what is known of one person. */
export interface Person {
  readonly canary: string
  readonly contact: string
  readonly conversation: string
  readonly ticket: string
  readonly case: string
  readonly theme: string
  readonly export: string
  readonly file: string
  readonly evidence: string
  readonly avatar: string
}

const linkOf = (ids: Person & Record<string, string>): Readonly<Record<string, string>> => ({
  contact_id: ids.contact,
  from_contact_id: ids.other ?? '',
  into_contact_id: ids.contact,
  object_id: ids.contact,
  conversation_id: ids.conversation,
  message_id: ids.message ?? '',
  outbox_id: ids.outbox ?? '',
  ticket_id: ids.ticket,
  case_id: ids.case,
  decision_id: ids.decision ?? '',
  review_id: ids.review ?? '',
  theme_id: ids.theme,
  endpoint_id: ids.endpoint ?? '',
  media_id: ids.evidence,
  avatar_media_id: ids.avatar,
})

const ownIds: Readonly<Record<string, string>> = {
  contacts: 'contact',
  conversations: 'conversation',
  messages: 'message',
  outbox: 'outbox',
  tickets: 'ticket',
  complaint_cases: 'case',
  case_decisions: 'decision',
  work_reviews: 'review',
  feedback_themes: 'theme',
  learning_proposals: 'theme',
  contact_exports: 'export',
}

/** What must be as the product would write it. */
const fixed = ({
  ticket,
  contact,
  canary,
  file,
  message,
}: Person & { readonly message: string }): Readonly<Record<string, unknown>> => ({
  'knowledge_evaluations.result': JSON.stringify({
    conversationChanges: [
      { messageId: message, text: canary },
      { messageId: randomUUID(), text: 'kept' },
    ],
  }),
  'learning_questions.discarded_at': null,
  'messages.parts': JSON.stringify([{ kind: 'file', name: canary, media: { mediaId: file } }]),
  'messages.direction': 'in',
  'tickets.number': randomInt(2_000, 2_000_000_000),
  'case_evidence.side': 'reporter',
  'case_notices.side': 'reporter',
  'outbox.status': 'sent',
  'complaint_cases.state': 'final',
  'survey_invitations.state': 'answered',
  'work_reviews.state': 'completed',
  'work_reviews.dispute': JSON.stringify({
    state: 'open',
    at: '2026-11-27T04:00:00Z',
    reasons: { tone: canary },
  }),
  'case_decisions.state': 'effective',
  'incident_notices.state': 'planned',
  'feedback_notices.state': 'waits',
  'identity_checks.state': 'expired',
  'contact_exports.state': 'ready',
  'contact_exports.pieces': 1,
  'contact_exports.expires_at': '2099-01-01T00:00:00Z',
  'contact_exports.bytes': canary.length,
  'events.type': 'message.received',
  'feedback_items.discarded_at': null,
  'contacts.merged_into': null,
  'contacts.erased_at': null,
  'conversations.erased_at': null,
  'conversations.pending': 0,
  'timers.key': `${ticket}:first`,
  'webhook_deliveries.payload': JSON.stringify({ contactId: contact, canary }),
  'legal_holds.object_kind': 'contact',
})

const numberTypes: ReadonlySet<string> = new Set(['int4', 'int8', 'float4', 'float8'])

/** A value of a column's type; text of a column that holds personal data is the canary. */
const valueOf = ({ type, name }: Column, canary: string): unknown => {
  if (numberTypes.has(type)) return 1
  if (type === 'text') return name === 'status' || name === 'state' ? 'sent' : canary
  if (type === 'jsonb') return JSON.stringify({ said: canary })
  if (type === '_text') return [canary]
  if (type === '_int4') return [1]
  if (type === '_uuid') return []
  if (type === 'uuid') return randomUUID()
  if (type === 'bool') return false
  if (type === 'bytea') return `\\x${Buffer.from(canary).toString('hex')}`
  return '2026-11-27T04:00:00Z'
}

const harmless = (column: Column): unknown =>
  column.type === 'jsonb' ? '{}' : valueOf(column, column.type === 'text' ? `kept-${randomUUID()}` : '')

/** Columns that stay when the rest of their row is blanked: nothing personal is written into them. */
const isKept = ({ table, name }: Column): boolean => {
  const erase = personalTables[table]?.erase
  return erase !== undefined && erase !== 'delete' && erase.kept.split(' ').includes(name)
}

/**
 * Writes a row about somebody into every table that holds personal data, whatever its columns are: with the canary in
 * each that may hold words.
 */
export const fillEverything = async (database: Database): Promise<Person> => {
  const id = (): string => randomUUID()
  const canary = `CANARY-${randomUUID()}`
  const person = {
    ...{ canary, contact: id(), conversation: id(), ticket: id(), case: id(), theme: id(), export: id() },
    ...{ file: id(), evidence: id(), avatar: id() },
  }
  const ids = {
    ...person,
    other: id(),
    message: v7({ msecs: Date.parse('2026-11-27T04:00:00Z') }),
    outbox: id(),
    decision: id(),
    review: id(),
    endpoint: id(),
  }
  const own: Readonly<Record<string, string>> = ids
  const links = linkOf(ids)
  const special = fixed(ids)
  const columns = await columnsOf(database)
  await database.query(
    `insert into webhook_endpoints (id, url, types, secrets, created_by, created_at, updated_at, tx, event_id)
     values ($1, 'https://example.com', '{}', '{}', 'test', now(), now(), '0', 0)`,
    [ids.endpoint],
  )
  for (const file of [person.file, person.evidence, person.avatar])
    await database.query(
      `insert into media (id, content_type, bytes, sha256) values ($1, 'application/octet-stream', 1, 'x')`,
      [file],
    )
  await database.query(
    'insert into complaint_groups (object_key, first_at, last_at) values ($1, now(), now())',
    [canary],
  )
  for (const table of Object.keys(personalTables).reverse()) {
    const filled = columns.filter(
      (column) =>
        column.table === table &&
        !(column.hasDefault && (numberTypes.has(column.type) || column.type === 'xid8')),
    )
    const values = filled.map((column) => {
      const key = `${table}.${column.name}`
      if (key in special) return special[key]
      if (column.name === 'id' && column.type === 'uuid') return own[ownIds[table] ?? ''] ?? id()
      if (links[column.name] !== undefined && column.type === 'uuid') return links[column.name]
      return isKept(column) ? harmless(column) : valueOf(column, canary)
    })
    await database.query(
      `insert into ${table} (${filled.map(({ name }) => `"${name}"`).join(', ')})
       values (${filled.map((_, place) => `$${String(place + 1)}`).join(', ')})`,
      values,
    )
  }
  return person
}

/** In which columns of which tables a text is found, whatever their type. */
export const findIn = async (database: Database, text: string): Promise<readonly string[]> => {
  const hex = Buffer.from(text).toString('hex')
  const found: string[] = []
  for (const { table, name } of await columnsOf(database)) {
    const [row] = await database.query<{ found: boolean }>(
      `select exists (select from ${table} where strpos("${name}"::text, $1) > 0 or strpos("${name}"::text, $2) > 0) as found`,
      [text, hex],
    )
    if (row?.found === true) found.push(`${table}.${name}`)
  }
  return found
}
