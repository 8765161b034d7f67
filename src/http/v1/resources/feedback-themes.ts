import { z } from '@hono/zod-openapi'
import {
  themeStatuses,
  toldStatuses,
  type SuggestionTheme,
  type ThemeAct,
} from '../../../core/suggestions.ts'
import {
  noticeJson,
  NoticeSchema,
  PreviewSchema,
  themeEntryJson,
  ThemeEntrySchema,
  themeJson,
  ThemeSchema,
  WordingSchema,
} from '../../shapes/feedback.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { actorOf, showingCurrent } from '../writing.ts'
import { themeExample } from './feedback-examples.ts'

type ThemeCall = Pick<RawCall, 'api' | 'caller' | 'version' | 'idempotencyKey'> & {
  readonly params: { readonly id: string }
  readonly body: unknown
}
type ThemeReply = Reply<z.output<typeof ThemeSchema>>

const reply = (theme: SuggestionTheme): ThemeReply => ({ body: themeJson(theme), version: theme.version })

/** Writes to a theme and answers the one that comes of it. */
const writing = async (
  call: ThemeCall,
  write: (facts: {
    readonly actor: ReturnType<typeof actorOf>
    readonly version: number | undefined
    readonly idempotencyKey: string | undefined
  }) => Promise<SuggestionTheme>,
): Promise<ThemeReply> => {
  const { api, version, idempotencyKey, params, body } = call
  const theme = await showingCurrent(
    () => write({ actor: actorOf(call), version, idempotencyKey }),
    async () => themeJson(await api.suggestions.themes.get(params.id, api.clock.now())),
    { version, changes: body },
  )
  return reply(theme)
}

const acting = (call: ThemeCall, act: ThemeAct): Promise<ThemeReply> =>
  writing(call, (facts) => call.api.suggestions.themes.act(call.params.id, act, facts, call.api.clock.now()))

const ThemeParams = z.strictObject({ id: z.uuid() })

const ListQuery = z.strictObject({
  ...pageQuery,
  status: z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(themeStatuses)).min(1).max(5))
    .optional()
    .openapi({ type: 'string', description: 'One or several, with commas', example: 'collected,planned' }),
  text: z.string().min(1).max(100).optional().openapi({ description: 'Part of the name, label or words' }),
})

const cursors = createCursors('feedback-themes', z.object({ count: z.int(), id: z.uuid() }))
const noticeCursors = createCursors('feedback-notices', z.object({ id: z.uuid() }))

const name = z.string().trim().min(1).max(100)
const Split = z.strictObject({
  itemIds: z.array(z.uuid()).min(1).max(500),
  name: name.optional().openapi({ description: 'Of the new theme' }),
})
const StatusChange = z.strictObject({
  status: z.enum(themeStatuses),
  wording: WordingSchema.optional().openapi({
    description: 'What those who asked are told; needed for shipped and declined',
  }),
  tell: z
    .boolean()
    .default(true)
    .openapi({ description: 'Whether those who asked are told of shipped and declined at once' }),
})

const common = {
  tag: 'feedback',
  permission: 'feedback.manage',
  params: ThemeParams,
  query: nothing,
  body: nothing,
  answer: ThemeSchema,
  example: themeExample,
} as const
const reading = { ...common, method: 'get', permission: 'feedback.read' } as const

const previewExample: z.output<typeof PreviewSchema> = {
  people: 31,
  now: 6,
  fallback: 1,
  waits: 23,
  never: 1,
  reasons: { 'window-closed': 23, 'said-stop': 1 },
  inboxes: { wechat: 5, web: 2 },
}

