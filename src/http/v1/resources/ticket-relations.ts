import { z } from '@hono/zod-openapi'
import type { SplitRequest } from '../../../core/ticket.ts'
import { LinkKind, RelatedSchema, TicketSchema } from '../../shapes/ticket.ts'
import { defineRoute, nothing, type ApiRoute } from '../define-route.ts'
import { ticketExample } from './examples.ts'
import { acting } from './ticket-upkeep.ts'
import { idOf, TicketParams } from './tickets.ts'

const { kind, priority, topic } = TicketSchema.shape

const Other = TicketParams.shape.id
const Link = z.strictObject({ to: Other, kind: LinkKind.default('related') })
const Merge = z.strictObject({
  into: Other.openapi({ description: 'An open ticket of the same contact; it goes on for both' }),
})
const Split = z.strictObject({
  messageIds: z.array(z.uuid()).min(1).max(100).openapi({ description: 'What the new ticket is about' }),
  title: z.string().max(500),
  kind: kind.optional(),
  topic: topic.optional(),
  priority: priority.optional(),
})

const splitOf = (body: z.output<typeof Split>): SplitRequest => {
  const { messageIds, title, ...facts } = body
  const named = Object.entries(facts).filter(([, value]) => value !== undefined)
  return { messageIds, title, ...Object.fromEntries(named) }
}

const common = { tag: 'tickets', params: TicketParams, query: nothing } as const
const writing = {
  ...common,
  method: 'post',
  permission: 'ticket.change',
  answer: TicketSchema,
  example: ticketExample,
  versioned: true,
} as const

const linking = (linked: boolean) =>
  defineRoute({
    ...writing,
    id: linked ? 'linkTicket' : 'unlinkTicket',
    path: linked ? '/tickets/{id}/link' : '/tickets/{id}/unlink',
    summary: linked ? 'Link a ticket to another' : 'Take a link away',
    description: 'It stands at both ends. Done already, nothing changes.',
    body: Link,
    handle: (call) =>
      acting(call, async (request, { to, kind: its }) =>
        call.api.relations.link(request, { toId: await idOf(call.api, to), kind: its, linked }),
      ),
  })

/** Which tickets belong together. */
export const ticketRelationRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'listRelatedTickets',
    method: 'get',
    path: '/tickets/{id}/related',
    summary: 'Read what belongs to a ticket',
    permission: 'ticket.read',
    body: nothing,
    answer: z.object({ data: z.array(RelatedSchema).readonly() }).openapi('RelatedTickets'),
    example: {
      data: [
        {
          id: ticketExample.id,
          number: 1000,
          state: 'closed',
          title: '大会员多扣一个月',
          relation: 'continues',
          inverse: false,
        },
      ],
    },
    handle: async ({ api, params }) => {
      const { id } = await api.tickets.get(await idOf(api, params.id))
      return { body: { data: await api.relations.related(id) } }
    },
  }),
  linking(true),
  linking(false),
  defineRoute({
    ...writing,
    id: 'mergeTicket',
    path: '/tickets/{id}/merge',
    summary: 'Merge a ticket into another',
    description: 'Closes it and gives the one that goes on for both.',
    body: Merge,
    handle: (call) =>
      acting(call, async (request, { into }) =>
        call.api.relations.merge(request, await idOf(call.api, into)),
      ),
  }),
  defineRoute({
    ...writing,
    id: 'splitTicket',
    path: '/tickets/{id}/split',
    summary: 'Open a second ticket from some of the messages',
    description: 'Gives the new ticket, held by the agent who splits.',
    status: 201,
    body: Split,
    handle: async (call) => {
      const reply = await acting(call, (request, body) => call.api.relations.split(request, splitOf(body)))
      return { ...reply, location: `/tickets/${reply.body.id}` }
    },
  }),
]
