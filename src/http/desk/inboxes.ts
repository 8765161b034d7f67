import type { OpenAPIHono } from '@hono/zod-openapi'
import type { DeskEnv } from './environment.ts'
import { listInboxes, listQuiet, resumeInbox } from './routes.ts'
import { inboxJson, quietJson } from './schemas.ts'

const weekMs = 7 * 86_400_000
/** More than anybody looks through. */
const quietLimit = 50

/** How the configured accounts fare, what they left unanswered, and ending a halt. */
export const addInboxRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(listInboxes, async (context) =>
    context.json({ inboxes: (await context.var.desk.inboxes.list()).map(inboxJson) }, 200),
  )
  app.openapi(listQuiet, async (context) => {
    const { quiet, clock } = context.var.desk
    const since = new Date(clock.now().getTime() - weekMs)
    const found = await quiet({ inboxId: context.req.valid('param').id, since, limit: quietLimit })
    return context.json({ messages: found.map(quietJson) }, 200)
  })
  app.openapi(resumeInbox, async (context) => {
    await context.var.desk.inboxes.resume(context.req.valid('param').id)
    return context.json({ done: true as const }, 200)
  })
}
