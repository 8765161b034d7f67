import { z } from '@hono/zod-openapi'
import { lastWords } from '../../../core/last-words.ts'
import { Moment } from '../../shapes/message.ts'
import { TicketSchema } from '../../shapes/ticket.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { idOf, TicketParams } from './tickets.ts'

/** More would be a list to search, not a hint. */
const most = 3
/** How far back the contact's last words are looked for, in messages. */
const lookedBack = 30
/** Longest text that is looked for, and longest answer that is shown, in UTF-16 units. */
const maxWords = 500

const ArticlesSchema = z
  .object({
    data: z
      .array(
        z.object({
          articleId: z.string(),
          question: z.string(),
          score: z.number().openapi({ description: 'Calibrated probability that it is the right one' }),
          text: z.string().openapi({ description: 'Its answer for the channel, as plain text' }),
        }),
      )
      .readonly(),
  })
  .openapi('SuggestedArticles')

const SimilarSchema = z
  .object({
    data: z
      .array(
        z.object({
          id: z.string(),
          number: z.number(),
          title: z.string(),
          kind: TicketSchema.shape.kind,
          solvedAt: Moment,
          likeness: z.number().openapi({ description: '0 to 1: how much of their first words is the same' }),
          answer: z.string().optional().openapi({ description: 'What an agent said last, shortened' }),
        }),
      )
      .readonly(),
  })
  .openapi('SimilarTickets')

const common = {
  method: 'get',
  permission: 'ticket.read',
  params: TicketParams,
  query: nothing,
  body: nothing,
} as const

/** What may help whoever answers a ticket. */
export const ticketHintRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'suggestArticles',
    // The words of articles are the brand's own.
    tag: 'knowledge',
    path: '/tickets/{id}/suggested-articles',
    summary: 'Find articles for what the contact said last',
    description: 'At most three live articles, as the bot itself finds them, best first. Sends nothing.',
    answer: ArticlesSchema,
    example: {
      data: [
        { articleId: 'vip-refund-how', question: '大会员怎么退款？', score: 0.94, text: '七天内可以退。' },
      ],
    },
    handle: async ({ api, params }) => {
      const { conversationId, channel } = await api.tickets.get(await idOf(api, params.id))
      const words = lastWords(await api.tickets.transcript(conversationId, lookedBack), maxWords)
      return { body: { data: words === '' ? [] : await api.understanding.suggest(words, channel, most) } }
    },
  }),
  defineRoute({
    ...common,
    id: 'findSimilarTickets',
    tag: 'tickets',
    path: '/tickets/{id}/similar',
    summary: 'Find settled tickets that began alike',
    description: 'At most three of the same topic from the last half year, and how each was answered.',
    answer: SimilarSchema,
    example: {
      data: [
        {
          ...{ id: '0197a0b2-0000-7000-8000-00000000000a', number: 998, title: '大会员多扣 25 元' },
          ...{ kind: 'question', solvedAt: '2026-03-02T08:00:00.000Z', likeness: 0.71 },
          answer: '多扣的 25 元三天内原路退回。',
        },
      ],
    },
    handle: async ({ api, params }) => {
      const ticket = await api.tickets.get(await idOf(api, params.id))
      const found = await api.similarTickets(ticket, most)
      const data = found.map(({ answer, solvedAt, ...rest }) => ({
        ...rest,
        solvedAt: solvedAt.toISOString(),
        ...(answer === undefined ? {} : { answer: answer.slice(0, maxWords) }),
      }))
      return { body: { data } }
    },
  }),
]
