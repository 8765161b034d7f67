import type { HelpVoteCount, HelpVotes } from '../core/help.ts'
import type { Database, Row } from './database.ts'

const addOne = `
insert into help_votes as v (article_id, language, day, answer, count) values ($1, $2, $3::date, $4, 1)
on conflict (article_id, language, day, answer) do update set count = v.count + 1`

const countAll = `
select article_id, coalesce(sum(count) filter (where answer = 'helpful'), 0)::int as helpful,
  coalesce(sum(count) filter (where answer = 'not-helpful'), 0)::int as not_helpful
from help_votes
where ($1::date is null or day >= $1::date) and ($2::date is null or day <= $2::date)
  and ($3::text is null or language = $3) and ($4::text is null or article_id collate "C" > $4)
group by article_id order by article_id collate "C" limit $5`

interface CountRow extends Row {
  readonly article_id: string
  readonly helpful: number
  readonly not_helpful: number
}

const toCount = ({ article_id: articleId, helpful, not_helpful: notHelpful }: CountRow): HelpVoteCount => ({
  ...{ articleId, helpful, notHelpful },
})

/** What readers say of articles, on one database. */
export const createHelpVotes = ({ query }: Pick<Database, 'query'>): HelpVotes => ({
  add: async ({ articleId, language, day, answer }) => {
    await query(addOne, [articleId, language, day, answer])
  },
  count: async ({ from, until, language, after, limit }) => {
    const params = [from ?? null, until ?? null, language ?? null, after ?? null, limit]
    return (await query<CountRow>(countAll, params)).map(toCount)
  },
})
