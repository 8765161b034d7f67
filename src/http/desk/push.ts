import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { pushLanguages } from '../../core/push.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import { DoneSchema, IdParams, NoQuery } from './schemas.ts'

const tags = ['session']
const middleware = may('ticket.take')

const base64url = (bytes: number) => {
  const characters = Math.ceil((bytes * 4) / 3)
  return z
    .string()
    .regex(new RegExp(`^[\\w-]{${String(characters)}}=*$`), `must be ${String(bytes)} bytes in base64url`)
}

export const PushSchema = z
  .object({
    publicKey: z
      .string()
      .optional()
      .openapi({ description: 'The `applicationServerKey`, base64url. Absent: nothing is pushed here' }),
    subscriptions: z
      .array(
        z.object({
          id: z.string(),
          service: z.string().openapi({ description: 'Host of the push service' }),
          userAgent: z.string(),
          createdAt: z.string(),
          here: z.boolean().openapi({ description: 'Of the session that asks' }),
        }),
      )
      .readonly(),
  })
  .openapi('Push')

export const PushInput = z.strictObject({
  endpoint: z
    .url({ protocol: /^https?$/ })
    .max(2_048)
    .openapi({ description: 'https, and no address of a private network' }),
  keys: z.strictObject({ p256dh: base64url(65), auth: base64url(16) }),
  language: z.enum(pushLanguages),
})

/** The key for asking, and the browsers to which the signed-in agent has notices pushed. */
const getPush = createRoute({
  method: 'get',
  path: '/push',
  tags,
  middleware,
  request: { query: NoQuery },
  responses: answers(PushSchema),
})

/** Has notices pushed to this browser. Said again, it takes the place of what was said before. */
const subscribe = createRoute({
  method: 'post',
  path: '/push',
  tags,
  middleware,
  request: { body: body(PushInput) },
  responses: answers(z.object({ id: z.string() })),
})

const unsubscribe = createRoute({
  method: 'delete',
  path: '/push/{id}',
  tags,
  middleware,
  request: { params: IdParams, body: body(z.strictObject({})) },
  responses: answers(DoneSchema),
})

/** A window of the desk closes: what comes next is pushed. */
const leaveDesk = createRoute({
  method: 'post',
  path: '/presence/leave',
  tags,
  middleware,
  request: { body: body(z.strictObject({})) },
  responses: answers(DoneSchema),
})

/** Notices on the agent's machines while no window of the desk is open. */
export const addPushRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(getPush, async (context) => {
    const { desk, session } = context.var
    const [publicKey, subscriptions] = await Promise.all([
      desk.push.publicKey(),
      desk.push.list(session.agent.id, session.id),
    ])
    const listed = subscriptions.map(({ createdAt, ...one }) => ({
      ...one,
      createdAt: createdAt.toISOString(),
    }))
    return context.json({ ...(publicKey === undefined ? {} : { publicKey }), subscriptions: listed }, 200)
  })
  app.openapi(subscribe, async (context) => {
    const { desk, session } = context.var
    const { endpoint, keys, language } = context.req.valid('json')
    const who = { agentId: session.agent.id, sessionId: session.id }
    return context.json({ id: await desk.push.subscribe({ ...who, endpoint, ...keys, language }) }, 200)
  })
  app.openapi(unsubscribe, async (context) => {
    const { desk, session } = context.var
    await desk.push.remove(session.agent.id, context.req.valid('param').id)
    return context.json({ done: true as const }, 200)
  })
  app.openapi(leaveDesk, async (context) => {
    const { desk, session } = context.var
    await desk.push.openDesks.leave(session.agent.id)
    return context.json({ done: true as const }, 200)
  })
}
