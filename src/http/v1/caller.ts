import type { Context } from 'hono'
import { permissions, type Permission } from '../../core/agent.ts'
import { scopePermissions, type ApiKey } from '../../core/api-key.ts'
import { Problem } from '../problem.ts'
import { readSessionToken } from '../sign-in/cookies.ts'
import { mustEnrolProblem } from '../sign-in/must-enrol.ts'
import type { ApiSurroundings } from './environment.ts'
import { readBearer } from './tokens.ts'

/** Who asks: a program with a key, or an agent signed in at the desk. */
export interface Caller {
  readonly kind: 'key' | 'agent'
  readonly id: string
  readonly name: string
  readonly permissions: ReadonlySet<Permission>
  /** The session's token of a signed-in agent, whose writes must come from our own page. */
  readonly sessionToken?: string
}

/** Last use is written down at most this often. */
const touchEveryMs = 60_000

const refuse = (detail: string): Problem =>
  new Problem('unauthenticated', detail, {}, { 'www-authenticate': 'Bearer' })

const isDue = ({ lastUsedAt }: ApiKey, now: Date): boolean =>
  lastUsedAt === undefined || now.getTime() - lastUsedAt.getTime() >= touchEveryMs

const byKey = async ({ keys, clock }: ApiSurroundings, authorization: string): Promise<Caller> => {
  const tokenHash = readBearer(authorization)
  const key = tokenHash === undefined ? undefined : await keys.find(tokenHash)
  if (key === undefined) throw refuse('this API key is not known; send Authorization: Bearer tk_…')
  const now = clock.now()
  if (key.revokedAt !== undefined) throw refuse('this API key was revoked; make another')
  if (key.expiresAt !== undefined && key.expiresAt <= now)
    throw refuse('this API key has expired; make another')
  if (isDue(key, now)) await keys.touch(key.id, now)
  const { id, name, scopes } = key
  return { kind: 'key', id, name, permissions: new Set(scopes.flatMap((scope) => scopePermissions[scope])) }
}

const bySession = async (context: Context, { signIn, origins }: ApiSurroundings): Promise<Caller> => {
  const token = readSessionToken(context, origins())
  const session = token === undefined ? undefined : await signIn.sessions.find(token, true)
  if (token === undefined || session === undefined)
    throw refuse('send an API key as Authorization: Bearer tk_…, or sign in')
  if (signIn.mustEnrol(session)) throw mustEnrolProblem()
  const { id, name, role } = session.agent
  return { kind: 'agent', id, name, permissions: new Set(permissions[role]), sessionToken: token }
}

/** Finds out who asks. A key counts before a cookie. Throws `unauthenticated`. */
export const identify = (context: Context, api: ApiSurroundings): Promise<Caller> => {
  const authorization = context.req.header('authorization')
  return authorization === undefined ? bySession(context, api) : byKey(api, authorization)
}

/** Refuses unless the caller may do this. */
export const requirePermission = (caller: Caller, permission: Permission): void => {
  if (!caller.permissions.has(permission))
    throw new Problem('forbidden', `this ${caller.kind} may not do this: it lacks ${permission}`, {
      permission,
    })
}
