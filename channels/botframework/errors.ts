/** What the Bot Connector's refusals mean to us. Source: Bot Connector REST API reference, "Errors"; Teams "Rate limiting". */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'
import type { ChannelErrorFacts } from '../../src/core/errors.ts'
import type { FetchError } from '../kit/index.ts'

const Failed = z.looseObject({ error: z.looseObject({ code: z.string() }) })

/** The refusal's own word; its message may name people and is not read. */
const wordOf = (body: string): string | undefined => {
  try {
    return Failed.parse(JSON.parse(body)).error.code.slice(0, 64)
  } catch {
    return undefined
  }
}

const retryAfterOf = (header: string | null): Pick<ChannelErrorFacts, 'retryAfterMs'> => {
  const seconds = Number(header ?? Number.NaN)
  return Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: Math.min(seconds, 3_600) * 1_000 } : {}
}

const credentialHint =
  'compare appId, appType and tenantId with Azure Bot → Configuration (配置); a new secret goes into appPassword'

/** 412, 502 and 504 are Teams' words for "again, please". */
const isPassing = (status: number): boolean => status >= 500 || status === 408 || status === 412

/** The error for a refused call. */
export const connectorError = (
  action: string,
  {
    status,
    body,
    retryAfter,
  }: { readonly status: number; readonly body: string; readonly retryAfter: string | null },
): ChannelError => {
  const word = wordOf(body)
  const providerCode = word === undefined ? `http ${status}` : `${status} ${word}`
  const facts = { providerCode, ...retryAfterOf(retryAfter) }
  const error = (code: ChannelError['code'], what: string, hint?: string): ChannelError =>
    new ChannelError(
      'botframework',
      code,
      `${action}: ${what} (${providerCode})`,
      hint === undefined ? facts : { ...facts, hint },
    )
  if (status === 429) return error('rate_limited', 'too fast for the channel')
  if (isPassing(status)) return error('temporary', 'the channel has a disturbance')
  if (status === 401) return error('token_expired', 'the token is refused', credentialHint)
  if (status === 413 || word === 'MessageSizeTooBig') return error('too_long', 'the message is too large')
  if (
    status === 403 &&
    word !== undefined &&
    /BotNotInConversationRoster|ConversationBlockedByUser|BotDisabledByAdmin/.test(word)
  )
    return error('unreachable', 'the contact has removed or blocked the bot')
  if (status === 403) return error('no_permission', 'the bot may not write there', credentialHint)
  if (status === 404 || status === 410)
    return error('unreachable', 'the conversation does not exist any more')
  return error('permanent', 'the channel refused')
}

/** The error for a token that is refused although it is fresh. */
export const tokenRefusedTwice = (action: string): ChannelError =>
  new ChannelError('botframework', 'needs_operator', `${action}: a fresh token is refused too (401)`, {
    providerCode: 401,
    hint: credentialHint,
  })

/** No answer came; unless nothing was sent, the channel may have taken it. */
export const networkError = (action: string, failure: FetchError['failure']): ChannelError =>
  new ChannelError('botframework', 'temporary', `${action}: no answer from the channel (${failure})`, {
    outcomeUnknown: failure !== 'unreachable',
  })
