import type {
  SamplingCondition,
  SamplingDraw,
  SamplingFacts,
  SamplingPeriod,
  SamplingRule,
  SamplingRuleList,
  SamplingStore,
} from '../core/review-sampling.ts'
import type { ReviewableWork } from '../core/review.ts'
import { createKeptList } from './automation.ts'
import { retryCollisions, toJson, type Database, type Query, type Row } from './database.ts'
import { present } from './incident-rows.ts'
import { addReviewLine, insertReview } from './review-rows.ts'
import { workOf } from './review-work.ts'

interface RuleRow extends Row {
  readonly id: string
  readonly name: string
  readonly subject: SamplingFacts['subject']
  readonly conditions: SamplingCondition
  readonly amount: SamplingFacts['amount']
  readonly form_id: string
  readonly reviewers: SamplingFacts['reviewers']
  readonly due_days: number
  readonly wait_days: number
  readonly double_share: number
  readonly enabled: boolean
  readonly since: Date
  readonly created_at: Date
  readonly updated_at: Date
  readonly version: number
}

const toRule = (row: RuleRow): SamplingRule => ({
  ...{ id: row.id, name: row.name, subject: row.subject, when: row.conditions, amount: row.amount },
  ...{ formId: row.form_id, reviewers: row.reviewers, dueDays: row.due_days, waitDays: row.wait_days },
  ...{ doubleShare: row.double_share, enabled: row.enabled, since: row.since },
  ...{ createdAt: row.created_at, updatedAt: row.updated_at, version: row.version },
})

/** Sampling rules on one database. */
export const createSamplingRuleList = (database: Database): SamplingRuleList =>
  createKeptList<SamplingFacts & Pick<SamplingRule, 'since'>, SamplingRule>(database, {
    table: 'review_rules',
    what: 'sampling rule',
    audited: 'sampling-rule',
    columns: [
      ...['name', 'subject', 'conditions', 'amount', 'form_id', 'reviewers', 'due_days', 'wait_days'],
      ...['double_share', 'enabled', 'since'],
    ],
    json: ['conditions', 'amount', 'reviewers'],
    order: 'name, id',
    valuesOf: ({ name, subject, when, amount, formId, reviewers, ...rest }) => [
      ...[name, subject, toJson(when), toJson(amount), formId, toJson(reviewers)],
      ...[rest.dueDays, rest.waitDays, rest.doubleShare, rest.enabled, rest.since],
    ],
    read: (row) => toRule(row as RuleRow),
  })

/** An empty list, like an absent one, is no condition. */
const anyOf = (list: readonly string[] | undefined): readonly string[] | null =>
  list === undefined || list.length === 0 ? null : list

const changed = (change: string): string =>
  `exists (select from ticket_timeline h where h.ticket_id = w."ticketId" and h.change = '${change}')`

/** The contact's next message was understood as: that was not what I asked. */
const turnedDown = `exists (select from messages m join messages n on n.conversation_id = m.conversation_id
  and n.seq > m.seq and n.direction = 'in' and n.decision is not null
  where m.id = w."workId" and n.decision ->> 'rule' in ('corrected', 'corrected-again')
    and not exists (select from messages b where b.conversation_id = m.conversation_id and b.direction = 'in'
      and b.decision is not null and b.seq > m.seq and b.seq < n.seq))`

/** What the bot answered or asked back, an article it gave while passing on among it; not chat, nor what it only passed on. */
const isAnswer = `exists (select from messages m where m.id = w."workId"
  and (m.decision ->> 'kind' in ('answer', 'clarify') or m.decision ->> 'articleId' is not null))`

const fits = `
  ($4::uuid[] is null or w."teamId" = any($4)) and ($5::text[] is null or w."revieweeId" = any($5))
  and ($6::text[] is null or w.channel = any($6)) and ($7::text[] is null or w.topic = any($7))
  and ($8::text[] is null or (select kind from tickets where id = w."ticketId") = any($8))
  and ($9::text[] is null or exists (select from team_members g
    where g.agent_id = w."revieweeId" and g.team_id = w."teamId" and g.grade = any($9)))
  and ($10::int is null or exists (select from survey_invitations v
    where v.ticket_id = w."ticketId" and v.score <= $10))
  and (not $11::boolean or ${changed('reopened')}) and (not $12::boolean or ${changed('promise-broken')})
  and ($13::float8 is null or w.confidence >= $13) and ($14::float8 is null or w.confidence < $14)
  and (not $15::boolean or ${turnedDown})`

const chance = (text: string): string =>
  `(('x' || substr(md5(${text}), 1, 8))::bit(32)::bigint / 4294967296.0)`

/**
 * Each agent's works in the order of a hash of seed and work, of which the first are taken: as good as shuffled, and
 * the same for whoever knows the seed. A share of so many works is rarely a whole number; what is left over is drawn
 * by a hash of seed and agent, so that each work has just the chance of the share.
 */
