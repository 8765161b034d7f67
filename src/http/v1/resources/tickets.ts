import { z } from '@hono/zod-openapi'
import type { TicketFilter } from '../../../core/api-reading.ts'
import type { ApiSurroundings } from '../environment.ts'
import { Moment } from '../../shapes/message.ts'
import { ticketJson, TicketSchema, timelineJson, TimelineSchema } from '../../shapes/ticket.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { ticketExample, timelineExample } from './examples.ts'

const { kind, priority, state } = TicketSchema.shape

/** `open,pending`: several words of an enum, with commas. */
const someOf = <Schema extends z.ZodType<string, string>>(word: Schema) =>
  z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(word).min(1).max(20))

const ListQuery = z.strictObject({
  ...pageQuery,
  state: someOf(state)
    .optional()
    .openapi({ type: 'string', description: 'One or several states, with commas', example: 'new,open' }),
  kind: kind.optional(),
  priority: priority.optional(),
  assignee: z
    .string()
    .min(1)
    .max(100)
    .optional()
    .openapi({ description: 'An agent’s id, or `none`: nobody has it' }),
  contact: z.uuid().optional(),
  updatedSince: Moment.optional(),
  order: z.enum(['newest', 'updated']).default('newest').openapi({
    description: '`updated`: by last change, the oldest first, to copy all tickets and then what changed',
  }),
})

const cursors = createCursors('tickets', z.object({ number: z.int(), updatedAt: z.iso.datetime() }))

const toFilter = (query: z.output<typeof ListQuery>): TicketFilter => {
  const { state: states, assignee, contact, updatedSince, order } = query
  return {
    order,
    ...(states === undefined ? {} : { states }),
    ...(query.kind === undefined ? {} : { kind: query.kind }),
    ...(query.priority === undefined ? {} : { priority: query.priority }),
    ...(assignee === undefined ? {} : { assigneeId: assignee === 'none' ? null : assignee }),
    ...(contact === undefined ? {} : { contactId: contact }),
    ...(updatedSince === undefined ? {} : { updatedSince: new Date(updatedSince) }),
  }
}

/** Names one ticket. */
export const TicketParams = z.strictObject({
  id: z
    .union([z.uuid(), z.string().regex(/^T-\d{1,9}$/i)])
    .openapi({ description: 'The id, or the number as people say it: T-1001' }),
})

/** The id behind `T-1001`. Throws `not_found`. */
export const idOf = (api: ApiSurroundings, id: string): Promise<string> =>
  /^T-/i.test(id) ? api.reading.ticketId(Number(id.slice(2))) : Promise.resolve(id)

const entryCursors = createCursors('timeline', z.object({ id: z.int() }))

const common = { tag: 'tickets', permission: 'ticket.read', method: 'get', body: nothing } as const

/** Tickets and their history. */
export const ticketRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listTickets',
    path: '/tickets',
    summary: 'List tickets',
    params: nothing,
    query: ListQuery,
    answer: pageOf(TicketSchema).openapi('TicketPage'),
    example: { data: [ticketExample] },
    handle: async ({ api, query, language }) => {
      const { limit } = query
      const place = cursors.read(query.cursor)
      const after = place === undefined ? {} : { after: { ...place, updatedAt: new Date(place.updatedAt) } }
      const rows = await api.reading.tickets(toFilter(query), { ...after, limit: limit + 1 })
      const page = cutPage(rows, limit, {
        json: (ticket) => ticketJson(ticket, language),
        cursor: ({ number, updatedAt }) => cursors.write({ number, updatedAt: updatedAt.toISOString() }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...common,
    id: 'getTicket',
    path: '/tickets/{id}',
    summary: 'Read a ticket',
    versioned: true,
    params: TicketParams,
    query: nothing,
    answer: TicketSchema,
    example: ticketExample,
    handle: async ({ api, params, language }) => {
      const ticket = await api.tickets.get(await idOf(api, params.id))
      return { body: ticketJson(ticket, language), version: ticket.version }
    },
  }),
  defineRoute({
    ...common,
    id: 'listTicketTimeline',
    path: '/tickets/{id}/timeline',
    summary: 'Read a ticket’s history',
    description: 'The oldest line first.',
    params: TicketParams,
    query: z.strictObject(pageQuery),
    answer: pageOf(TimelineSchema).openapi('TimelinePage'),
    example: { data: [timelineExample] },
    handle: async ({ api, params, query: { limit, cursor } }) => {
      const { id } = await api.tickets.get(await idOf(api, params.id))
      const after = entryCursors.read(cursor)?.id ?? 0
      const rows = await api.reading.timeline(id, { after, limit: limit + 1 })
      const page = cutPage(rows, limit, {
        json: ({ at, actor, agentId, agentName, change, detail }) =>
          timelineJson({
            ...{ at, actor, change, detail },
            ...(agentId === undefined ? {} : { agentId }),
            ...(agentName === undefined ? {} : { agentName }),
          }),
        cursor: ({ id: place }) => entryCursors.write({ id: place }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
]
