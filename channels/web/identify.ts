/** `POST /identify`: the page says who the visitor is; their conversation is that customer's from then on. */
import type { Channel, ChannelRoute } from '../../src/core/channel.ts'
import type { Message } from '../../src/core/conversation.ts'
import { decodeIdentification } from './decode.ts'
import { bearerOf, createEndpoint, failure } from './http.ts'
import type { Call, Reply } from './http.ts'
import { checkIdentity } from './identity-token.ts'
import type { WebParts } from './parts.ts'
import { sessionReply } from './session.ts'
import type { Customer, VisitorSession } from './verify.ts'

const refusal = failure({ code: 'bad_identity', retryable: false })

/** What the channel itself notes when a visitor comes. */
const ownNotes: ReadonlySet<string> = new Set(['opened', 'identified'])

/** A person's word or press of a button; a greeting that nobody answered is none. */
const isSpoken = ({ author, direction, parts }: Message): boolean =>
  author === 'agent' ||
  (direction === 'in' && parts.some((part) => part.kind !== 'event' || !ownNotes.has(part.name)))

/**
 * The thread a customer goes on in: their own, which is the same on every device. What a stranger said before becomes
 * it where they have none yet; where they have one, this browser stays with what was just said, and agents see both
 * with one contact.
 */
const threadFor = async (
  { history, host, intake, tokens }: WebParts,
  customer: Customer,
  session: VisitorSession | undefined,
): Promise<string> => {
  const home = await tokens.homeOf(customer)
  if (session === undefined || session.visitor === home) return home
  const { visitor } = session
  if (session.customer !== undefined) return session.customer.id === customer.id ? visitor : home
  const said = await history.after(visitor, 0)
  if (said.length === 0) return home
  const hasHome = (await history.after(home, 0)).length > 0
  if (hasHome && !said.some(isSpoken)) return home
  await intake.tellOwner({ visitor, customer })
  if (hasHome) return visitor
  await host.moveThreads(visitor, home)
  return home
}

/** The session that the request comes with, when it is a valid one. */
const sessionOf = async ({ tokens }: WebParts, { request }: Call): Promise<VisitorSession | undefined> => {
  const check = await tokens.verify(bearerOf(request) ?? '')
  return check.kind === 'valid' ? check.session : undefined
}

const identify = async (parts: WebParts, call: Call): Promise<Reply> => {
  const { config, history, host, limits, tokens } = parts
  const decoded = decodeIdentification(call.body)
  if (decoded.kind === 'fault') return failure({ code: decoded.fault, retryable: false })
  if (config.identity === undefined) {
    host.log.warn({}, 'a page identified its visitor, but the inbox has no identity.secret')
    return refusal
  }
  const { secret, maxMinutes } = config.identity
  const rule = { secret, maxMinutes, inboxId: host.inboxId }
  const check = checkIdentity(decoded.value.token, rule, host.clock.now())
  const retryAfterMs =
    check.kind === 'valid'
      ? await limits.identity(check.customer.id)
      : await limits.refusedIdentity(call.remoteAddress)
  if (retryAfterMs !== undefined) return failure({ code: 'rate_limited', retryable: true, retryAfterMs })
  if (check.kind === 'refused') {
    host.log.info({ reason: check.reason }, 'identity token refused')
    return refusal
  }
  const { customer } = check
  const visitor = await threadFor(parts, customer, await sessionOf(parts, call))
  const hasSpoken = (await history.after(visitor, 0)).some(isSpoken)
  return sessionReply(parts, visitor, await tokens.issue(visitor, customer), {
    known: true,
    ...(hasSpoken && { hasSpoken }),
  })
}

export const createIdentifyRoutes = (parts: WebParts): readonly ChannelRoute[] =>
  createEndpoint(parts, { method: 'POST', path: '/identify', access: 'origin' }, (call) =>
    identify(parts, call),
  )

/**
 * A customer in their own thread alone, for which only they get sessions. A stranger's thread stays open to whoever holds
 * the session from before they identified.
 */
export const createVouch =
  ({ realm, tokens }: Pick<WebParts, 'realm' | 'tokens'>): NonNullable<Channel['vouch']> =>
  async ({ threadKey, unionKey }) => {
    const known = `web:${realm}:`
    if (unionKey?.startsWith(known) !== true) return undefined
    const id = unionKey.slice(known.length)
    return (await tokens.homeOf({ id })) === threadKey ? id : undefined
  }
