import type { Context, MiddlewareHandler } from 'hono'
import { permissions, type Permission } from '../../core/agent.ts'
import { readBody } from '../body.ts'
import { nodeOf } from '../node-bindings.ts'
import { Problem, tooMany } from '../problem.ts'
import { readSessionToken } from '../sign-in/cookies.ts'
import type { Client } from '../sign-in/sessions.ts'
import { csrfTokenOf, isSame } from '../sign-in/tokens.ts'
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

/** Writes come from pages of ours, as a type that no form of another site can send. */
const checkOrigin = (context: Context<DeskEnv>, wanted = 'application/json'): void => {
  const origin = context.req.header('origin')
  const site = context.req.header('sec-fetch-site')
  if (!context.var.desk.origins().allows(origin) || (site !== undefined && site !== 'same-origin')) {
    throw new Problem(
      'forbidden',
      'this address is none of the configured public URLs; open the desk there, or add this one to the configuration',
      { reason: 'origin' },
    )
  }
  const type = context.req.header('content-type')?.split(';')[0]?.trim().toLowerCase()
  if (type !== wanted) throw new Problem('unsupported_media_type', `send ${wanted}`)
}

const limitBody = async (context: Context<DeskEnv>, maxBytes = maxBodyBytes): Promise<void> => {
  const body = await readBody(nodeOf(context).incoming, maxBytes)
  switch (body.kind) {
    case 'read': {
      const { url, method, headers, signal } = context.req.raw
      context.req.raw = new Request(url, { method, headers, body: body.bytes, signal })
      return
    }
    case 'too_large':
      throw new Problem(
        'too_large',
        `the body is over ${maxBytes} bytes`,
        { maxBytes },
        { connection: 'close' },
      )
    case 'compressed':
      throw new Problem('unsupported_media_type', 'send it uncompressed', {}, { connection: 'close' })
    case 'broken':
      throw new Problem('bad_input', 'the body ended too early')
    default:
      return body satisfies never
  }
}

const checkCsrf = (context: Context<DeskEnv>, token: string): void => {
  const sent = context.req.header('x-csrf-token') ?? ''
  if (!isSame(sent, csrfTokenOf(token)))
    throw new Problem('forbidden', 'the X-CSRF-Token header is missing or wrong; reload the page', {
      reason: 'csrf',
    })
}

/** Refuses unless the agent may do this. For permissions that depend on what the request says. */
export const requirePermission = (context: Context<DeskEnv>, permission: Permission): void => {
  const { role } = context.var.session.agent
  if (!permissions[role].includes(permission))
    throw new Problem('forbidden', `the role ${role} does not include ${permission}`, { permission })
}

/** True when a person is behind the request; pages mark what they fetch by themselves. */
const isUse = (context: Context<DeskEnv>): boolean =>
  context.req.header('x-background') !== '1' && context.req.header('accept') !== 'text/event-stream'

const signIn = async (context: Context<DeskEnv>): Promise<void> => {
  const { signIn: service, origins } = context.var.desk
  const token = readSessionToken(context, origins())
  const session = token === undefined ? undefined : await service.sessions.find(token, isUse(context))
  if (token === undefined || session === undefined)
    throw new Problem('unauthenticated', 'sign in, then try again')
  context.set('session', session)
  context.set('token', token)
}

/** Lets signed-in agents through who may do `permission`; their writes must come from our own page. */
export const may =
  (permission: Permission | 'anything'): MiddlewareHandler<DeskEnv> =>
  async (context, next) => {
    const write = isWrite(context.req.method)
    if (write) checkOrigin(context)
    await signIn(context)
    if (write) checkCsrf(context, context.var.token)
    if (permission !== 'anything') requirePermission(context, permission)
    if (write) await limitBody(context)
    context.header('cache-control', 'no-store')
    await next()
  }

/** The same for a file as the body, up to `media.maxBytes`; what follows it holds one of few places until it is done. */
export const mayUpload = (permission: Permission): MiddlewareHandler<DeskEnv> => {
  let underWay = 0
  return async (context, next) => {
    checkOrigin(context, 'application/octet-stream')
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
  checkOrigin(context)
  await limitBody(context)
  context.header('cache-control', 'no-store')
  await next()
}
