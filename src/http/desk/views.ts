import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { TongdaError } from '../../core/errors.ts'
import { maxTicketViews, ticketOrders, type TicketView } from '../../core/ticket-view.ts'
import { Problem } from '../problem.ts'
import { Moment } from '../shapes/message.ts'
import { TicketSchema } from '../shapes/ticket.ts'
import type { DeskEnv } from './environment.ts'
import { may, requirePermission } from './guard.ts'
import { answers, body } from './routes.ts'
import { DoneSchema, IdParams, NoInput, NoQuery, OptionalKeyHeader, TicketListSchema } from './schemas.ts'
import { answerTickets } from './ticket-list.ts'

const tags = ['views']
/** Counting goes no further: more is said to be more. */
const mostCounted = 1_000
const yearMinutes = 366 * 24 * 60

const some = <Schema extends z.ZodType>(schema: Schema) => z.array(schema).max(50).default([])
const minutes = z.number().int().min(0).max(yearMinutes)

const Filter = z
  .strictObject({
    states: some(TicketSchema.shape.state).openapi({ description: 'Empty: neither solved nor closed' }),
    kinds: some(TicketSchema.shape.kind),
    priorities: some(TicketSchema.shape.priority),
    inboxes: some(z.string().regex(/^[\w-]{1,64}$/)),
    teams: some(z.uuid()),
    tags: some(z.string().trim().min(1).max(100)).openapi({ description: 'One of them is enough' }),
    holder: z
      .discriminatedUnion('who', [
        z.strictObject({ who: z.enum(['me', 'nobody', 'somebody']) }),
        z.strictObject({ who: z.literal('agent'), agentId: z.string().min(1).max(100) }),
      ])
      .optional()
      .openapi({ description: '`me`: whoever looks' }),
    topic: z.string().trim().min(1).max(100).optional().openapi({ description: 'A part of the name' }),
    waitingMinutes: minutes
      .optional()
      .openapi({ description: 'The contact has waited so long for a reply, or longer' }),
    dueMinutes: minutes.optional().openapi({ description: 'Something is due within, or overdue' }),
  })
  .openapi('TicketFilter')

const name = z.string().trim().min(1).max(40)
const order = z.enum(ticketOrders)
const shared = z.boolean().openapi({ description: 'Everybody has it in their list' })
const NewView = z.strictObject({ name, shared: shared.default(false), filter: Filter, order })
const ViewChange = z.strictObject({
  version: z
    .number()
    .int()
    .min(1)
    .openapi({ description: 'The version that was seen; an older one is refused' }),
  name: name.optional(),
  shared: shared.optional(),
  filter: Filter.optional(),
  order: order.optional(),
})

