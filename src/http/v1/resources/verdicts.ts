import { z } from '@hono/zod-openapi'
import type { GivenVerdict, VerdictCount } from '../../../core/verdict.ts'
import { Done, done } from '../../shapes/done.ts'
import { Moment } from '../../shapes/message.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const cursors = createCursors('verdicts', z.object({ articleId: z.string().max(200) }))
const articleId = z.string().min(1).max(200)

const VerdictInput = z
  .strictObject({
    verdict: z.enum(['right', 'wrong']),
    rightArticleId: articleId.optional().openapi({
      description: 'With `wrong`: the article that should have been given',
    }),
  })
  .refine(({ verdict, rightArticleId }) => verdict === 'wrong' || rightArticleId === undefined, {
    path: ['rightArticleId'],
    error: 'is given with the verdict wrong, and with no other',
  })
  .openapi('VerdictInput', { example: { verdict: 'wrong', rightArticleId: 'vip-auto-renew-stop' } })

const VerdictSchema = z
  .object({
    messageId: z.string().openapi({ description: 'The contact’s message that was answered' }),
    articleId: z.string().openapi({ description: 'The article that was given' }),
    verdict: z.enum(['right', 'wrong']),
    rightArticleId: z.string().optional(),
    at: Moment,
  })
  .openapi('Verdict')

const VerdictCountSchema = z
  .object({
    articleId: z.string(),
    right: z.number(),
    wrong: z.number(),
    share: z.number().openapi({ description: 'Right ones among all, 0 to 1' }),
    instead: z
      .array(z.object({ articleId: z.string(), count: z.number() }))
      .readonly()
      .openapi({ description: 'What should have been given, the most often named first; at most five' }),
  })
  .openapi('VerdictCount')

const verdictJson = ({ messageId, articleId: given, verdict, rightArticleId, at }: GivenVerdict) => ({
  ...{ messageId, articleId: given, verdict },
  ...(rightArticleId === undefined ? {} : { rightArticleId }),
  at: at.toISOString(),
})

const countJson = ({ right, wrong, ...rest }: VerdictCount): z.output<typeof VerdictCountSchema> => ({
  ...{ right, wrong, ...rest },
  share: right / (right + wrong),
})

const example: z.output<typeof VerdictSchema> = {
  ...{ messageId: '0198c0de-0000-7000-8000-000000000042', articleId: 'vip-refund' },
  ...{ verdict: 'wrong', rightArticleId: 'vip-auto-renew-stop', at: '2026-11-27T04:00:00.000Z' },
}

const judging = { tag: 'knowledge', permission: 'ticket.change', query: nothing } as const
const MessageParams = z.strictObject({ id: z.uuid() })

/** What people find of the bot's answers. */
export const verdictRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...judging,
    id: 'giveVerdict',
    method: 'post',
    path: '/messages/{id}/verdict',
    summary: 'Say whether an answer of the bot was right',
    description: 'On the contact’s message or the bot’s answer to it. The latest verdict stands.',
    params: MessageParams,
    body: VerdictInput,
    answer: VerdictSchema,
    example,
    handle: async ({ api, caller: { kind, id, name }, params, body }) => {
      // Throws where there is no such article.
      if (body.rightArticleId !== undefined) await api.knowledge.articles.get(body.rightArticleId)
      const given = await api.learning.verdicts.give(params.id, body, { kind, id, name }, api.clock.now())
      return { body: verdictJson(given) }
    },
  }),
  defineRoute({
    ...judging,
    id: 'withdrawVerdict',
    method: 'delete',
    path: '/messages/{id}/verdict',
    summary: 'Take a verdict back',
    params: MessageParams,
    body: nothing,
    answer: Done,
    example: done,
    handle: async ({ api, params }) => {
      await api.learning.verdicts.withdraw(params.id, api.clock.now())
      return { body: done }
    },
  }),
  defineRoute({
    ...{ tag: 'knowledge', permission: 'knowledge.read', params: nothing, body: nothing },
    id: 'listVerdicts',
    method: 'get',
    path: '/knowledge/verdicts',
    summary: 'See which articles answer rightly',
    description:
      'What people found of the bot’s answers, by article. Articles without a verdict are left out. By id.',
    query: z.strictObject({ ...pageQuery, articleId: articleId.optional() }),
    answer: pageOf(VerdictCountSchema).openapi('VerdictCountPage'),
    example: {
      data: [
        {
          ...{ articleId: 'vip-refund', right: 41, wrong: 9, share: 0.82 },
          instead: [{ articleId: 'vip-auto-renew-stop', count: 7 }],
        },
      ],
    },
    handle: async ({ api, query: { limit, cursor, articleId: only } }) => {
      const after = cursors.read(cursor)?.articleId
      const rows = await api.learning.verdicts.count({ articleId: only, after, limit: limit + 1 })
      const page = cutPage(rows, limit, {
        json: countJson,
        cursor: (row) => cursors.write({ articleId: row.articleId }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
]
