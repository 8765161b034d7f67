import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { topics } from '../../core/bus.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import { DoneSchema, IdParams } from './schemas.ts'

/** What an agent does at a ticket: has it open, types a reply, went away. */
const Doing = z.enum(['looking', 'typing', 'gone'])

/** What desks tell each other of who is at a ticket. Kept nowhere: it is said again every few seconds. */
export const ViewingSchema = z.object({
  ticketId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  doing: Doing,
})
export type Viewing = z.infer<typeof ViewingSchema>

const viewTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/viewing',
  tags: ['tickets'],
  middleware: may('ticket.read'),
  request: { params: IdParams, body: body(z.strictObject({ doing: Doing })) },
  responses: answers(DoneSchema),
})

/** Who is at a ticket, told to every open desk by the event stream. */
export const addViewingRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(viewTicket, (context) => {
    const { desk, session } = context.var
    const { id, name } = session.agent
    const { doing } = context.req.valid('json')
    const viewing: Viewing = { ticketId: context.req.valid('param').id, agentId: id, agentName: name, doing }
    desk.bus.publish(topics.viewing, viewing)
    return context.json({ done: true as const }, 200)
  })
}