const Count = {
  count: z.number().openapi({ description: `At most ${String(mostCounted)}` }),
  more: z.boolean().openapi({ description: 'There are more than `count`' }),
}
export const CountSchema = z.object(Count).openapi('TicketCount')
export const ViewSchema = z
  .object({
    id: z.string(),
    name: z.string(),
    shared,
    own: z.boolean().openapi({ description: 'False: a colleague shares it' }),
    ownerName: z.string(),
    filter: Filter,
    order,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('TicketView')
export const ViewsSchema = z
  .object({ views: z.array(ViewSchema.extend(Count)).readonly(), most: z.number() })
  .openapi('TicketViews')
export const ViewTicketsSchema = TicketListSchema.extend({
  gone: z
    .object({
      agents: z.array(z.string()).readonly(),
      teams: z.array(z.string()).readonly(),
      inboxes: z.array(z.string()).readonly(),
      tags: z.array(z.string()).readonly(),
    })
    .openapi({ description: 'What the view names and is not there any more; of tags, what no ticket has' }),
}).openapi('ViewTickets')

const middleware = may('ticket.read')
const PageQuery = z.strictObject({
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  after: z.uuid().optional(),
})

const listViews = createRoute({
  method: 'get',
  path: '/views',
  tags,
  middleware,
  request: { query: NoQuery },
  responses: answers(ViewsSchema),
})
const createView = createRoute({
  method: 'post',
  path: '/views',
  tags,
  middleware,
  request: { headers: OptionalKeyHeader, body: body(NewView) },
  responses: answers(ViewSchema),
})
const changeView = createRoute({
  method: 'patch',
  path: '/views/{id}',
  tags,
  middleware,
  request: { params: IdParams, body: body(ViewChange) },
  responses: answers(ViewSchema),
})
const removeView = createRoute({
  method: 'delete',
  path: '/views/{id}',
  tags,
  middleware,
  request: { params: IdParams, body: body(NoInput) },
  responses: answers(DoneSchema),
})
const listViewTickets = createRoute({
  method: 'get',
  path: '/views/{id}/tickets',
  tags,
  middleware,
  request: { params: IdParams, query: PageQuery },
  responses: answers(ViewTicketsSchema),
})
/** What a filter would show, before it is kept. */
const countTickets = createRoute({
  method: 'post',
  path: '/views/count',
  tags,
  middleware,
  request: { body: body(z.strictObject({ filter: Filter })) },
  responses: answers(CountSchema),
})

const viewJson = (view: TicketView, agentId: string): z.infer<typeof ViewSchema> => {
  const { id, ownerId, ownerName, updatedAt, version, filter } = view
  return {
    ...{ id, name: view.name, shared: view.shared, own: ownerId === agentId, ownerName, order: view.order },
    // As it was kept: what the type calls readonly was checked when it came in.
    filter: Filter.parse(filter),
    updatedAt: updatedAt.toISOString(),
    version,
  }
}

const countOf = async (context: Context<DeskEnv>, filter: TicketView['filter']) => {
  const { desk, session } = context.var
  const found = await desk.tickets.count({
    ...{ view: 'custom', filter, order: 'due', now: desk.clock.now() },
    ...{ agentId: session.agent.id, limit: mostCounted + 1 },
  })
  return { count: Math.min(found, mostCounted), more: found > mostCounted }
}

const addKeeping = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(createView, async (context) => {
    const { desk, session } = context.var
    const facts = context.req.valid('json')
    if (facts.shared) requirePermission(context, 'view.share')
    const key = context.req.valid('header')['idempotency-key']
    const made = await desk.views.create(session.agent.id, facts, desk.clock.now(), key)
    return context.json(viewJson(made, session.agent.id), 200)
  })
  app.openapi(changeView, async (context) => {
    const { desk, session } = context.var
    const { agent } = session
    const { id } = context.req.valid('param')
    const { version, ...facts } = context.req.valid('json')
    const before = await desk.views.get(agent.id, id)
    if (facts.shared === true && !before.shared) requirePermission(context, 'view.share')
    const named = Object.fromEntries(Object.entries(facts).filter(([, value]) => value !== undefined))
    try {
      const changed = await desk.views.change(agent.id, id, { facts: named, version }, desk.clock.now())
      return context.json(viewJson(changed, agent.id), 200)
    } catch (error) {
      if (!(error instanceof TongdaError) || error.code !== 'conflict') throw error
      const current = viewJson(await desk.views.get(agent.id, id), agent.id)
      throw new Problem('stale', error.message, { current })
    }
  })
  app.openapi(removeView, async (context) => {
    const { desk, session } = context.var
    await desk.views.remove(session.agent.id, context.req.valid('param').id)
    return context.json({ done: true as const }, 200)
  })
}

/** Views that agents make for themselves, and what they hold. */
export const addViewRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(listViews, async (context) => {
    const { desk, session } = context.var
    const views = await desk.views.list(session.agent.id)
    const counted = await Promise.all(
      views.map(async (view) => ({
        ...viewJson(view, session.agent.id),
        ...(await countOf(context, view.filter)),
      })),
    )
    return context.json({ views: counted, most: maxTicketViews }, 200)
  })
  app.openapi(countTickets, async (context) =>
    context.json(await countOf(context, context.req.valid('json').filter), 200),
  )
  app.openapi(listViewTickets, async (context) => {
    const { desk, session } = context.var
    const { filter, order: sorted } = await desk.views.get(session.agent.id, context.req.valid('param').id)
    const [list, gone, inboxes] = await Promise.all([
      answerTickets(
        context,
        { view: 'custom', filter, order: sorted, now: desk.clock.now() },
        context.req.valid('query'),
      ),
      desk.views.gone(filter),
      desk.inboxes.list(),
    ])
    const known = new Set(inboxes.map(({ inboxId }) => inboxId))
    return context.json(
      { ...list, gone: { ...gone, inboxes: filter.inboxes.filter((id) => !known.has(id)) } },
      200,
    )
  })
  addKeeping(app)
}
