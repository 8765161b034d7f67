import type { ChannelRoute } from '../../src/core/channel.ts'
import { bearerOf, createEndpoint, failure } from './http.ts'
import type { Call, Reply } from './http.ts'
import type { WebParts } from './parts.ts'
import type { SessionAnswer } from './protocol.ts'
import { createVisitorId } from './verify.ts'
import type { IssuedToken } from './verify.ts'

/** What a client is told of its session. */
export const sessionReply = (
  { host }: WebParts,
  visitor: string,
  { token, expiresAt }: IssuedToken,
  more: Pick<SessionAnswer, 'known' | 'hasSpoken'> = {},
): Reply => {
  const answer: SessionAnswer = {
    ...{ visitor, token, expiresAt: expiresAt.toISOString(), maxFileBytes: host.media.maxBytes },
    ...more,
  }
  return { status: 200, body: { ...answer } }
}

/**
 * `POST /session`: a new visitor without `Authorization`; with a valid token the same visitor, the token renewed
 * in the second half of its life. A token that is not valid is answered 401 and never exchanged: the client drops it.
 */
export const createSessionRoutes = (parts: WebParts): readonly ChannelRoute[] => {
  const open = async ({ request, remoteAddress }: Call): Promise<Reply> => {
    const retryAfterMs = await parts.limits.session(remoteAddress)
    if (retryAfterMs !== undefined) return failure({ code: 'rate_limited', retryable: true, retryAfterMs })
    if (!request.headers.has('authorization')) {
      const visitor = createVisitorId()
      return sessionReply(parts, visitor, await parts.tokens.issue(visitor))
    }
    const token = bearerOf(request) ?? ''
    const check = await parts.tokens.verify(token)
    if (check.kind === 'refused') {
      parts.host.log.debug({ reason: check.reason }, 'web token refused')
      return failure({ code: 'bad_token', retryable: false })
    }
    const { visitor, customer, expiresAtMs } = check.session
    const issued = parts.tokens.isAging(check.session)
      ? await parts.tokens.issue(visitor)
      : { token, expiresAt: new Date(expiresAtMs) }
    return sessionReply(parts, visitor, issued, customer && { known: true })
  }
  return createEndpoint(parts, { method: 'POST', path: '/session', access: 'origin' }, open)
}
