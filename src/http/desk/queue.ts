import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { permissions } from '../../core/agent.ts'
import type { TransferTarget } from '../../core/queue.ts'
import { maxAgentText } from '../../tickets/index.ts'
import { Availability } from '../shapes/queue.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import { ChangedSchema, DoneSchema, IdParams, NoQuery, OptionalKeyHeader } from './schemas.ts'
import { change, requestOf } from './tickets.ts'

const Own = z.object({
  availability: Availability,
  automatic: z.boolean().openapi({ description: 'It came of silence' }),
})
export const PlacesSchema = z
  .object({
    me: Own.optional().openapi({ description: 'Absent: never said' }),
    teams: z
      .array(z.object({ id: z.string(), name: z.object({ zh: z.string(), en: z.string() }) }))
      .readonly(),
    agents: z
      .array(z.object({ id: z.string(), name: z.string(), availability: Availability, load: z.number() }))
      .readonly(),
  })
  .openapi('WhoIsThere')
export const StandingSchema = z.object({ me: Own.optional() }).openapi('Standing')

const version = z.number().int().min(1).optional()
const note = z.string().max(maxAgentText)
const agentId = z.string().min(1).max(100)
const TransferInput = z.union([
  z.strictObject({ version, agentId, note }),
  z.strictObject({ version, teamId: z.uuid(), note }),
])

const tags = ['tickets']

/** Whether one is there, and to whom tickets can be handed over. */
const whoIsThere = createRoute({
  method: 'get',
  path: '/presence',
  tags,
  middleware: may('team.read'),
  request: { query: NoQuery },
  responses: answers(PlacesSchema),
})

const setPresence = createRoute({
  method: 'post',
  path: '/presence',
  tags,
  middleware: may('ticket.take'),
  request: { body: body(z.strictObject({ availability: Availability })) },
  responses: answers(DoneSchema),
})

/** The open desk's sign of life, every 30 seconds; `active`: its agent's, too. */
const beatPresence = createRoute({
  method: 'post',
  path: '/presence/beat',
  tags,
  middleware: may('ticket.take'),
  request: { body: body(z.strictObject({ active: z.boolean() })) },
  responses: answers(StandingSchema),
})

const transferTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/transfer',
  tags,
  middleware: may('ticket.take'),
  request: { params: IdParams, headers: OptionalKeyHeader, body: body(TransferInput) },
  responses: answers(ChangedSchema),
})

/** Whoever leaves is given nothing any more. */
export const goOffline = async ({ var: { desk, session } }: Context<DeskEnv>): Promise<void> => {
  const { presence } = desk.queues
  const { id } = session.agent
  const standing = await presence.beat(id, false)
  if (standing !== undefined && standing.availability !== 'offline') await presence.set(id, 'offline')
}

const addPresence = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(whoIsThere, async (context) => {
    const { desk, session } = context.var
    const [teams, present] = await Promise.all([desk.queues.teams.list(), desk.queues.presence.list()])
    const own = present.find(({ agentId: id }) => id === session.agent.id)
    const answer = {
      ...(own === undefined ? {} : { me: { availability: own.availability, automatic: own.automatic } }),
      teams: teams.map(({ id, name }) => ({ id, name })),
      agents: present.map(({ agentId: id, agentName: name, availability, load }) => ({
        id,
        name,
        availability,
        load,
      })),
    }
    return context.json(answer, 200)
  })
  app.openapi(setPresence, async (context) => {
    const { desk, session } = context.var
    await desk.queues.presence.set(session.agent.id, context.req.valid('json').availability)
    return context.json({ done: true as const }, 200)
  })
  app.openapi(beatPresence, async (context) => {
    const { desk, session } = context.var
    await desk.push.openDesks.note(session.agent.id)
    const me = await desk.queues.presence.beat(session.agent.id, context.req.valid('json').active)
    return context.json(me === undefined ? {} : { me }, 200)
  })
}

/** Who is there, and handing tickets over. */
export const addQueueRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  addPresence(app)
  app.openapi(transferTicket, async (context) => {
    const { desk, session } = context.var
    const { id } = context.req.valid('param')
    const input = context.req.valid('json')
    const to: TransferTarget = 'agentId' in input ? { agentId: input.agentId } : { teamId: input.teamId }
    const key = context.req.valid('header')['idempotency-key']
    const asked = requestOf(session.agent, { ticketId: id, version: input.version, key, act: 'transfer' })
    const force = permissions[session.agent.role].includes('ticket.take-over')
    return context.json(
      await change(context, id, () => desk.queues.work.transfer({ ...asked, force }, to, input.note)),
      200,
    )
  })
}
