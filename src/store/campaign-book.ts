import { v7 as uuid } from 'uuid'
import type {
  Campaign,
  CampaignBook,
  CampaignCount,
  CampaignInvitation,
  CampaignMoment,
  CampaignRecords,
  CampaignSaying,
} from '../core/campaign.ts'
import { campaign, findCandidates, inAudience } from './campaign-audience.ts'
import { campaignFields } from './campaigns.ts'
import { retryCollisions, type Database, type Query, type Row } from './database.ts'
import { lockConversations } from './lock-conversations.ts'
import { recordEvents } from './record-event.ts'
import { sayDraft } from './say-draft.ts'
import { forgetOffers, languageOf, toQuota } from './survey-book.ts'
import type { QuotaRow } from './quota.ts'

const ofContact = (table: string): string =>
  `from ${table} s join conversations o on o.id = s.conversation_id where o.contact_id = c.contact_id`

// Each says `asked_at is not null` because the index of conversations is of those.
/** By the contact as it is now: two that turned out to be one are asked once. */
const consents = `exists (select ${ofContact('survey_consents')} and s.withdrawn_at is null)`
const momentFields = `c.id, c.contact_id, c.inbox_id, c.mode, c.quota, c.last_inbound_at, c.dialogue ->> 'spoken' as spoken,
  ${consents} as consents,
  exists (select ${ofContact('survey_stops')}) as refused,
  exists (select ${ofContact('survey_invitations')} and s.asked_at is not null and s.campaign_id = k.id) or exists (
    select from survey_invitations s where s.campaign_id = k.id and s.contact_id = c.contact_id) as asked_before,
  exists (select from survey_invitations s where s.conversation_id = c.id and s.asked_at is not null
    and s.state = 'asked') as other_open,
  exists (select from tickets t where t.contact_id = c.contact_id and t.merged_into is null
    and t.state not in ('solved', 'closed')) as ticket_open,
  c.pending > 0 or c.dialogue -> 'form' is not null as busy,
  (select max(s.asked_at) ${ofContact('survey_invitations')} and s.asked_at is not null) as last_asked_at
from ${campaign} cross join conversations c join contacts p on p.id = c.contact_id`

const readAudience = `
select ${momentFields}
where c.id > coalesce($2::uuid, '00000000-0000-0000-0000-000000000000') and ${inAudience} and ${consents}
order by c.id limit $3`
const countAudience = `
select count(distinct c.contact_id)::int as count
from ${campaign} cross join conversations c join contacts p on p.id = c.contact_id where ${inAudience}`
const readMoment = `select ${momentFields} where c.id = $2 and ${inAudience}`

interface MomentRow extends Row {
  readonly id: string
  readonly contact_id: string
  readonly inbox_id: string
  readonly mode: CampaignMoment['place']['mode']
  readonly quota: QuotaRow | null
  readonly last_inbound_at: Date | null
  readonly spoken: string | null
  readonly consents: boolean
  readonly refused: boolean
  readonly asked_before: boolean
  readonly other_open: boolean
  readonly ticket_open: boolean
  readonly busy: boolean
  readonly last_asked_at: Date | null
}

const toMoment = (row: MomentRow): CampaignMoment => ({
  place: {
    ...{ conversationId: row.id, inboxId: row.inbox_id, mode: row.mode },
    ...(row.quota === null ? {} : { quota: toQuota(row.quota) }),
    ...(row.last_inbound_at === null ? {} : { lastInboundAt: row.last_inbound_at }),
  },
  contactId: row.contact_id,
  language: languageOf(row.spoken),
  consents: row.consents,
  refused: row.refused,
  askedBefore: row.asked_before,
  otherOpen: row.other_open,
  ticketOpen: row.ticket_open,
  busy: row.busy,
  ...(row.last_asked_at === null ? {} : { lastAskedAt: row.last_asked_at }),
})

const lockContact = `
select p.id from contacts p join conversations c on c.contact_id = p.id where c.id = $1 for no key update of p`
/** Of two nodes the second waits here: a day's most holds for both. */
const lockRunning = `
select most_a_day as most from survey_campaigns
where id = $1 and state = 'running' and starts_at <= $2 and ends_at > $2 for update`
const countSince = `
select count(*)::int as count from survey_invitations where campaign_id = $1 and asked_at >= $2`

const insertAsked = `
insert into survey_invitations (id, campaign_id, contact_id, conversation_id, channel, topic, state, due_at, asked_at,
  expires_at, message_id, created_at)
select $1, $2, c.contact_id, c.id, c.channel, '', 'asked', $4, $4, $5, $6, $4 from conversations c where c.id = $3`

type Ids = Parameters<CampaignBook['invite']>[0]
interface Inviting {
  readonly dayStart: Date
  readonly decide: Parameters<CampaignBook['invite']>[2]
  readonly now: Date
}

