import type { OpenAPIHono, z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { permissions } from '../../core/agent.ts'
import { challengeCookie, clearSession, writeSession } from '../sign-in/cookies.ts'
import type { Entered } from '../sign-in/sign-in.ts'
import type { DeskEnv } from './environment.ts'
import { clientOf } from './guard.ts'
import { goOffline } from './queue.ts'
import * as routes from './routes.ts'
import type { EnteredSchema } from './schemas.ts'
import { tellEnded } from './tell-ended.ts'

const done = { done: true as const }

/** Lets the browser go on: into the desk, to what must be done before, or to the second step. */
export const goOn = async (
  context: Context<DeskEnv>,
  entered: Entered,
): Promise<z.infer<typeof EnteredSchema>> => {
  const { signIn, origins } = context.var.desk
  if (entered.kind === 'second-step') {
    challengeCookie.write(context, origins(), entered.token)
    return { next: 'second-step' }
  }
  writeSession(context, origins(), entered.token)
  challengeCookie.clear(context, origins())
  const session = await signIn.sessions.find(entered.token, false)
  // The session that the browser had before has ended, and with a provider's word all of another role.
  if (session !== undefined) tellEnded(context, session.agent.id)
  return { next: session !== undefined && signIn.mustEnrol(session) ? 'enrol' : 'desk' }
}

/** Signing in and out, and who one is. */
export const addSessionRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.getMe, (context) => {
    const { desk, session, token } = context.var
    const { id, name, email, role } = session.agent
    // Renewed here, so that a page whose cookies were half cleared mends itself by reloading.
    writeSession(context, desk.origins(), token)
    const maxFileBytes = desk.media.maxBytes
    const assists = desk.assist !== undefined
    return context.json(
      { agent: { id, name, email, role }, permissions: permissions[role], maxFileBytes, assists },
      200,
    )
  })
  app.openapi(routes.signInByLink, async (context) => {
    const { token } = context.req.valid('json')
    const entered = await context.var.desk.signIn.byLink(token, clientOf(context))
    return context.json(await goOn(context, entered), 200)
  })
  app.openapi(routes.signInByPassword, async (context) => {
    const { email, password } = context.req.valid('json')
    const entered = await context.var.desk.signIn.byPassword(email, password, clientOf(context))
    return context.json(await goOn(context, entered), 200)
  })
  app.openapi(routes.signOut, async (context) => {
    const { desk, session, token } = context.var
    await goOffline(context)
    await desk.signIn.sessions.end(token)
    tellEnded(context, session.agent.id)
    clearSession(context, desk.origins())
    const { provider } = session
    const at =
      provider === undefined ? undefined : await desk.signIn.providers.signOut(provider, desk.origins().main)
    return context.json({ ...done, ...(at === undefined ? {} : { at }) }, 200)
  })
  app.openapi(routes.setPassword, async (context) => {
    const { desk, session } = context.var
    const { current, next } = context.req.valid('json')
    const token = await desk.signIn.setPassword(session, { current, next, client: clientOf(context) })
    writeSession(context, desk.origins(), token)
    tellEnded(context, session.agent.id)
    return context.json(done, 200)
  })
}
