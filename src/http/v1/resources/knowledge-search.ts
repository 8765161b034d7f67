import { z } from '@hono/zod-openapi'
import type { KnowledgeSearch } from '../../../core/knowledge-search.ts'
import { teamFacts } from '../../shapes/queue.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

/** Most articles a search gives: the bot looks at no more. */
const mostArticles = 8
/** Most texts of one request for vectors, and most characters of one; more of a text counts by its beginning anyway. */
const mostTexts = 64
const mostCharacters = 8_000

const FoundSchema = z
  .object({
    version: z.string().openapi({ description: 'Of the articles; another one may find something else' }),
    data: z
      .array(
        z.object({
          articleId: z.string(),
          topic: z.string(),
          question: z.string(),
          score: z.number().openapi({ description: 'Calibrated probability that it is the right one' }),
          text: z.string().openapi({ description: 'Its answer as plain text' }),
          url: z.string().optional().openapi({ description: 'Its page in the help centre, if it has one' }),
        }),
      )
      .readonly(),
  })
  .openapi('FoundArticles')

const AskedSchema = z
  .object({
    reply: z.string(),
    kind: z.enum(['answer', 'clarify', 'collect', 'escalate', 'chat', 'silent']),
    articleId: z.string().optional(),
    topic: z.string(),
    confidence: z.number(),
    language: z.string(),
  })
  .openapi('AskedAnswer')

const EmbeddedSchema = z
  .object({
    model: z
      .string()
      .openapi({ description: 'Vectors of one version cannot be compared with those of another' }),
    dimensions: z.number().int(),
    vectors: z
      .array(z.array(z.number()).readonly())
      .readonly()
      .openapi({ description: 'One unit vector a text, in the order of the texts' }),
  })
  .openapi('Embedded')

const text = z.string().min(1).max(500)
const channel = teamFacts.takes.shape.channels.unwrap().element

const common = {
  tag: 'knowledge',
  permission: 'knowledge.search',
  params: nothing,
} as const

/** A search as it is answered. */
export const foundJson = async (knowledge: KnowledgeSearch, words: string, limit: number) => {
  const { version, articles } = await knowledge.search(words, limit)
  return { version, data: articles }
}

/** What is asked of a search, and of the bot. */
export const searchInput = {
  search: z.strictObject({
    text: text.openapi({ description: 'What somebody wants to know, in their words' }),
    limit: z.coerce.number().int().min(1).max(mostArticles).default(5).openapi({ type: 'integer' }),
  }),
  ask: z.strictObject({ text, channel: channel.default('api') }),
}

/** The product's understanding, for programs that build with it. */
export const knowledgeSearchRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'searchKnowledge',
    method: 'get',
    path: '/knowledge/search',
    summary: 'Find live articles',
    description: 'As the bot itself finds them, best first. Sends and changes nothing.',
    query: searchInput.search,
    body: nothing,
    answer: FoundSchema,
    example: {
      version: 'a1b2c3',
      data: [
        {
          ...{ articleId: 'vip-refund-how', topic: 'vip-refund', question: '大会员怎么退款？', score: 0.94 },
          ...{
            text: '七天内可以退。',
            url: 'https://support.example.com/help/zh-CN/articles/vip-refund-how',
          },
        },
      ],
    },
    handle: async ({ api, query }) => ({
      body: await foundJson(api.understanding, query.text, query.limit),
    }),
  }),
  defineRoute({
    ...common,
    id: 'askBot',
    method: 'get',
    path: '/knowledge/ask',
    summary: 'Hear what the bot would answer',
    description:
      'To somebody who writes this with nothing said before, by the rules alone: neither a language model (`llm.answers`) nor tools are asked. Sends and changes nothing.',
    query: searchInput.ask,
    body: nothing,
    answer: AskedSchema,
    example: {
      ...{ reply: '七天内可以退。', kind: 'answer', articleId: 'vip-refund-how' },
      ...{ topic: 'vip-refund', confidence: 0.94, language: 'zh' },
    },
    handle: async ({ api, query }) => ({ body: await api.understanding.ask(query.text, query.channel) }),
  }),
  defineRoute({
    ...common,
    id: 'embedTexts',
    method: 'post',
    path: '/embeddings',
    summary: 'Turn texts into vectors',
    description:
      'With the encoder that the bot itself compares meanings with. `unavailable` where the product runs without one.',
    query: nothing,
    body: z
      .strictObject({ texts: z.array(z.string().max(mostCharacters)).min(1).max(mostTexts) })
      .openapi('TextsToEmbed'),
    // All texts at their longest, every character escaped.
    maxBodyBytes: mostTexts * mostCharacters * 6 + 1_024,
    answer: EmbeddedSchema,
    example: { model: 'tongda-zh-1', dimensions: 3, vectors: [[0.6, 0.8, 0]] },
    handle: async ({ api, body }) => ({ body: await api.understanding.embed(body.texts) }),
  }),
]
