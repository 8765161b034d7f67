import type { ChannelRoute } from '../../src/core/channel.ts'
import { bearerOf, createEndpoint, failure } from './http.ts'
import type { Call, Reply } from './http.ts'
import type { WebParts } from './parts.ts'
import { createVisitorId } from './verify.ts'
import type { IssuedToken } from './verify.ts'

/**
 * `POST /session`: a new visitor without `Authorization`; with a valid token the same visitor, the token renewed
 * in the second half of its life. A token that is not valid is answered 401 and never exchanged: the client drops it.
 */
export const createSessionRoutes = (parts: WebParts): readonly ChannelRoute[] => {
  const { maxBytes: maxFileBytes } = parts.host.media
  const reply = (visitor: string, { token, expiresAt }: IssuedToken): Reply => ({
    status: 200,
    body: { visitor, token, expiresAt: expiresAt.toISOString(), maxFileBytes },
  })
  const open = async ({ request, remoteAddress }: Call): Promise<Reply> => {
    const retryAfterMs = await parts.limits.session(remoteAddress)
    if (retryAfterMs !== undefined) return failure({ code: 'rate_limited', retryable: true, retryAfterMs })
    if (!request.headers.has('authorization')) {
      const visitor = createVisitorId()
      return reply(visitor, await parts.tokens.issue(visitor))
    }
    const token = bearerOf(request) ?? ''
    const check = await parts.tokens.verify(token)
    if (check.kind === 'refused') {
      parts.host.log.debug({ reason: check.reason }, 'web token refused')
      return failure({ code: 'bad_token', retryable: false })
    }
    const { session } = check
    if (parts.tokens.isAging(session))
      return reply(session.visitor, await parts.tokens.issue(session.visitor))
    return reply(session.visitor, { token, expiresAt: new Date(session.expiresAtMs) })
  }
  return createEndpoint(parts, { method: 'POST', path: '/session', access: 'origin' }, open)
}
