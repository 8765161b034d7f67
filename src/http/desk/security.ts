import type { OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { Problem } from '../problem.ts'
import { sessionJson } from '../shapes/session.ts'
import { challengeCookie, departureCookie, writeSession } from '../sign-in/cookies.ts'
import type { DeskEnv } from './environment.ts'
import { clientOf } from './guard.ts'
import * as routes from './security-routes.ts'
import { goOn } from './session.ts'
import { tellEnded } from './tell-ended.ts'

const done = { done: true as const }

const addSessionsRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.listSessions, async (context) => {
    const { desk, session } = context.var
    const sessions = await desk.signIn.sessions.list(session.agent.id)
    return context.json({ sessions: sessions.map((one) => sessionJson(one, session.id)) }, 200)
  })
  app.openapi(routes.endSession, async (context) => {
    const { desk, session } = context.var
    await desk.signIn.sessions.revoke(session.agent.id, context.req.valid('param').id)
    tellEnded(context, session.agent.id)
    return context.json(done, 200)
  })
  app.openapi(routes.endOtherSessions, async (context) => {
    const { desk, session } = context.var
    const ended = await desk.signIn.sessions.revokeOthers(session.agent.id, session.id)
    tellEnded(context, session.agent.id)
    return context.json({ ended }, 200)
  })
}

/** What the agent sends along to prove who she is. */
const proofOf = (
  context: Context<DeskEnv>,
  { password, code }: { password?: string | undefined; code: string },
) => ({
  ...{ password, code },
  client: clientOf(context),
})

const addSecondStepRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.getSecondStep, async (context) => {
    const { desk, session } = context.var
    const { signIn } = desk
    const state = await signIn.enrolment.state(session)
    return context.json({ ...state, mustEnrol: signIn.mustEnrol(session) }, 200)
  })
  app.openapi(routes.beginSecondStep, async (context) => {
    const { desk, session } = context.var
    const { password } = context.req.valid('json')
    const shown = await desk.signIn.enrolment.begin(session, { password, client: clientOf(context) })
    return context.json(shown, 200)
  })
  app.openapi(routes.confirmSecondStep, async (context) => {
    const { desk, session } = context.var
    const { code } = context.req.valid('json')
    const { token, recoveryCodes } = await desk.signIn.enrolment.confirm(session, code, clientOf(context))
    writeSession(context, desk.origins(), token)
    tellEnded(context, session.agent.id)
    return context.json({ recoveryCodes }, 200)
  })
  app.openapi(routes.renewRecoveryCodes, async (context) => {
    const { desk, session } = context.var
    const proof = proofOf(context, context.req.valid('json'))
    return context.json({ recoveryCodes: await desk.signIn.enrolment.renew(session, proof) }, 200)
  })
  app.openapi(routes.turnSecondStepOff, async (context) => {
    const { desk, session } = context.var
    const proof = proofOf(context, context.req.valid('json'))
    writeSession(context, desk.origins(), await desk.signIn.enrolment.turnOff(session, proof))
    tellEnded(context, session.agent.id)
    return context.json(done, 200)
  })
}

/** Where an agent is signed in, and the second step of signing in. */
export const addSecurityRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(routes.takeSecondStep, async (context) => {
    const { desk } = context.var
    const challenge = challengeCookie.read(context, desk.origins())
    if (challenge === undefined)
      throw new Problem('unauthenticated', 'take the first step again', { reason: 'challenge' })
    const { code } = context.req.valid('json')
    const token = await desk.signIn.bySecondStep(challenge, code, clientOf(context))
    return context.json(await goOn(context, { kind: 'in', token }), 200)
  })
  app.openapi(routes.listWays, (context) =>
    context.json({ providers: [...context.var.desk.signIn.providers.list()] }, 200),
  )
  app.openapi(routes.leaveForProvider, async (context) => {
    const { desk } = context.var
    const { provider, invitation, wanted } = context.req.valid('json')
    const departure = {
      provider,
      ...(invitation === undefined ? {} : { invitation }),
      ...(wanted === undefined ? {} : { wanted }),
    }
    const { main } = desk.origins()
    const { url, browserToken } = await desk.signIn.providers.leave(departure, main, clientOf(context))
    departureCookie.write(context, desk.origins(), browserToken)
    return context.json({ url }, 200)
  })
  app.openapi(routes.lookAtInvitation, async (context) => {
    const { token } = context.req.valid('json')
    const { email, name, role } = await context.var.desk.signIn.lookAtInvitation(token)
    return context.json({ email, role, ...(name === undefined ? {} : { name }) }, 200)
  })
  app.openapi(routes.acceptInvitation, async (context) => {
    const { token, ...wanted } = context.req.valid('json')
    const entered = await context.var.desk.signIn.byInvitation(token, wanted, clientOf(context))
    return context.json(await goOn(context, entered), 200)
  })
  addSessionsRoutes(app)
  addSecondStepRoutes(app)
}
