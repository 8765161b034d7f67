import { z } from '@hono/zod-openapi'
import type { SearchFilter, SearchPlace } from '../../../core/message-search.ts'
import { ChannelSchema } from '../../shapes/incident.ts'
import {
  MessageAuthor,
  MessageDirection,
  messageHitJson,
  MessageHitSchema,
} from '../../shapes/message-search.ts'
import { isPlainMoment, Moment } from '../../shapes/message.ts'
import { createCursors, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'

const example: z.output<typeof MessageHitSchema> = {
  id: '0198c0de-0000-7000-8000-00000000000d',
  conversationId: '0198c0de-0000-7000-8000-00000000000b',
  seq: 1,
  inboxId: 'wechat',
  channel: 'wechat',
  contactId: '0198c0de-0000-7000-8000-00000000000c',
  contactName: '阿白',
  direction: 'in',
  author: 'contact',
  at: '2026-11-27T04:00:00.000Z',
  ticketId: '0198c0de-0000-7000-8000-00000000000a',
  ticketNumber: 1001,
  snippet: {
    text: '大会员多扣了 25 元',
    matches: [{ from: 0, to: 3 }],
    cutBefore: false,
    cutAfter: false,
  },
}

const moment = z.iso.datetime({ offset: true }).refine(isPlainMoment, 'must lie in the years 1 to 9999')

const SearchQuery = z.strictObject({
  ...pageQuery,
  q: z.string().trim().min(1).max(100).openapi({
    description: 'Words between spaces, all of which the message must hold: parts of words do',
    example: '大会员 退款',
  }),
  inbox: z.string().min(1).max(100).optional(),
  channel: ChannelSchema.optional(),
  contact: z.uuid().optional(),
  ticket: z.uuid().optional().openapi({ description: 'What was said in the ticket’s conversation' }),
  author: MessageAuthor.optional(),
  direction: MessageDirection.optional().openapi({ description: '`note`: written for agents' }),
  from: moment.optional().openapi({ description: 'Said from this moment on' }),
  until: moment.optional().openapi({ description: 'Said before this moment' }),
})

const filterOf = (query: z.output<typeof SearchQuery>): SearchFilter => {
  const { inbox, channel, contact, ticket, author, direction, from, until } = query
  return {
    ...(inbox === undefined ? {} : { inboxId: inbox }),
    ...(channel === undefined ? {} : { channel }),
    ...(contact === undefined ? {} : { contactId: contact }),
    ...(ticket === undefined ? {} : { ticketId: ticket }),
    ...(author === undefined ? {} : { author }),
    ...(direction === undefined ? {} : { direction }),
    ...(from === undefined ? {} : { from: new Date(from) }),
    ...(until === undefined ? {} : { until: new Date(until) }),
  }
}

const cursors = createCursors('message-search', z.object({ at: Moment, id: z.uuid() }))

const readCursor = (cursor: string | undefined): SearchPlace | undefined => {
  const place = cursors.read(cursor)
  return place === undefined ? undefined : { at: new Date(place.at), id: place.id }
}

const writeCursor = ({ at, id }: SearchPlace): string => cursors.write({ at: at.toISOString(), id })

/** Finding what was said. */
export const messageSearchRoutes: readonly ApiRoute[] = [
  defineRoute({
    id: 'searchMessages',
    method: 'get',
    path: '/messages',
    tag: 'conversations',
    summary: 'Search what was said',
    description:
      'The newest first, notes included. Any part of two characters is found, in Chinese a single one too; letter case, full and half width, simplified and traditional characters do not matter. A message is found seconds after it was said. A page may be short, even empty, while there is a `next`: it goes on where this one stopped looking.',
    permission: 'ticket.read',
    params: nothing,
    query: SearchQuery,
    body: nothing,
    answer: pageOf(MessageHitSchema).openapi('MessageHitPage'),
    example: { data: [example] },
    handle: async ({ api, query }) => {
      const after = readCursor(query.cursor)
      const { hits, next } = await api.searchMessages({
        ...{ words: query.q, limit: query.limit, filter: filterOf(query) },
        ...(after === undefined ? {} : { after }),
      })
      const cursor = next === undefined ? {} : { next: writeCursor(next) }
      return { body: { data: hits.map(messageHitJson), ...cursor }, ...cursor }
    },
  }),
]
