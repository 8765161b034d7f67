import { z } from '@hono/zod-openapi'
import { helpLanguages, type HelpVoteCount } from '../../../core/help.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const cursors = createCursors('help-votes', z.object({ articleId: z.string().max(200) }))

const day = (what: string) => z.iso.date().optional().openapi({ description: what })

const VotesQuery = z.strictObject({
  ...pageQuery,
  from: day('First day, YYYY-MM-DD'),
  until: day('Last day, YYYY-MM-DD'),
  language: z.enum(helpLanguages).optional(),
})

const VoteCountSchema = z
  .object({
    articleId: z.string(),
    helpful: z.number().openapi({ description: 'Readers whom it helped' }),
    notHelpful: z.number().openapi({ description: 'Readers whom it did not help' }),
  })
  .openapi('HelpVoteCount')

const example: z.output<typeof VoteCountSchema> = {
  ...{ articleId: 'vip-auto-renew-stop', helpful: 214, notHelpful: 19 },
}

const voteJson = ({ articleId, helpful, notHelpful }: HelpVoteCount): z.output<typeof VoteCountSchema> => ({
  ...{ articleId, helpful, notHelpful },
})

/** What readers of the help centre say of articles. */
export const helpVoteRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...{ tag: 'knowledge', permission: 'knowledge.read', params: nothing, body: nothing },
    id: 'listHelpVotes',
    method: 'get',
    path: '/knowledge/votes',
    summary: 'See which articles help',
    description:
      'Votes of readers of the help centre by article, of all days or of some. Articles without a vote are left out. By id.',
    query: VotesQuery,
    answer: pageOf(VoteCountSchema).openapi('HelpVotePage'),
    example: { data: [example] },
    handle: async ({ api, query: { limit, cursor, from, until, language } }) => {
      const after = cursors.read(cursor)?.articleId
      const rows = await api.helpVotes.count({ from, until, language, after, limit: limit + 1 })
      const page = cutPage(rows, limit, {
        json: voteJson,
        cursor: ({ articleId }) => cursors.write({ articleId }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
]
