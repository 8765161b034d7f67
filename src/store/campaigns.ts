import { v7 as uuid, validate } from 'uuid'
import {
  campaignMoves,
  type Campaign,
  type CampaignChange,
  type CampaignEntry,
  type CampaignFacts,
  type CampaignStore,
  type CampaignWrite,
} from '../core/campaign.ts'
import { TongdaError } from '../core/errors.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { checkVersion } from './check-version.ts'

/** A campaign `k` as it is read. */
export const campaignFields = `k.id, k.title, k.question, k.audience, k.state, k.starts_at as "startsAt",
  k.ends_at as "endsAt", k.share, k.most_a_day as "mostADay", k.created_at as "createdAt", k.version`

const present = (row: Row): Row =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== null))

const readOne = `select ${campaignFields} from survey_campaigns k where k.id = $1`

/** Throws `not_found`. */
const find = async (query: Query, id: string): Promise<Campaign> => {
  const [row] = validate(id) ? await query<Campaign & Row>(readOne, [id]) : []
  if (row === undefined) throw new TongdaError('not_found', 'there is no such campaign; load the list again')
  return row
}

/** Holds it until the end of the transaction. */
const lock = async (query: Query, id: string): Promise<Campaign> => {
  if (validate(id)) await query('select id from survey_campaigns where id = $1 for update', [id])
  return find(query, id)
}

const addLine = `
insert into survey_campaign_history (campaign_id, at, actor, change, reason, detail, idempotency_key)
values ($1, $2, $3::jsonb, $4, $5, $6::jsonb, $7)`

const findLine = 'select campaign_id from survey_campaign_history where idempotency_key = $1'

const note = (
  query: Query,
  campaignId: string,
  line: { readonly change: CampaignChange; readonly detail: unknown; readonly write: CampaignWrite },
  now: Date,
): Promise<unknown> => {
  const { change, detail, write } = line
  const { actor, reason, idempotencyKey } = write
  return query(addLine, [campaignId, now, toJson(actor), change, reason, toJson(detail), idempotencyKey])
}

/** The campaign that a write with this key was about; undefined: there was none. */
const written = async (query: Query, { idempotencyKey }: CampaignWrite): Promise<Campaign | undefined> => {
  if (idempotencyKey === undefined) return undefined
  const [line] = await query<{ campaign_id: string }>(findLine, [idempotencyKey])
  return line === undefined ? undefined : find(query, line.campaign_id)
}

const checkTimes = ({ startsAt, endsAt }: Pick<CampaignFacts, 'startsAt' | 'endsAt'>, now: Date): void => {
  if (endsAt <= startsAt)
    throw new TongdaError('bad_input', 'endsAt must lie after startsAt; choose a later end')
  if (endsAt <= now) throw new TongdaError('bad_input', 'endsAt is over already; choose a later end')
}

const insert = `
insert into survey_campaigns (id, title, question, audience, state, starts_at, ends_at, share, most_a_day, created_at)
values ($1, $2, $3::jsonb, $4::jsonb, 'draft', $5, $6, $7, $8, $9)`

const columnsOf = ({ title, question, audience, startsAt, endsAt, share, mostADay }: CampaignFacts) => [
  ...[title, toJson(question), toJson(audience), startsAt, endsAt, share, mostADay],
]

const create = async (
  query: Query,
  facts: CampaignFacts,
  write: CampaignWrite,
  now: Date,
): Promise<Campaign> => {
  const before = await written(query, write)
  if (before !== undefined) return before
  checkTimes(facts, now)
  const id = uuid()
  await query(insert, [id, ...columnsOf(facts), now])
  await note(query, id, { change: 'created', detail: facts, write }, now)
  return find(query, id)
}

const refuse = ({ state, version }: Campaign, message: string): TongdaError =>
  new TongdaError('conflict', message, { state, version })

const checkChange = (campaign: Campaign, { question }: Partial<CampaignFacts>): void => {
  if (campaign.state === 'ended') throw refuse(campaign, 'this campaign has ended; make another')
  if (question !== undefined && campaign.state !== 'draft')
    throw refuse(campaign, 'people were asked already: the question cannot change; end this and make another')
}

const update = `
update survey_campaigns set title = $2, question = $3::jsonb, audience = $4::jsonb, starts_at = $5, ends_at = $6,
  share = $7, most_a_day = $8, version = version + 1 where id = $1`

const change = async (
  query: Query,
  id: string,
  facts: Partial<CampaignFacts>,
  { write, now }: { readonly write: CampaignWrite; readonly now: Date },
): Promise<Campaign> => {
  const campaign = await lock(query, id)
  checkVersion(campaign.version, write.version)
  checkChange(campaign, facts)
  const next = { ...campaign, ...facts }
  checkTimes(next, now)
  await query(update, [id, ...columnsOf(next)])
  await note(query, id, { change: 'changed', detail: facts, write }, now)
  return find(query, id)
}

const setState = 'update survey_campaigns set state = $2, version = version + 1 where id = $1'

const move = async (
  query: Query,
  id: string,
  how: keyof typeof campaignMoves,
  { write, now }: { readonly write: CampaignWrite; readonly now: Date },
): Promise<Campaign> => {
  const campaign = await lock(query, id)
  const before = await written(query, write)
  if (before !== undefined) return before
  checkVersion(campaign.version, write.version)
  const { from, to } = campaignMoves[how]
  if (!from.includes(campaign.state))
    throw refuse(campaign, `a campaign that is ${campaign.state} cannot be ${how}; load it again`)
  if (how === 'started') checkTimes(campaign, now)
  await query(setState, [id, to])
  await note(query, id, { change: how, detail: {}, write }, now)
  return find(query, id)
}

const listSome = `
select ${campaignFields} from survey_campaigns k where $1::uuid is null or k.id < $1 order by k.id desc limit $2`
const readHistory = `
select at, actor, change, reason, detail from survey_campaign_history where campaign_id = $1 order by id`

/** Campaigns, on one database. */
export const createCampaignStore = (database: Database): CampaignStore => {
  const inOne = (work: (query: Query) => Promise<Campaign>): Promise<Campaign> =>
    retryCollisions(() => database.transaction(work))
  return {
    list: ({ after, limit }) => database.query<Campaign & Row>(listSome, [after, limit]),
    get: (id) => find(database.query, id),
    create: (facts, write, now) => inOne((query) => create(query, facts, write, now)),
    change: (id, facts, write, now) => inOne((query) => change(query, id, facts, { write, now })),
    move: (id, how, write, now) => inOne((query) => move(query, id, how, { write, now })),
    history: async (id) => {
      await find(database.query, id)
      return (await database.query(readHistory, [id])).map((row) => present(row) as unknown as CampaignEntry)
    },
  }
}
