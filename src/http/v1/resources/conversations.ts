import { z } from '@hono/zod-openapi'
import { messageJson } from '../../shapes/message.ts'
import { MessageSchema } from '../../shapes/message.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { messageExample } from './examples.ts'

const cursors = createCursors('messages', z.object({ seq: z.int() }))

/** What was said. */
export const conversationRoutes: readonly ApiRoute[] = [
  defineRoute({
    id: 'listConversationMessages',
    method: 'get',
    path: '/conversations/{id}/messages',
    tag: 'conversations',
    summary: 'Read what was said',
    description:
      'The oldest first, with the bot’s decisions and the state of deliveries; notes are among them.',
    permission: 'ticket.read',
    params: z.strictObject({ id: z.uuid() }),
    query: z.strictObject(pageQuery),
    body: nothing,
    answer: pageOf(MessageSchema).openapi('MessagePage'),
    example: { data: [messageExample] },
    handle: async ({ api, params, query: { limit, cursor } }) => {
      const after = cursors.read(cursor)?.seq ?? 0
      const rows = await api.reading.messages(params.id, { after, limit: limit + 1 })
      const page = cutPage(rows, limit, {
        json: messageJson,
        cursor: ({ seq }) => cursors.write({ seq }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
]
