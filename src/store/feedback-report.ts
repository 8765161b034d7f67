import type { NoticeWay } from '../core/notice.ts'
import type { ReportedTheme, SuggestionCounting } from '../core/suggestion-report.ts'
import type { ThemeStatus } from '../core/suggestions.ts'
import type { Database, Row } from './database.ts'

const totals = `
select count(*) filter (where i.said_at >= $1)::int as suggestions,
  count(*) filter (where i.said_at < $1)::int as before,
  (count(distinct coalesce(c.contact_id, i.contact_id)) filter (where i.said_at >= $1))::int as contacts
from feedback_items i left join conversations c on c.id = i.conversation_id
where i.discarded_at is null and i.said_at >= $3 and i.said_at < $2`

const channels = `
select coalesce(channel, 'api') as channel, count(*)::int as count from feedback_items
where discarded_at is null and said_at >= $1 and said_at < $2 group by 1 order by 2 desc, 1`

const told = `
select state, way, count(*)::int as count from feedback_notices
where case when state = 'told' or state = 'never' then settled_at >= $1 and settled_at < $2 else created_at < $2 end
group by 1, 2`

/** `$1` … `$3`: where the month begins and ends, and where the one before begins. */
const themeFields = `t.id, coalesce(t.name, t.label) as label, t.status, t.count as total,
  count(i.id) filter (where i.said_at >= $1 and i.said_at < $2)::int as count,
  count(i.id) filter (where i.said_at >= $3 and i.said_at < $1)::int as before,
  (count(distinct coalesce(c.contact_id, i.contact_id)) filter (where i.said_at >= $1 and i.said_at < $2))::int as contacts`
const themeJoins = `left join feedback_items i on i.theme_id = t.id and i.discarded_at is null
left join conversations c on c.id = i.conversation_id`

const themes = `
select ${themeFields}, min(i.said_at) as "firstAt" from feedback_themes t ${themeJoins}
where t.ended_at is null group by t.id
having count(i.id) filter (where i.said_at >= $1 and i.said_at < $2) > 0 order by count desc, t.id`

const turned = `
select ${themeFields}, h.at from (
  select distinct on (theme_id) theme_id, at, detail from feedback_history
  where change = 'status' and at >= $1 and at < $2 order by theme_id, id desc
) h
join feedback_themes t on t.id = h.theme_id ${themeJoins}
where h.detail ->> 'to' = $4 group by t.id, h.at order by h.at, t.id`

interface TotalsRow extends Row {
  readonly suggestions: number
  readonly before: number
  readonly contacts: number
}
interface ToldRow extends Row {
  readonly state: string
  readonly way: NoticeWay | null
  readonly count: number
}

/** Counts for reports on one database. */
export const createSuggestionCounting = ({ query }: Database): SuggestionCounting => ({
  totals: async ({ from, to, before }) => {
    const [row] = await query<TotalsRow>(totals, [from, to, before])
    const news = await query<ToldRow>(told, [from, to])
    const sum = (isCounted: (one: ToldRow) => boolean): number =>
      news.filter(isCounted).reduce((all, { count }) => all + count, 0)
    const byWay = (way: NoticeWay): number => sum((one) => one.state === 'told' && one.way === way)
    return {
      suggestions: row?.suggestions ?? 0,
      suggestionsBefore: row?.before ?? 0,
      contacts: row?.contacts ?? 0,
      channels: await query<{ channel: string; count: number } & Row>(channels, [from, to]),
      told: { now: byWay('now'), fallback: byWay('fallback'), 'next-message': byWay('next-message') },
      waiting: sum(({ state }) => state === 'waits' || state === 'planned'),
      never: sum(({ state }) => state === 'never'),
    }
  },
  themes: ({ from, to, before }) =>
    query<ReportedTheme & { readonly firstAt: Date } & Row>(themes, [from, to, before]),
  turned: ({ from, to, before }, status: ThemeStatus) =>
    query<ReportedTheme & { readonly at: Date } & Row>(turned, [from, to, before, status]),
})
