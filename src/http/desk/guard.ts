import type { Context, MiddlewareHandler } from 'hono'
import { actAs, type Actor } from '../../core/acting.ts'
import { permissions, type Permission } from '../../core/agent.ts'
import { limitBody } from '../limit-body.ts'
import { nodeOf } from '../node-bindings.ts'
import { checkCsrf, checkOrigin, checkType } from '../own-page.ts'
import { Problem, tooMany } from '../problem.ts'
import { readSessionToken } from '../sign-in/cookies.ts'
import { mustEnrolProblem } from '../sign-in/must-enrol.ts'
import type { Client } from '../sign-in/sessions.ts'
import type { DeskEnv } from './environment.ts'

/** Larger than any reply, smaller than any attack. */
const maxBodyBytes = 65_536

const isWrite = (method: string): boolean => method !== 'GET' && method !== 'HEAD'

/** Where a request comes from, for sessions and throttling. */
export const clientOf = (context: Context<DeskEnv>): Client => {
  const { origins, remoteAddress } = context.var.desk
  const token = readSessionToken(context, origins())
  return {
    address: remoteAddress(nodeOf(context).incoming),
    userAgent: context.req.header('user-agent') ?? '',
    ...(token === undefined ? {} : { token }),
  }
}

/** Files one node takes at once; each is held in memory whole. */
const maxUploads = 8

const checkDoor = (context: Context<DeskEnv>, wanted = 'application/json'): void => {
  checkOrigin(context, context.var.desk.origins())
  checkType(context, wanted)
}

/** Refuses unless the agent may do this. For permissions that depend on what the request says. */
export const requirePermission = (context: Context<DeskEnv>, permission: Permission): void => {
  const { role } = context.var.session.agent
  if (!permissions[role].includes(permission))
    throw new Problem('forbidden', `the role ${role} does not include ${permission}`, { permission })
}

/** Behind the guard: whose name stands in the audit log. */
const actorOf = (context: Context<DeskEnv>): Actor => {
  const { desk, session } = context.var
  const address = desk.remoteAddress(nodeOf(context).incoming)
  return { kind: 'agent', id: session.agent.id, ...(address === '' ? {} : { address }) }
}

/** True when a person is behind the request; pages mark what they fetch by themselves. */
const isUse = (context: Context<DeskEnv>): boolean =>
  context.req.header('x-background') !== '1' && context.req.header('accept') !== 'text/event-stream'

const signIn = async (context: Context<DeskEnv>, unfinished: 'refuse' | 'let' = 'refuse'): Promise<void> => {
  const { signIn: service, origins } = context.var.desk
  const token = readSessionToken(context, origins())
  const session = token === undefined ? undefined : await service.sessions.find(token, isUse(context))
  if (token === undefined || session === undefined)
    throw new Problem('unauthenticated', 'sign in, then try again')
  if (unfinished === 'refuse' && service.mustEnrol(session)) throw mustEnrolProblem()
  context.set('session', session)
  context.set('token', token)
}

/**
 * Lets signed-in agents through who may do `permission`; their writes must come from our own page. `unfinished`: also
 * those whose role asks for a second step that is not there yet.
 */
export const may =
  (permission: Permission | 'anything' | 'unfinished'): MiddlewareHandler<DeskEnv> =>
  async (context, next) => {
    const write = isWrite(context.req.method)
    if (write) checkDoor(context)
    await signIn(context, permission === 'unfinished' ? 'let' : 'refuse')
    if (write) checkCsrf(context, context.var.token)
    if (permission !== 'anything' && permission !== 'unfinished') requirePermission(context, permission)
    if (write) await limitBody(context, maxBodyBytes)
    context.header('cache-control', 'no-store')
    await actAs(actorOf(context), next)
  }

/** The same for a file as the body, up to `media.maxBytes`; what follows it holds one of few places until it is done. */
export const mayUpload = (permission: Permission): MiddlewareHandler<DeskEnv> => {
  let underWay = 0
  return async (context, next) => {
    checkDoor(context, 'application/octet-stream')
    await signIn(context)
    checkCsrf(context, context.var.token)
    requirePermission(context, permission)
    if (underWay >= maxUploads) throw tooMany('too many files at once; try again in a moment', 3_000)
    underWay += 1
    try {
      await limitBody(context, context.var.desk.media.maxBytes)
      context.header('cache-control', 'no-store')
      await next()
    } finally {
      underWay -= 1
    }
  }
}

/** For the doors themselves: nobody is signed in yet, but the write must come from our own page. */
export const fromOurPage: MiddlewareHandler<DeskEnv> = async (context, next) => {
  checkDoor(context)
  await limitBody(context, maxBodyBytes)
  context.header('cache-control', 'no-store')
  await next()
}
