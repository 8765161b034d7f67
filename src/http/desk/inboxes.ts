import type { OpenAPIHono } from '@hono/zod-openapi'
import type { DeskEnv } from './environment.ts'
import { listInboxes, resumeInbox } from './routes.ts'
import { inboxJson } from './schemas.ts'

/** How the configured accounts fare, and ending a halt. */
export const addInboxRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(listInboxes, async (context) =>
    context.json({ inboxes: (await context.var.desk.inboxes.list()).map(inboxJson) }, 200),
  )
  app.openapi(resumeInbox, async (context) => {
    await context.var.desk.inboxes.resume(context.req.valid('param').id)
    return context.json({ done: true as const }, 200)
  })
}
