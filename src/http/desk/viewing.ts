import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { topics } from '../../core/bus.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import type { Agent } from '../../core/agent.ts'
import type { Bus } from '../../core/bus.ts'
import { AtTicket, DoneSchema, IdParams } from './schemas.ts'

/** What an agent does at a ticket: has it open, types a reply, went away. */
const Doing = z.enum([...AtTicket.options, 'gone'])

/** What desks tell each other of who is at a ticket. Kept nowhere: it is said again every few seconds. */
export const ViewingSchema = z.object({
  ticketId: z.string(),
  agentId: z.string(),
  agentName: z.string(),
  doing: Doing,
})
export type Viewing = z.infer<typeof ViewingSchema>

const ViewingInput = z.strictObject({
  doing: Doing,
  read: z
    .int()
    .min(0)
    .max(2_147_483_647)
    .optional()
    .openapi({ description: '`seq` of the last message that was read' }),
})

interface AtWork {
  readonly ticketId: string
  readonly agent: Pick<Agent, 'id' | 'name'>
  readonly doing: Viewing['doing']
}

/** Tells every open desk who is at a ticket. */
export const publishViewing = (bus: Bus, { ticketId, agent: { id, name }, doing }: AtWork): void => {
  const viewing: Viewing = { ticketId, agentId: id, agentName: name, doing }
  bus.publish(topics.viewing, viewing)
}

const viewTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/viewing',
  tags: ['tickets'],
  middleware: may('ticket.read'),
  request: { params: IdParams, body: body(ViewingInput) },
  responses: answers(DoneSchema),
})

/** Who is at a ticket, told to every open desk by the event stream; and how far she has read. */
export const addViewingRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(viewTicket, async (context) => {
    const { desk, session } = context.var
    const { doing, read } = context.req.valid('json')
    const ticketId = context.req.valid('param').id
    publishViewing(desk.bus, { ticketId, agent: session.agent, doing })
    if (read !== undefined) await desk.reading.markRead({ ticketId, agentId: session.agent.id, seq: read })
    return context.json({ done: true as const }, 200)
  })
}
