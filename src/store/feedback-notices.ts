import type { DeliveryStatus } from '../core/conversation.ts'
import type { Saying } from '../core/notice.ts'
import type { News, Notice, NoticeReading, NoticeStore } from '../core/suggestion-news.ts'
import { retryCollisions, type Database, type Query, type Row } from './database.ts'
import { lockThemes } from './feedback-rows.ts'
import { addresseeFields, deliveryJoin, sayNotice, toAddressee, type AddresseeRow } from './notice-rows.ts'
import { recordEvents } from './record-event.ts'

const addressee =
  addresseeFields(`exists (select from feedback_refusals r join conversations s on s.id = r.conversation_id
    where s.contact_id = c.contact_id)`)

/** The latest suggestion of each contact: where somebody asked last, or wrote last when that is not known. */
const asked = `
select distinct on (c.contact_id) c.contact_id, c.id as conversation_id, i.sentence, i.language
from feedback_items i
join conversations c on c.id = coalesce(i.conversation_id, (select v.id from conversations v
  where v.contact_id = i.contact_id order by v.last_inbound_at desc nulls last limit 1))
where i.theme_id = $1 and i.discarded_at is null and i.sentence <> ''
order by c.contact_id, i.said_at desc, i.id desc`

/** By the contact as it is now: two that turned out to be one are told once. */
const untold = `
select a.* from (${asked}) a where not exists (
  select from feedback_notices n join conversations k on k.id = n.conversation_id
  join feedback_themes t on t.id = n.theme_id and t.round = n.round
  where n.theme_id = $1 and (n.contact_id = a.contact_id or k.contact_id = a.contact_id))`

const readAskers = (who: string): string => `
select ${addressee} from (${who}) a join conversations c on c.id = a.conversation_id order by c.contact_id`

const overtake = `
update feedback_notices n set state = 'never', reason = 'overtaken', settled_at = $2
from feedback_themes t where n.theme_id = $1 and t.id = n.theme_id and n.round < t.round
  and n.state in ('planned', 'waits')`

const insertPlanned = `
insert into feedback_notices (id, theme_id, round, status, contact_id, conversation_id, sentence, language, wording_zh,
  wording_en, state, created_at)
select gen_random_uuid(), t.id, t.round, t.status, a.contact_id, a.conversation_id, a.sentence, a.language,
  t.wording_zh, t.wording_en, 'planned', $2
from (${untold}) a join feedback_themes t on t.id = $1 and t.status in ('shipped', 'declined')
on conflict do nothing returning id`

const newsFields = 'n.id, n.status, n.sentence, n.language, n.wording_zh, n.wording_en'

const readPlanned = `
select ${newsFields}, ${addressee} from feedback_notices n join conversations c on c.id = n.conversation_id
where n.theme_id = $1 and n.state = 'planned' order by n.id limit $2`

const readWaiting = `
select ${newsFields} from feedback_notices n where n.conversation_id = $1 and n.state = 'waits'
order by n.created_at, n.id limit 3`

/** Held by the row: of two who tell the same, one finds it told. */
const markTold = `
update feedback_notices n set state = 'told', way = $2, message_id = $3, settled_at = $5
where n.id = $1 and n.state = 'planned'
  and exists (select from conversations c where c.id = $4 and c.mode <> 'human')
returning n.theme_id, n.contact_id`

const put = `
update feedback_notices set state = $2, reason = $3, settled_at = case when $2 = 'never' then $4::timestamptz end
where id = $1 and state = 'planned'`

const listNotices = `
select n.id, n.theme_id as "themeId", n.status, n.contact_id as "contactId", n.conversation_id as "conversationId",
  n.state, n.way, n.reason, n.message_id as "messageId", o.delivery, n.created_at as "createdAt",
  n.settled_at as "settledAt"
from feedback_notices n
${deliveryJoin}
where n.theme_id = $1 and ($2::uuid is null or n.id < $2) order by n.id desc limit $3`

interface NewsRow extends Row {
  readonly id: string
  readonly status: News['status']
  readonly sentence: string
  readonly language: News['language']
  readonly wording_zh: string
  readonly wording_en: string | null
}

const toNews = ({ id, status, sentence, language, wording_zh: zh, wording_en: en }: NewsRow): News => ({
  ...{ noticeId: id, status, sentence, language },
  wording: { zh, ...(en === null ? {} : { en }) },
})

/** Notes it down and says it. */
const tell = async (query: Query, noticeId: string, saying: Saying, now: Date): Promise<boolean> => {
  const { way, conversationId } = saying
  const said = await sayNotice(query, saying, now, async (messageId) => {
    const facts = [noticeId, way, messageId, conversationId, now]
    return (await query<{ theme_id: string; contact_id: string }>(markTold, facts))[0]
  })
  if (said === undefined) return false
  const { told, messageId } = said
  const data = { themeId: told.theme_id, noticeId, way, messageId }
  const about = { conversationId, contactId: told.contact_id }
  await recordEvents(query, [{ type: 'feedback.told', at: now, ...about, data }])
  return true
}

/** Telling on one database. */
export const createNoticeStore = (database: Database): NoticeStore => {
  const { query } = database
  return {
    askers: async (themeId, all) =>
      (await query<AddresseeRow>(readAskers(all ? asked : untold), [themeId])).map(toAddressee),
    plan: (themeId, now) =>
      retryCollisions(() =>
        database.transaction(async (inner) => {
          await lockThemes(inner)
          await inner(overtake, [themeId, now])
          return (await inner(insertPlanned, [themeId, now])).length
        }),
      ),
    planned: async (themeId, limit) =>
      (await query<NewsRow & AddresseeRow>(readPlanned, [themeId, limit])).map((row) => ({
        ...toNews(row),
        ...toAddressee(row),
      })),
    tell: (noticeId, saying, now) =>
      retryCollisions(() => database.transaction((inner) => tell(inner, noticeId, saying, now))),
    put: async (noticeId, { state, reason }, now) => {
      await query(put, [noticeId, state, reason, now])
    },
  }
}

interface NoticeRow extends Row {
  readonly delivery: DeliveryStatus | null
}

/** What became of telling, on one database. */
export const createNoticeReading = ({ query }: Database): NoticeReading => ({
  list: async (themeId, { after, limit }) =>
    (await query<NoticeRow>(listNotices, [themeId, after, limit])).map(
      (row) =>
        Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null)) as unknown as Notice,
    ),
  waiting: async (conversationId) => (await query<NewsRow>(readWaiting, [conversationId])).map(toNews),
})
