import { z } from '@hono/zod-openapi'
import { eventTypes, type LoggedEvent } from '../../../core/event-log.ts'
import { Moment } from '../../shapes/message.ts'
import { inputProblem } from '../../problem.ts'
import { cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { openEventStream } from '../event-stream.ts'

/** One thing that happened, as lists, streams and webhooks carry it. */
export const EventSchema = z
  .object({
    id: z.string().openapi({ description: 'Its place: `after`, `Last-Event-ID` go on behind it' }),
    type: z.enum(eventTypes),
    at: Moment,
    ticketId: z.string().optional(),
    conversationId: z.string().optional(),
    contactId: z.string().optional(),
    data: z.record(z.string(), z.unknown()).openapi({ description: 'A few facts, by type' }),
  })
  .openapi('Event')

/** An event as JSON. */
export const eventJson = ({ at, ...event }: LoggedEvent): z.output<typeof EventSchema> => ({
  ...event,
  at: at.toISOString(),
})

const Place = z.string().regex(/^\d{1,19}-\d{1,18}$/, 'must be the id of an event')

/** Kinds of event, with commas; none: all. */
const types = z
  .string()
  .max(500)
  .transform((text) => text.split(','))
  .pipe(z.array(z.enum(eventTypes)).max(50))
  .optional()
  .openapi({
    type: 'string',
    description: 'Types with commas; absent: all',
    example: 'ticket.opened,ticket.changed',
  })

const example: z.output<typeof EventSchema> = {
  id: '4711-12',
  type: 'ticket.opened',
  at: '2026-11-27T04:00:00.000Z',
  ticketId: '0198c0de-0000-7000-8000-00000000000a',
  conversationId: '0198c0de-0000-7000-8000-00000000000b',
  contactId: '0198c0de-0000-7000-8000-00000000000c',
  data: { number: 1001, version: 1, state: 'new', kind: 'question', priority: 'normal' },
}

const common = {
  tag: 'events',
  permission: 'event.read',
  method: 'get',
  params: nothing,
  body: nothing,
} as const

/** What happened, kept for 30 days. */
export const eventRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listEvents',
    path: '/events',
    summary: 'List what happened',
    description:
      'The oldest first. An event is listed once all that came before it is, so none is ever left out.',
    query: z.strictObject({
      limit: pageQuery.limit,
      cursor: Place.optional().openapi({ description: 'The same as `after`, for whoever follows `next`' }),
      after: Place.optional().openapi({
        description: 'Events behind this one; absent: from the oldest kept',
      }),
      types,
    }),
    answer: pageOf(EventSchema).openapi('EventPage'),
    example: { data: [example] },
    handle: async ({ api, query: { limit, after, cursor, types: wanted = [] } }) => {
      const from = cursor ?? after
      const rows = await api.events.read({
        ...(from === undefined ? {} : { after: from }),
        types: wanted,
        limit: limit + 1,
      })
      const page = cutPage(rows, limit, { json: eventJson, cursor: ({ id }) => id })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...common,
    id: 'streamEvents',
    path: '/events/stream',
    summary: 'Listen to what happens',
    description:
      'Server-sent events: `event` is the type, `data` the event. Begins now, or behind `Last-Event-ID` or `after`; reconnecting with it leaves nothing out and repeats nothing.',
    query: z.strictObject({ after: Place.optional(), types }),
    answer: z.string(),
    example: `id: ${example.id}\nevent: ${example.type}\ndata: ${JSON.stringify(example)}\n\n`,
    stream: true,
    handle: (call) => {
      const { context, query } = call
      const last = Place.optional().safeParse(context.req.header('last-event-id'))
      if (!last.success) throw inputProblem(last.error.issues, 'header')
      return openEventStream(call, { from: last.data ?? query.after, types: query.types ?? [] })
    },
  }),
]
