import { z } from '@hono/zod-openapi'
import { draftStates, editActions, type Draft, type EditWrite } from '../../../core/editing.ts'
import { ArticleContentSchema, ArticleDiffSchema, draftJson, DraftSchema } from '../../shapes/knowledge.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { actorOf, showingCurrent } from '../writing.ts'
import { contentExample, diffExample, draftExample } from './knowledge-examples.ts'

type DraftReply = Reply<z.output<typeof DraftSchema>>

const reply = (draft: Draft): DraftReply => ({ body: draftJson(draft), version: draft.version })

/** Writes to a draft and answers it as it is then. */
const writing = async (
  call: Pick<RawCall, 'api' | 'caller' | 'version' | 'idempotencyKey' | 'body'> & {
    readonly params: { readonly id: string }
  },
  write: (by: EditWrite) => Promise<Draft>,
): Promise<DraftReply> => {
  const { api, version, idempotencyKey, params, body } = call
  return reply(
    await showingCurrent(
      () => write({ actor: actorOf(call), version, idempotencyKey }),
      async () => draftJson(await api.knowledge.drafts.get(params.id)),
      { version, changes: body },
    ),
  )
}

const reason = z.string().trim().min(1).max(2_000)
const articleId = z.string().min(1).max(80)
const NewDraft = z
  .strictObject({
    articleId: articleId.optional().openapi({ description: 'Absent: the id in `content`' }),
    action: z.enum(editActions).default('save'),
    content: ArticleContentSchema.optional(),
    reason: reason.openapi({ description: 'Why it is edited' }),
  })
  .refine(({ articleId: id, content }) => id !== undefined || content !== undefined, {
    path: ['articleId'],
    error: 'is given, unless `content` says it',
  })
  .openapi('NewKnowledgeDraft', {
    example: { articleId: contentExample.id, action: 'save', content: contentExample, reason: '入口改名了' },
  })

const cursors = createCursors('knowledge-drafts', z.object({ id: z.uuid() }))
const Note = z.strictObject({ note: z.string().trim().min(1).max(2_000) })

const common = {
  tag: 'knowledge',
  permission: 'knowledge.edit',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: DraftSchema,
  example: draftExample,
} as const
const reading = { ...common, method: 'get', permission: 'knowledge.read' } as const
const moving = { ...common, method: 'post', versioned: true } as const

/** Edits of articles on their way to being published. */
export const knowledgeDraftRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listDrafts',
    path: '/knowledge/drafts',
    summary: 'List drafts',
    description: 'The newest first.',
    params: nothing,
    query: z.strictObject({
      ...pageQuery,
      state: z.enum(draftStates).optional(),
      article: articleId.optional(),
    }),
    answer: pageOf(DraftSchema).openapi('KnowledgeDraftPage'),
    example: { data: [draftExample] },
    handle: async ({ api, query: { limit, cursor, state, article } }) => {
      const filter = { ...(state === undefined ? {} : { states: [state] }), articleId: article }
      const rows = await api.knowledge.drafts.list(filter, {
        after: cursors.read(cursor)?.id,
        limit: limit + 1,
      })
      const page = cutPage(rows, limit, { json: draftJson, cursor: ({ id }) => cursors.write({ id }) })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...common,
    id: 'createDraft',
    method: 'post',
    path: '/knowledge/drafts',
    summary: 'Edit an article',
    description: 'Nothing changes for contacts before the draft is published.',
    params: nothing,
    body: NewDraft,
    status: 201,
    handle: async ({ api, body, idempotencyKey, ...call }) => {
      const facts = { ...body, articleId: body.articleId ?? body.content?.id ?? '' }
      const draft = await api.knowledge.drafts.create(facts, { actor: actorOf(call), idempotencyKey })
      return { ...reply(draft), location: `/knowledge/drafts/${draft.id}` }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getDraft',
    path: '/knowledge/drafts/{id}',
    summary: 'Read a draft',
    versioned: true,
    handle: async ({ api, params }) => reply(await api.knowledge.drafts.get(params.id)),
  }),
  defineRoute({
    ...common,
    id: 'changeDraft',
    method: 'patch',
    path: '/knowledge/drafts/{id}',
    summary: 'Change a draft',
    description: 'What is left out stays. A draft in review, or approved, is returned first.',
    versioned: true,
    body: z.strictObject({
      content: ArticleContentSchema.optional(),
      reason: reason.optional(),
      rebase: z.boolean().optional().openapi({
        description: 'true: it was compared with what is live now, and is meant over it',
      }),
    }),
    handle: (call) => writing(call, (by) => call.api.knowledge.drafts.change(call.params.id, call.body, by)),
  }),
  defineRoute({
    ...common,
    id: 'discardDraft',
    method: 'delete',
    path: '/knowledge/drafts/{id}',
    summary: 'Discard a draft',
    versioned: true,
    handle: (call) =>
      writing(call, (by) => call.api.knowledge.drafts.move(call.params.id, 'discarded', undefined, by)),
  }),
  defineRoute({
    ...reading,
    id: 'compareDraft',
    path: '/knowledge/drafts/{id}/diff',
    summary: 'Compare a draft with what is live, field by field',
    answer: z.object({ diff: ArticleDiffSchema.optional() }).openapi('KnowledgeDraftDiff'),
    example: { diff: diffExample },
    handle: async ({ api, params }) => {
      const diff = await api.knowledge.drafts.diff(params.id)
      return { body: diff === undefined ? {} : { diff } }
    },
  }),
  defineRoute({
    ...moving,
    id: 'submitDraft',
    path: '/knowledge/drafts/{id}/submit',
    summary: 'Ask for a review',
    handle: (call) =>
      writing(call, (by) => call.api.knowledge.drafts.move(call.params.id, 'in-review', undefined, by)),
  }),
  defineRoute({
    ...moving,
    id: 'approveDraft',
    path: '/knowledge/drafts/{id}/approve',
    summary: 'Approve a draft of somebody else',
    body: Note.partial(),
    handle: (call) =>
      writing(call, (by) => call.api.knowledge.drafts.move(call.params.id, 'approved', call.body.note, by)),
  }),
  defineRoute({
    ...moving,
    id: 'returnDraft',
    path: '/knowledge/drafts/{id}/return',
    summary: 'Return a draft to its author',
    body: Note,
    handle: (call) =>
      writing(call, (by) => call.api.knowledge.drafts.move(call.params.id, 'draft', call.body.note, by)),
  }),
]
