import { z } from '@hono/zod-openapi'
import {
  ArticleContentSchema,
  articleJson,
  articleRowJson,
  ArticleRowSchema,
  ArticleSchema,
  PreviewSchema,
} from '../../shapes/knowledge.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { articleExample, articleRowExample, contentExample, previewExample } from './knowledge-examples.ts'

const cursors = createCursors('knowledge-articles', z.object({ articleId: z.string().max(200) }))
const ListQuery = z.strictObject({
  ...pageQuery,
  topic: z.string().min(1).max(80).optional(),
  text: z.string().min(1).max(100).optional().openapi({ description: 'Part of the id or the question' }),
  conflicts: z
    .literal('true')
    .optional()
    .openapi({ description: 'Those alone whose file was changed under them' }),
})

const reading = { tag: 'knowledge', permission: 'knowledge.read', query: nothing, body: nothing } as const

/** The articles as they stand. */
export const knowledgeArticleRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listArticles',
    method: 'get',
    path: '/knowledge/articles',
    summary: 'List articles',
    description:
      'What is live, what is under way, and where a file was changed under what is published. By id.',
    params: nothing,
    query: ListQuery,
    answer: pageOf(ArticleRowSchema).openapi('ArticlePage'),
    example: { data: [articleRowExample] },
    handle: async ({ api, query: { limit, cursor, topic, text, conflicts } }) => {
      const after = cursors.read(cursor)?.articleId
      const rows = (await api.knowledge.articles.list()).filter((state) => {
        const row = articleRowJson(state)
        return (
          (after === undefined || row.articleId > after) &&
          (topic === undefined || row.topic === topic) &&
          (conflicts === undefined || row.conflict) &&
          (text === undefined || `${row.articleId}\n${row.question ?? ''}`.includes(text))
        )
      })
      const page = cutPage(rows.slice(0, limit + 1), limit, {
        json: articleRowJson,
        cursor: ({ articleId }) => cursors.write({ articleId }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getArticle',
    method: 'get',
    path: '/knowledge/articles/{articleId}',
    summary: 'Read an article',
    params: z.strictObject({ articleId: z.string().min(1).max(200) }),
    answer: ArticleSchema,
    example: articleExample,
    handle: async ({ api, params }) => ({
      body: articleJson(await api.knowledge.articles.get(params.articleId)),
    }),
  }),
  defineRoute({
    ...reading,
    id: 'previewArticle',
    method: 'post',
    path: '/knowledge/preview',
    summary: 'See an article as each inbox shows it',
    description: 'With its size by the channel’s own count. Changes nothing.',
    params: nothing,
    body: z.strictObject({ content: ArticleContentSchema }).openapi({ example: { content: contentExample } }),
    answer: z.object({ data: z.array(PreviewSchema).readonly() }).openapi('ArticlePreviews'),
    example: { data: [previewExample] },
    handle: async ({ api, body: { content } }) => ({
      body: { data: await api.knowledge.articles.preview(content, content.id) },
    }),
  }),
]
