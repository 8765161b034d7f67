import type { DeliveryStatus } from '../core/conversation.ts'
import type { BothLanguages } from '../core/incident-turn.ts'
import type { Addressee } from '../core/notice.ts'
import type {
  IncidentHearing,
  IncidentNews,
  IncidentNotice,
  IncidentNotices,
  WaitingIncidentNews,
} from '../core/incident.ts'
import { retryCollisions, type Database, type Query, type Row } from './database.ts'
import { present } from './incident-rows.ts'
import { addresseeFields, deliveryJoin, sayNotice, toAddressee, type AddresseeRow } from './notice-rows.ts'

/** Whoever said to hear no more meanwhile; by the contact as it is now. */
const addressee =
  addresseeFields(`exists (select from incident_followers f join conversations s on s.id = f.conversation_id
    where s.contact_id = c.contact_id and f.incident_id = n.incident_id and f.left_at is not null)`)

/** Older news that nobody was told of yet has no place beside newer. */
const overtake = `
update incident_notices n set state = 'never', reason = 'overtaken', settled_at = $2
from incident_updates u where u.id = $1 and n.incident_id = u.incident_id and n.update_id <> u.id
  and n.state in ('planned', 'waits')`

/** By the contact as it is now: two that turned out to be one are told once. */
const insertPlanned = `
insert into incident_notices (id, incident_id, update_id, contact_id, conversation_id, language, state, created_at)
select gen_random_uuid(), w.incident_id, w.update_id, w.contact_id, w.conversation_id, w.language, 'planned', $2
from (
  select distinct on (u.id, c.contact_id) u.id as update_id, u.incident_id, c.contact_id, f.conversation_id, f.language
  from incident_updates u join incident_followers f on f.incident_id = u.incident_id and f.left_at is null
  join conversations c on c.id = f.conversation_id
  where u.id = $1 order by u.id, c.contact_id, f.at desc
) w
where not exists (select from incident_notices n join conversations k on k.id = n.conversation_id
  where n.update_id = w.update_id and k.contact_id = w.contact_id)
on conflict do nothing returning id`

/** Plans to tell all who follow of an update; how many are new. */
export const planNotices = async (query: Query, updateId: string, now: Date): Promise<number> => {
  await query(overtake, [updateId, now])
  return (await query(insertPlanned, [updateId, now])).length
}

const newsFields = `n.id, n.language, u.kind, u.wording, i.title`
const newsJoins = `join incident_updates u on u.id = n.update_id join incidents i on i.id = n.incident_id`

const readPlanned = `
select ${newsFields}, ${addressee} from incident_notices n ${newsJoins} join conversations c on c.id = n.conversation_id
where n.incident_id = $1 and n.state = 'planned' order by n.id limit $2`

const readWaiting = `
select ${newsFields} from incident_notices n ${newsJoins} where n.conversation_id = $1 and n.state = 'waits'
order by n.created_at, n.id limit 3`

/** A person who leads is done when the incident that their ticket hangs under is closed. */
const readFollowers = `
select ${addressee}, $2::boolean and exists (select from incident_tickets h join tickets t on t.id = h.ticket_id
    where h.incident_id = n.incident_id and t.conversation_id = c.id and t.state not in ('solved', 'closed')) as freed
from (
  select distinct on (v.contact_id) f.incident_id, f.conversation_id from incident_followers f
  join conversations v on v.id = f.conversation_id
  where f.incident_id = $1 and f.left_at is null order by v.contact_id, f.at desc
) n join conversations c on c.id = n.conversation_id`

/** Held by the row: of two who tell the same, one finds it told. */
const markTold = `
update incident_notices n set state = 'told', way = $2, message_id = $3, settled_at = $5
where n.id = $1 and n.state = 'planned'
  and exists (select from conversations c where c.id = $4 and c.mode <> 'human')
returning n.id`

