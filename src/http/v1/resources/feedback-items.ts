import { z } from '@hono/zod-openapi'
import { suggestionSources, type SuggestionFilter } from '../../../core/suggestions.ts'
import { suggestionJson, SuggestionSchema } from '../../shapes/feedback.ts'
import { Moment } from '../../shapes/message.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { actorOf, showingCurrent } from '../writing.ts'
import { suggestionExample } from './feedback-examples.ts'

const ListQuery = z.strictObject({
  ...pageQuery,
  theme: z
    .union([z.uuid(), z.literal('none')])
    .optional()
    .openapi({ description: 'A theme’s id, or `none`: not placed yet' }),
  contact: z.uuid().optional(),
  inbox: z.string().min(1).max(40).optional(),
  source: z.enum(suggestionSources).optional(),
  since: Moment.optional().openapi({ description: 'Said then or later' }),
  text: z.string().min(1).max(100).optional().openapi({ description: 'Part of the sentence' }),
})

const toFilter = (query: z.output<typeof ListQuery>): SuggestionFilter => {
  const { theme, contact, inbox, source, since, text } = query
  return {
    ...(theme === undefined ? {} : { themeId: theme === 'none' ? null : theme }),
    ...(contact === undefined ? {} : { contactId: contact }),
    ...(inbox === undefined ? {} : { inboxId: inbox }),
    ...(source === undefined ? {} : { source }),
    ...(since === undefined ? {} : { since: new Date(since) }),
    ...(text === undefined ? {} : { text }),
  }
}

const cursors = createCursors('feedback-items', z.object({ saidAt: z.iso.datetime(), id: z.uuid() }))

const NewItem = z.strictObject({
  sentence: z.string().trim().min(2).max(500).openapi({ description: 'Personal data in it is masked' }),
  language: z.enum(['zh', 'en']).default('zh'),
  saidAt: Moment.optional().openapi({ description: 'Absent: now' }),
  contactId: z.uuid().optional().openapi({ description: 'Who suggests it, to be told what becomes of it' }),
  conversationId: z.uuid().optional(),
  themeId: z.uuid().optional().openapi({ description: 'Absent: it is placed by meaning' }),
})

const ItemParams = z.strictObject({ id: z.uuid() })
const Move = z.strictObject({ themeId: z.uuid() })

const common = { tag: 'feedback', params: nothing, query: nothing, body: nothing } as const

/** What contacts suggest. */
export const feedbackItemRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listSuggestions',
    method: 'get',
    path: '/feedback/items',
    permission: 'feedback.read',
    summary: 'List suggestions',
    description: 'The latest first.',
    query: ListQuery,
    answer: pageOf(SuggestionSchema).openapi('SuggestionPage'),
    example: { data: [suggestionExample] },
    handle: async ({ api, query }) => {
      const { limit } = query
      const place = cursors.read(query.cursor)
      const after = place === undefined ? {} : { after: { id: place.id, saidAt: new Date(place.saidAt) } }
      const rows = await api.suggestions.items.list(toFilter(query), { ...after, limit: limit + 1 })
      const page = cutPage(rows, limit, {
        json: suggestionJson,
        cursor: ({ saidAt, id }) => cursors.write({ saidAt: saidAt.toISOString(), id }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...common,
    id: 'addSuggestion',
    method: 'post',
    path: '/feedback/items',
    permission: 'feedback.manage',
    summary: 'Add a suggestion',
    description: 'One that came by another way: said on the telephone, collected in a forum.',
    body: NewItem,
    answer: SuggestionSchema,
    example: suggestionExample,
    status: 201,
    handle: async ({ api, body, idempotencyKey, ...call }) => {
      const { sentence, saidAt, language, contactId, conversationId, themeId } = body
      const now = api.clock.now()
      const item = await api.suggestions.items.add(
        {
          sentence: api.suggestions.mask(sentence),
          language,
          saidAt: saidAt === undefined ? now : new Date(saidAt),
          actor: actorOf(call),
          idempotencyKey,
          ...(contactId === undefined ? {} : { contactId }),
          ...(conversationId === undefined ? {} : { conversationId }),
          ...(themeId === undefined ? {} : { themeId }),
        },
        now,
      )
      const { id, version } = item
      return { body: suggestionJson(item), version, location: `/feedback/items/${id}` }
    },
  }),
  defineRoute({
    ...common,
    id: 'getSuggestion',
    method: 'get',
    path: '/feedback/items/{id}',
    permission: 'feedback.read',
    summary: 'Read a suggestion',
    params: ItemParams,
    answer: SuggestionSchema,
    example: suggestionExample,
    versioned: true,
    handle: async ({ api, params }) => {
      const item = await api.suggestions.items.get(params.id)
      return { body: suggestionJson(item), version: item.version }
    },
  }),
  defineRoute({
    ...common,
    id: 'moveSuggestion',
    method: 'patch',
    path: '/feedback/items/{id}',
    permission: 'feedback.manage',
    summary: 'Move a suggestion to another theme',
    description: 'It stays there, whatever the nightly refinement would make of it.',
    params: ItemParams,
    body: Move,
    answer: SuggestionSchema,
    example: suggestionExample,
    versioned: true,
    handle: async ({ api, params: { id }, body, version, ...call }) => {
      const { items } = api.suggestions
      const write = { actor: actorOf(call), version }
      const item = await showingCurrent(
        () => items.move(id, body.themeId, write, api.clock.now()),
        async () => suggestionJson(await items.get(id)),
        { version, changes: body },
      )
      return { body: suggestionJson(item), version: item.version }
    },
  }),
  defineRoute({
    ...common,
    id: 'discardSuggestion',
    method: 'delete',
    path: '/feedback/items/{id}',
    permission: 'feedback.manage',
    summary: 'Say that it is no suggestion',
    description: 'Its sentence is forgotten; it does not come back.',
    params: ItemParams,
    answer: z.object({ discarded: z.literal(true) }),
    example: { discarded: true },
    versioned: true,
    handle: async ({ api, params: { id }, version, ...call }) => {
      const { items } = api.suggestions
      await showingCurrent(
        () => items.discard(id, { actor: actorOf(call), version }, api.clock.now()),
        async () => suggestionJson(await items.get(id)),
        { version, changes: {} },
      )
      return { body: { discarded: true as const } }
    },
  }),
]
