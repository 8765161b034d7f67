import type { AnswerPair, ReviewCount, ReviewCounting, ReviewGrouping } from '../core/review-numbers.ts'
import type { Database, Row } from './database.ts'
import { present } from './incident-rows.ts'

const nameOf = (table: string, column: string): string => `(select ${column} from ${table})`

/** What a group is known by, and what people call it. `$8` is the time zone. */
const groups: Readonly<Record<ReviewGrouping, readonly [key: string, name: string]>> = {
  all: ['null::text', 'null::text'],
  month: [`to_char(r.completed_at at time zone $8, 'YYYY-MM')`, 'null::text'],
  team: ['r.team_id::text', nameOf('teams where id = r.team_id', 'name_zh')],
  agent: ['r.reviewee_id', nameOf('agents where id = r.reviewee_id', 'name')],
  form: [
    'r.form_id::text',
    `(select n.name ->> 'zh' from review_forms f join review_form_numbers n
      on n.form_id = f.id and n.number = f.number where f.id = r.form_id)`,
  ],
  criterion: [
    's.criterion_id',
    `(select c -> 'name' ->> 'zh' from review_form_numbers n, jsonb_array_elements(n.criteria) c
      where n.form_id = r.form_id and c ->> 'id' = s.criterion_id order by n.number desc limit 1)`,
  ],
  channel: ['r.channel', 'null::text'],
  topic: ['r.topic', 'null::text'],
  band: [
    `case when r.confidence is null then 'unknown' when r.confidence < 0.5 then '0-50'
      when r.confidence < 0.7 then '50-70' when r.confidence < 0.85 then '70-85'
      when r.confidence < 0.95 then '85-95' else '95-100' end`,
    'null::text',
  ],
  article: [`coalesce(r.article_id, 'none')`, 'null::text'],
}

/** Disputes change totals and scores in place: these are the final ones. */
const countBy = (by: ReviewGrouping): string => {
  const [key, name] = groups[by]
  const [value, join] =
    by === 'criterion' ? ['s.reached', 'join work_review_scores s on s.review_id = r.id'] : ['r.total', '']
  return `
select key, name, count(*)::int as count, avg(value)::float8 as mean,
  (coalesce(var_pop(value), 0) * count(*))::float8 as squares, (count(*) filter (where failed))::int as failed,
  (count(*) filter (where wrong))::int as wrong
from (
  select ${key} as key, ${name} as name, ${value} as value, r.failed, r.wrong_answer as wrong
  from work_reviews r ${join}
  where r.state = 'completed' and r.round = 1 and r.completed_at >= $1 and r.completed_at < $2
    and ($3::text is null or r.subject = $3) and ($4::uuid is null or r.form_id = $4)
    and ($5::text is null or r.reviewee_id = $5) and ($6::uuid is null or r.team_id = $6)
    and ($7::boolean or r.reviewee_id is not null) and $8::text is not null
) x group by key, name order by key nulls first, name`
}

/** Answers as they were before a dispute changed them. */
const firstAnswers = (review: string): string =>
  `coalesce(${review}.dispute -> 'before' -> 'answers', ${review}.answers)`
const valueOf = (answer: string): string => `case ${answer} ->> 'value' when 'yes' then 1 when 'no' then 0
  when 'not-applicable' then null else (${answer} ->> 'value')::int end`

const doubledReviews = `work_reviews a join work_reviews b
  on b.work_id = a.work_id and b.form_id = a.form_id and b.round = 2 and b.state = 'completed'
where a.round = 1 and a.state = 'completed'`

const readPairs = `
select * from (
  select a.form_id as "formId", c ->> 'id' as "criterionId", c ->> 'kind' as kind,
    ${valueOf(`(${firstAnswers('a')} -> (c ->> 'id'))`)} as first,
    ${valueOf(`(${firstAnswers('b')} -> (c ->> 'id'))`)} as second
  from (select a.id as one, b.id as two from ${doubledReviews} and a.form_number = b.form_number
    and greatest(a.completed_at, b.completed_at) >= $1 and greatest(a.completed_at, b.completed_at) < $2) p
  join work_reviews a on a.id = p.one join work_reviews b on b.id = p.two
  join review_form_numbers n on n.form_id = a.form_id and n.number = a.form_number,
  jsonb_array_elements(n.criteria) c
) x where first is not null and second is not null order by "formId", "criterionId"`

const countDoubled = `
select count(*)::int as reviews, (count(*) filter (where exists (select from work_reviews b
  where b.work_id = r.work_id and b.form_id = r.form_id and b.round = 2 and b.state = 'completed')))::int as doubled
from work_reviews r
where r.round = 1 and r.state = 'completed' and r.completed_at >= $1 and r.completed_at < $2`

/** Counts reviews on one database. */
export const createReviewCounting = ({ query }: Database): ReviewCounting => ({
  count: async ({ from, to, timeZone, by, subject, formId, agentId, teamId }) => {
    // Of teams and agents there is nothing the bot did.
    const bots = by !== 'team' && by !== 'agent'
    const rows = await query(countBy(by), [from, to, subject, formId, agentId, teamId, bots, timeZone])
    return rows.map((row) => present(row) as unknown as ReviewCount)
  },
  pairs: (from, to) => query<AnswerPair & Row>(readPairs, [from, to]),
  doubled: async (from, to) => {
    const [row] = await query<{ reviews: number; doubled: number }>(countDoubled, [from, to])
    return row ?? { reviews: 0, doubled: 0 }
  },
})
