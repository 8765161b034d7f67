/**
 * What a mail server's refusal means to us. Its words are never passed on: addresses stand in them.
 * Sources: RFC 5321 (codes), RFC 3463 (enhanced codes); texts of QQ, 163 and others.
 */
import type { ChannelErrorCode } from '../../src/core/errors.ts'
import { ChannelError } from '../../src/core/errors.ts'

/** Facts of a failed hand-over, as nodemailer has them. */
export interface SmtpFailure {
  /** nodemailer's own word: EAUTH, ETIMEDOUT … */
  readonly code?: string | undefined
  readonly responseCode?: number | undefined
  readonly response?: string | undefined
}

const second = 1_000
const minute = 60 * second
/** Pauses before the next try, by try: greylisting wants minutes, an outage hours. */
const pausesMs = [
  30 * second,
  2 * minute,
  6 * minute,
  15 * minute,
  30 * minute,
  60 * minute,
  120 * minute,
  240 * minute,
]

export const pauseAfter = (attempt: number): number =>
  pausesMs[Math.min(Math.max(attempt, 1), pausesMs.length) - 1] ?? minute

interface Meaning {
  readonly code: ChannelErrorCode
  readonly what: string
  readonly hint?: string
  /** The hint is the login's. */
  readonly needsLogin?: true
}

const permanent = (response: string, enhanced: string): Meaning => {
  const has = (pattern: RegExp): boolean => pattern.test(response)
  if (has(/frequency|too many|rate limit|频率/i))
    return { code: 'rate_limited', what: 'the server wants fewer mails' }
  if (/^5\.3\.4|^5\.2\.3/.test(enhanced) || has(/too (?:large|big)|size limit|exceeds/i))
    return { code: 'too_long', what: 'the mail is too large' }
  if (/^5\.1\.[0136]|^5\.1\.10|^5\.2\.[12]|^5\.4\./.test(enhanced))
    return { code: 'unreachable', what: 'the recipient’s address does not work' }
  if (has(/relay/i))
    return {
      code: 'no_permission',
      what: 'the server does not send for us',
      hint: 'give smtp.user and smtp.password, or let the server relay for this machine',
    }
  if (/^5\.7\.|^5\.6\./.test(enhanced) || has(/spam|content|denied|policy|blocked|DT:|垃圾/i))
    return { code: 'rejected_content', what: 'the server refuses the content or the sender’s domain' }
  if (has(/user|mailbox|recipient|address|no such|不存在/i))
    return { code: 'unreachable', what: 'the recipient’s address does not work' }
  return { code: 'permanent', what: 'the server refuses the mail' }
}

const meaningOf = (status: number, response: string): Meaning => {
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0] ?? ''
  if (status === 535 || status === 534 || status === 530 || status === 538)
    return { code: 'needs_operator', what: 'the server refuses our login', needsLogin: true }
  if (status === 552 && !/^5\.2\.2/.test(enhanced)) return { code: 'too_long', what: 'the mail is too large' }
  if (status >= 500) return permanent(response, enhanced)
  const hurried =
    /^4\.7\.|^4\.3\.2/.test(enhanced) || /frequency|too many|rate|try again later|频率/i.test(response)
  return hurried && !/grey|gray/i.test(response)
    ? { code: 'rate_limited', what: 'the server wants fewer mails' }
    : { code: 'temporary', what: 'the server cannot take the mail now' }
}

const connection: Readonly<Record<string, Meaning>> = {
  EAUTH: { code: 'needs_operator', what: 'the server refuses our login', needsLogin: true },
  ENOAUTH: { code: 'needs_operator', what: 'the server wants a login', hint: 'give smtp.password or oauth' },
  EOAUTH2: { code: 'needs_operator', what: 'the OAuth 2.0 login is refused', needsLogin: true },
  EENVELOPE: { code: 'unreachable', what: 'the recipient’s address cannot be written in SMTP' },
}

const away: Meaning = {
  code: 'temporary',
  what: 'the server does not answer',
  hint: 'check smtp.host, smtp.port and the network',
}

/** The error for a failed hand-over at try number `attempt`; `loginHint` says what to do about a refused login. */
export const smtpError = (
  { code, responseCode, response = '' }: SmtpFailure,
  { attempt, loginHint }: { readonly attempt: number; readonly loginHint: string },
): ChannelError => {
  const meaning =
    responseCode === undefined ? (connection[code ?? ''] ?? away) : meaningOf(responseCode, response)
  const hint = meaning.needsLogin === true ? loginHint : meaning.hint
  const enhanced = /\b[245]\.\d{1,3}\.\d{1,3}\b/.exec(response)?.[0]
  const shown = responseCode === undefined ? code : [responseCode, enhanced].filter(Boolean).join(' ')
  return new ChannelError(
    'email',
    meaning.code,
    `send: ${meaning.what}${shown === undefined ? '' : ` (${shown})`}`,
    {
      ...(responseCode === undefined || shown === undefined ? {} : { providerCode: shown }),
      ...(meaning.code === 'temporary' ? { retryAfterMs: pauseAfter(attempt) } : {}),
      ...(meaning.code === 'rate_limited' ? { retryAfterMs: minute } : {}),
      ...(hint === undefined ? {} : { hint }),
    },
  )
}