/** Reading themes. */
const readingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listSuggestionThemes',
    path: '/feedback/themes',
    summary: 'List themes of suggestions',
    description: 'The one that is asked for most first.',
    params: nothing,
    query: ListQuery,
    answer: pageOf(ThemeSchema).openapi('SuggestionThemePage'),
    example: { data: [themeExample] },
    handle: async ({ api, query: { limit, cursor, status, text } }) => {
      const after = cursors.read(cursor)
      const filter = {
        ...(status === undefined ? {} : { statuses: status }),
        ...(text === undefined ? {} : { text }),
      }
      const place = { limit: limit + 1, ...(after === undefined ? {} : { after }) }
      const rows = await api.suggestions.themes.list(filter, place, api.clock.now())
      const page = cutPage(rows, limit, {
        json: themeJson,
        cursor: ({ count, id }) => cursors.write({ count, id }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getSuggestionTheme',
    path: '/feedback/themes/{id}',
    summary: 'Read a theme',
    versioned: true,
    handle: async ({ api, params }) => reply(await api.suggestions.themes.get(params.id, api.clock.now())),
  }),
  defineRoute({
    ...reading,
    id: 'listSuggestionThemeHistory',
    path: '/feedback/themes/{id}/history',
    summary: 'Read a theme’s history',
    description: 'The oldest line first.',
    answer: z.object({ data: z.array(ThemeEntrySchema).readonly() }),
    example: {
      data: [
        {
          id: 1,
          at: '2026-11-27T04:00:00.000Z',
          actor: 'agent',
          actorId: 'li',
          actorName: '李然',
          change: 'rename',
          detail: { name: '记住播放速度' },
        },
      ],
    },
    handle: async ({ api, params }) => {
      const { id } = await api.suggestions.themes.get(params.id, api.clock.now())
      return { body: { data: (await api.suggestions.themes.history(id)).map(themeEntryJson) } }
    },
  }),
  defineRoute({
    ...reading,
    id: 'listSuggestionNotices',
    path: '/feedback/themes/{id}/notices',
    summary: 'See who was told',
    query: z.strictObject(pageQuery),
    answer: pageOf(NoticeSchema).openapi('SuggestionNoticePage'),
    example: {
      data: [
        {
          id: '0198c0de-0000-7000-8000-0000000000f2',
          themeId: themeExample.id,
          status: 'shipped',
          contactId: '0198c0de-0000-7000-8000-00000000000c',
          conversationId: '0198c0de-0000-7000-8000-00000000000b',
          state: 'waits',
          reason: 'window-closed',
          createdAt: '2026-11-27T04:00:00.000Z',
        },
      ],
    },
    handle: async ({ api, params, query: { limit, cursor } }) => {
      const { id } = await api.suggestions.themes.get(params.id, api.clock.now())
      const after = noticeCursors.read(cursor)?.id
      const rows = await api.suggestions.notices.list(id, {
        limit: limit + 1,
        ...(after === undefined ? {} : { after }),
      })
      const page = cutPage(rows, limit, {
        json: noticeJson,
        cursor: ({ id: last }) => noticeCursors.write({ id: last }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    permission: 'feedback.manage',
    id: 'previewSuggestionTelling',
    path: '/feedback/themes/{id}/telling',
    summary: 'See how many would be told, and through what',
    description: 'Changes nothing. With `status`, as if the theme had it.',
    query: z.strictObject({ status: z.enum(['shipped', 'declined']).optional() }),
    answer: PreviewSchema,
    example: previewExample,
    handle: async ({ api, params, query: { status } }) => ({
      body: await api.suggestions.telling.preview(params.id, status),
    }),
  }),
]

/** Themes: what they are, what became of them, who hears of it. */
export const feedbackThemeRoutes: readonly ApiRoute[] = [
  ...readingRoutes,
  defineRoute({
    ...common,
    id: 'renameSuggestionTheme',
    method: 'patch',
    path: '/feedback/themes/{id}',
    summary: 'Name a theme',
    description: 'A theme with a name never ends by itself.',
    body: z.strictObject({ name }),
    versioned: true,
    handle: (call) => acting(call, { act: 'rename', name: call.body.name }),
  }),
  defineRoute({
    ...common,
    id: 'pinSuggestionTheme',
    method: 'post',
    path: '/feedback/themes/{id}/pin',
    summary: 'Keep a theme as it is',
    description: 'Every suggestion in it stays there.',
    versioned: true,
    handle: (call) => acting(call, { act: 'pin' }),
  }),
  defineRoute({
    ...common,
    id: 'mergeSuggestionTheme',
    method: 'post',
    path: '/feedback/themes/{id}/merge',
    summary: 'Bring another theme into this one',
    body: z.strictObject({ from: z.uuid() }),
    versioned: true,
    handle: (call) => acting(call, { act: 'merge', from: call.body.from }),
  }),
  defineRoute({
    ...common,
    id: 'splitSuggestionTheme',
    method: 'post',
    path: '/feedback/themes/{id}/split',
    summary: 'Take suggestions into a theme of their own',
    description: 'Answers the new theme. What is taken and what is left stay apart from then on.',
    body: Split,
    versioned: true,
    handle: (call) => {
      const { itemIds, name: named } = call.body
      return acting(call, { act: 'split', itemIds, ...(named === undefined ? {} : { name: named }) })
    },
  }),
  defineRoute({
    ...common,
    id: 'setSuggestionThemeStatus',
    method: 'post',
    path: '/feedback/themes/{id}/status',
    summary: 'Set a theme’s status',
    description: 'Shipped and declined tell those who asked, unless `tell` is false.',
    body: StatusChange,
    versioned: true,
    handle: async (call) => {
      const { api, params } = call
      const { status, wording, tell } = call.body
      const { themes, telling } = api.suggestions
      const answer = await writing(call, (facts) =>
        themes.setStatus(params.id, { status, wording }, facts, api.clock.now()),
      )
      if (tell && toldStatuses.includes(status)) await telling.start(params.id)
      return answer
    },
  }),
  defineRoute({
    ...common,
    id: 'tellOfSuggestionTheme',
    method: 'post',
    path: '/feedback/themes/{id}/telling',
    summary: 'Tell those who asked and have not been told',
    description: 'It goes on in the background; `/notices` shows what became of each.',
    answer: z.object({ planned: z.number() }),
    example: { planned: 31 },
    status: 202,
    handle: async ({ api, params }) => ({
      body: { planned: await api.suggestions.telling.start(params.id) },
    }),
  }),
]