const put = `
update incident_notices set state = $2, reason = $3, settled_at = case when $2 = 'never' then $4::timestamptz end
where id = $1 and state = 'planned'`

const listNotices = `
select n.id, n.update_id as "updateId", n.contact_id as "contactId", n.conversation_id as "conversationId", n.state,
  n.way, n.reason, n.message_id as "messageId", o.delivery, n.created_at as "createdAt", n.settled_at as "settledAt"
from incident_notices n ${deliveryJoin}
where n.incident_id = $1 and ($2::uuid is null or n.id < $2) order by n.id desc limit $3`

interface NewsRow extends Row {
  readonly id: string
  readonly language: IncidentNews['language']
  readonly kind: IncidentNews['kind']
  readonly wording: BothLanguages
  readonly title: BothLanguages
}

const toNews = ({ id, language, kind, wording, title }: NewsRow): IncidentNews => ({
  noticeId: id,
  ...{ language, kind, wording, title },
})

interface FollowerRow extends AddresseeRow {
  readonly freed: boolean
}

const toFollower = (row: FollowerRow): Addressee => {
  const addressed = toAddressee(row)
  return row.freed ? { ...addressed, asked: { ...addressed.asked, mode: 'bot' } } : addressed
}

interface NoticeRow extends Row {
  readonly delivery: DeliveryStatus | null
}

/** Telling those who follow, on one database. */
export const createIncidentNotices = (database: Database): IncidentNotices => {
  const { query } = database
  return {
    followers: async (incidentId, kind) => {
      const rows = await query<FollowerRow>(readFollowers, [incidentId, kind === 'closed'])
      return rows.map((row) => toFollower(row))
    },
    planned: async (incidentId, limit) =>
      (await query<NewsRow & AddresseeRow>(readPlanned, [incidentId, limit])).map((row) => ({
        ...toNews(row),
        ...toAddressee(row),
      })),
    tell: (noticeId, saying, now) =>
      retryCollisions(() =>
        database.transaction(async (inner) => {
          const said = await sayNotice(inner, saying, now, async (messageId) => {
            const facts = [noticeId, saying.way, messageId, saying.conversationId, now]
            return (await inner(markTold, facts))[0]
          })
          return said !== undefined
        }),
      ),
    put: async (noticeId, { state, reason }, now) => {
      await query(put, [noticeId, state, reason, now])
    },
    list: async (incidentId, { after, limit }) =>
      (await query<NoticeRow>(listNotices, [incidentId, after, limit])).map(
        (row) => present(row) as unknown as IncidentNotice,
      ),
  }
}

/** What waits for a conversation, on one database. */
export const createWaitingIncidentNews =
  ({ query }: Database): WaitingIncidentNews =>
  async (conversationId) =>
    (await query<NewsRow>(readWaiting, [conversationId])).map(toNews)

const readHeard = `
select h.incident_id, h.notice_version, false as follows from incident_hearings h
join incidents i on i.id = h.incident_id and i.state = 'open' where h.conversation_id = $1
union all
select f.incident_id, null, true from conversations c join conversations k on k.contact_id = c.contact_id
join incident_followers f on f.conversation_id = k.id
join incidents i on i.id = f.incident_id and i.state = 'open' where c.id = $1 and f.left_at is null`

interface HeardRow extends Row {
  readonly incident_id: string
  readonly notice_version: number | null
  readonly follows: boolean
}

/** What conversations know of open incidents, on one database. */
export const createIncidentHearing = ({ query }: Database): IncidentHearing => ({
  of: async (conversationId) => {
    const rows = await query<HeardRow>(readHeard, [conversationId])
    return {
      heard: new Map(
        rows.flatMap(({ incident_id: id, notice_version: version }) =>
          version === null ? [] : [[id, version]],
        ),
      ),
      follows: new Set(rows.filter(({ follows }) => follows).map(({ incident_id: id }) => id)),
    }
  },
})
