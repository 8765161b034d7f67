import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { TongdaError } from '../../core/errors.ts'
import {
  maxTicketViews,
  ticketOrders,
  type TicketView,
  type TicketViewFacts,
} from '../../core/ticket-view.ts'
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
const teamId = z.uuid().openapi({
  description: 'Only this team has it in its list, with whoever manages teams; not together with `shared`',
})
/** What a request says of who has a view in their list. */
interface Sharing {
  readonly shared?: boolean | undefined
  readonly teamId?: string | null | undefined
}
const isOne = ({ shared: all = false, teamId: team = null }: Sharing): boolean => !all || team === null
const oneOnly = { message: 'share with everybody or with one team, not with both', path: ['teamId'] }
const NewView = z
  .strictObject({
    ...{ name, shared: shared.default(false), filter: Filter, order },
    teamId: teamId.nullable().optional(),
  })
  .refine(isOne, oneOnly)
const ViewChange = z
  .strictObject({
    version: z
      .number()
      .int()
      .min(1)
      .openapi({ description: 'The version that was seen; an older one is refused' }),
    name: name.optional(),
    shared: shared.optional(),
    teamId: teamId.nullable().optional().openapi({ description: 'Null: with no team any more' }),
    filter: Filter.optional(),
    order: order.optional(),
  })
  .refine(isOne, oneOnly)

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
    teamId: teamId.optional(),
    own: z.boolean().openapi({ description: 'False: a colleague shares it' }),
    ownerName: z.string(),
    filter: Filter,
    order,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('TicketView')
export const ViewsSchema = z
  .object({
    views: z.array(ViewSchema.extend(Count)).readonly(),
    most: z.number(),
    teams: z
      .array(z.object({ id: z.string(), name: z.object({ zh: z.string(), en: z.string() }) }))
      .readonly()
      .openapi({ description: 'With which one can share' }),
  })
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
    ...(view.teamId === undefined ? {} : { teamId: view.teamId }),
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

/** Sharing with everybody ends sharing with one team, and the other way about. */
const sharingOf = ({ shared: all, teamId: team }: Sharing): Partial<TicketViewFacts> => {
  if (all === true) return { shared: true, teamId: undefined }
  const facts = all === undefined ? {} : { shared: all }
  if (team === undefined) return facts
  return team === null ? { ...facts, teamId: undefined } : { shared: false, teamId: team }
}

/** Sharing needs a permission; going on sharing does not. */
const checkSharing = (
  context: Context<DeskEnv>,
  { shared: all, teamId: team }: Sharing,
  before?: TicketView,
): void => {
  const isNew = (all === true && before?.shared !== true) || (team != null && team !== before?.teamId)
  if (isNew) requirePermission(context, 'view.share')
}

const addKeeping = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(createView, async (context) => {
    const { desk, session } = context.var
    const asked = context.req.valid('json')
    checkSharing(context, asked)
    const facts = { ...asked, teamId: asked.teamId ?? undefined }
    const key = context.req.valid('header')['idempotency-key']
    const made = await desk.views.create(session.agent.id, facts, desk.clock.now(), key)
    return context.json(viewJson(made, session.agent.id), 200)
  })
  app.openapi(changeView, async (context) => {
    const { desk, session } = context.var
    const { agent } = session
    const { id } = context.req.valid('param')
    const { version, shared: all, teamId: team, ...rest } = context.req.valid('json')
    const sharing = { shared: all, teamId: team }
    checkSharing(context, sharing, await desk.views.get(agent.id, id))
    const named = Object.fromEntries(Object.entries(rest).filter(([, value]) => value !== undefined))
    const facts = { ...named, ...sharingOf(sharing) }
    try {
      const changed = await desk.views.change(agent.id, id, { facts, version }, desk.clock.now())
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
    const [views, teams] = await Promise.all([
      desk.views.list(session.agent.id),
      desk.views.teams(session.agent.id),
    ])
    const counted = await Promise.all(
      views.map(async (view) => ({
        ...viewJson(view, session.agent.id),
        ...(await countOf(context, view.filter)),
      })),
    )
    return context.json({ views: counted, most: maxTicketViews, teams: [...teams] }, 200)
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