const choose = (subject: SamplingFacts['subject']): string => `
with works as (
  select w.* from (${workOf[subject]}) w
  where w."workAt" >= $1 and w."workAt" < $2
    and not exists (select from work_reviews r where r.work_id = w."workId" and r.form_id = $3)
    and ${subject === 'bot-answer' ? isAnswer : 'true'} and ${fits}
), ranked as (
  select w.*, row_number() over (partition by "revieweeId" order by md5($16::text || '/' || "workId"), "workId") as place,
    count(*) over (partition by "revieweeId") as works, count(*) over () as found
  from works w
), quotas as (
  select r.*, case when $18::int is not null then $18::float8
    else floor(works * $17::float8) + case when ${chance(`$16::text || '/' || coalesce("revieweeId", '')`)}
      < works * $17::float8 - floor(works * $17::float8) then 1 else 0 end end as quota
  from ranked r
)
select q.*, ${chance(`$16::text || '/double/' || "workId"`)} < $19::float8 as doubled from quotas q
where place <= quota or place = 1 order by "workAt", "workId"`

interface ChosenRow extends Row {
  readonly found: number | string
  readonly place: number | string
  readonly quota: number
  readonly doubled: boolean
}

const valuesOf = ({ when }: SamplingFacts): readonly unknown[] => [
  ...[when.teamIds, when.agentIds, when.channels, when.topics, when.kinds, when.grades].map(anyOf),
  ...[when.mostScore, when.reopened === true, when.promiseBroken === true],
  ...[when.confidence?.from, when.confidence?.below, when.turnedDown === true],
]

/** What the drawing itself reads of a row. */
const drawing: readonly string[] = ['place', 'works', 'found', 'quota', 'doubled']

const toWork = (row: Row): ReviewableWork =>
  Object.fromEntries(
    Object.entries(present(row)).filter(([name]) => !drawing.includes(name)),
  ) as unknown as ReviewableWork

const insertDraw = `
insert into review_draws (rule_id, from_at, to_at, seed, at, found, drawn) values ($1, $2, $3, $4, $5, 0, 0)
on conflict do nothing returning seed`
const holdRule = `
select f.number from review_rules r join review_forms f on f.id = r.form_id
where r.id = $1 and r.version = $2 and r.enabled and f.state = 'active' for share of r`
const settleDraw = 'update review_draws set found = $3, drawn = $4 where rule_id = $1 and from_at = $2'

interface Lot {
  readonly rule: SamplingRule
  readonly period: SamplingPeriod
  readonly seed: string
  readonly dueAt: Date
  readonly formNumber: number
  readonly now: Date
}

const addReviews = async (
  query: Query,
  row: ChosenRow,
  { rule, seed, dueAt, formNumber, now }: Lot,
): Promise<number> => {
  let added = 0
  for (const round of row.doubled ? ([1, 2] as const) : ([1] as const)) {
    const { teamId, agentIds = [] } = rule.reviewers
    const id = await insertReview(
      query,
      {
        ...{ work: toWork(row), formId: rule.formId, formNumber, round, ruleId: rule.id, dueAt },
        ...(teamId === undefined ? {} : { reviewerTeamId: teamId }),
        reviewerIds: agentIds,
      },
      now,
    )
    if (id === undefined) continue
    await addReviewLine(
      query,
      id,
      { change: 'drawn', detail: { ruleId: rule.id, rule: rule.name, seed } },
      now,
    )
    if (round === 1) added += 1
  }
  return added
}

const drawLot = async (query: Query, lot: Lot): Promise<Pick<SamplingDraw, 'found' | 'drawn'>> => {
  const { rule, period, seed } = lot
  const share = 'share' in rule.amount ? rule.amount.share : null
  const perWeek = 'perWeek' in rule.amount ? rule.amount.perWeek : null
  const rows = await query<ChosenRow>(choose(rule.subject), [
    ...[period.from, period.to, rule.formId, ...valuesOf(rule)],
    ...[seed, share, perWeek, rule.doubleShare],
  ])
  let drawn = 0
  for (const row of rows) if (Number(row.place) <= row.quota) drawn += await addReviews(query, row, lot)
  return { found: Number(rows[0]?.found ?? 0), drawn }
}

const draw = async (
  query: Query,
  [rule, period, { seed, dueAt }, now]: Parameters<SamplingStore['draw']>,
): Promise<SamplingDraw | undefined> => {
  const [held] = await query<{ number: number }>(holdRule, [rule.id, rule.version])
  if (held === undefined) return undefined
  const begun = await query(insertDraw, [rule.id, period.from, period.to, seed, now])
  if (begun.length === 0) return undefined
  const counts = await drawLot(query, { rule, period, seed, dueAt, formNumber: held.number, now })
  await query(settleDraw, [rule.id, period.from, counts.found, counts.drawn])
  return { ruleId: rule.id, ...period, seed, at: now, ...counts }
}

const listDraws = `
select rule_id as "ruleId", from_at as "from", to_at as "to", seed, at, found, drawn from review_draws
where rule_id = $1 order by from_at desc limit $2`

/** Draws on one database. */
export const createSamplingStore = (database: Database): SamplingStore => ({
  drawnUntil: async (ruleId) => {
    const [row] = await database.query<{ until: Date | null }>(
      'select max(to_at) as until from review_draws where rule_id = $1',
      [ruleId],
    )
    return row?.until ?? undefined
  },
  draw: (...call) => retryCollisions(() => database.transaction((query) => draw(query, call))),
  draws: (ruleId, limit) => database.query<SamplingDraw & Row>(listDraws, [ruleId, limit]),
})