const ask = async (
  query: Query,
  { campaignId, conversationId }: Ids,
  { invitationId, draft, expiresAt }: CampaignSaying & { readonly invitationId: string },
  now: Date,
): Promise<void> => {
  const messageId = await sayDraft(query, { draft, conversationId, agentId: null, holdMs: 0, now })
  await query(insertAsked, [invitationId, campaignId, conversationId, now, expiresAt, messageId])
  const [about] = await query<{ contactId: string }>(forgetOffers, [conversationId])
  const data = { invitationId, messageId, campaignId }
  const contact = about === undefined ? {} : { contactId: about.contactId }
  await recordEvents(query, [{ type: 'survey.asked', at: now, conversationId, ...contact, data }])
}

const invite = async (
  query: Query,
  ids: Ids,
  { dayStart, decide, now }: Inviting,
): Promise<'invited' | 'left' | 'full'> => {
  const { campaignId, conversationId } = ids
  await lockConversations(query, [conversationId])
  await query(lockContact, [conversationId])
  const [running] = await query<{ most: number }>(lockRunning, [campaignId, now])
  const [today] = await query<{ count: number }>(countSince, [campaignId, dayStart])
  if (running === undefined || (today?.count ?? 0) >= running.most) return 'full'
  const [row] = await query<MomentRow>(readMoment, [campaignId, conversationId])
  const invitationId = uuid()
  const saying = row === undefined ? undefined : decide(toMoment(row), invitationId)
  if (saying === undefined) return 'left'
  await ask(query, ids, { ...saying, invitationId }, now)
  return 'invited'
}

const readRunning = `
select ${campaignFields} from survey_campaigns k
where k.state = 'running' and k.starts_at <= $1 or k.state = 'paused' and k.ends_at <= $1 order by k.id`

const release = `
update outbox o set status = 'queued', next_attempt_at = now(), error = null
from survey_invitations v join survey_campaigns k on k.id = v.campaign_id
where o.status = 'waiting' and o.error ->> 'code' = 'held_back' and v.message_id = o.message_id
  and v.campaign_id is not null and k.state <> 'paused'
returning o.conversation_id as id`

/** Whom campaigns invite, on one database. */
export const createCampaignBook = (database: Database): CampaignBook => ({
  running: (now) => database.query<Campaign & Row>(readRunning, [now]),
  size: async (campaignId) =>
    (await database.query<{ count: number }>(countAudience, [campaignId]))[0]?.count ?? 0,
  audience: async (campaignId, { after, limit }) =>
    (await database.query<MomentRow>(readAudience, [campaignId, after, limit])).map(toMoment),
  candidates: (campaignId, look) => findCandidates(database.query, campaignId, look),
  invite: (ids, dayStart, decide, now) =>
    retryCollisions(() => database.transaction((query) => invite(query, ids, { dayStart, decide, now }))),
  release: async () => (await database.query<{ id: string }>(release)).map(({ id }) => id),
})

const listSome = `
select v.id, c.contact_id as "contactId", v.conversation_id as "conversationId", v.channel, v.state,
  v.asked_at as "askedAt", v.expires_at as "expiresAt", v.answered_at as "answeredAt", v.score, v.comment
from survey_invitations v join conversations c on c.id = v.conversation_id
where v.campaign_id = $1 and ($2::uuid is null or v.id < $2) order by v.id desc limit $3`
const countAnswers = `
select v.score, count(*)::int as count, (count(*) filter (where v.state = 'refused'))::int as refused,
  (count(*) filter (where v.score is null and exists (select from outbox x where x.message_id = v.message_id
    and x.status in ('failed', 'expired', 'withdrawn'))))::int as undelivered
from survey_invitations v where v.campaign_id = $1 group by 1`

interface AnswerRow extends Row {
  readonly score: number | null
  readonly count: number
  readonly refused: number
  readonly undelivered: number
}

const sumOf = (rows: readonly AnswerRow[], name: 'count' | 'refused' | 'undelivered'): number =>
  rows.reduce((sum, row) => sum + row[name], 0)

const toCount = (rows: readonly AnswerRow[]): CampaignCount => ({
  asked: sumOf(rows, 'count'),
  refused: sumOf(rows, 'refused'),
  undelivered: sumOf(rows, 'undelivered'),
  answers: new Map(rows.flatMap(({ score, count }) => (score === null ? [] : [[score, count]]))),
})

/** Reads what came of campaigns, on one database. */
export const createCampaignRecords = ({ query }: Database): CampaignRecords => ({
  invitations: async (campaignId, { after, limit }) =>
    (await query(listSome, [campaignId, after, limit])).map(
      (row) =>
        Object.fromEntries(
          Object.entries(row).filter(([, value]) => value !== null),
        ) as unknown as CampaignInvitation,
    ),
  count: async (campaignId) => toCount(await query<AnswerRow>(countAnswers, [campaignId])),
})
