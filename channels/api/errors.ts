/** What the brand's answers to our messages mean. */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'
import type { ChannelErrorCode, ChannelErrorFacts } from '../../src/core/errors.ts'
import type { Fetched } from '../kit/index.ts'
import { AddressRefused, FetchError } from '../kit/index.ts'

/** Words the brand's side may say in `{"error": "…"}`, with what they mean. */
const errorWords = [
  'unreachable',
  'window_closed',
  'quota_exhausted',
  'daily_quota',
  'rate_limited',
  'too_long',
  'rejected_content',
  'no_permission',
  'temporary',
  'permanent',
] as const satisfies readonly ChannelErrorCode[]

const Said = z.object({ error: z.enum(errorWords) })

/** Longest wait we let ourselves be told. */
const maxRetryAfterMs = 24 * 3_600_000

/** `Retry-After` in milliseconds, at least a second: a number of seconds, or a date. */
const retryAfterMs = (value: string | null, now: Date): number | undefined => {
  const text = value?.trim() ?? ''
  const asDate = (): number => (/^[A-Z][a-z]{2}, /.test(text) ? Date.parse(text) - now.getTime() : Number.NaN)
  const ms = /^\d{1,9}$/.test(text) ? Number(text) * 1_000 : asDate()
  return Number.isFinite(ms) ? Math.min(Math.max(1_000, ms), maxRetryAfterMs) : undefined
}

type Row = readonly [code: ChannelErrorCode, what: string, hint?: string]

const byStatus: ReadonlyMap<number, Row> = new Map<number, Row>([
  [
    401,
    ['needs_operator', 'your side refused our signature', 'compare secret on both sides, and both clocks'],
  ],
  [
    403,
    [
      'needs_operator',
      'your side refused us',
      'compare secret on both sides; let this server’s address pass',
    ],
  ],
  [404, ['needs_operator', 'nothing answers at webhookUrl', 'correct webhookUrl']],
  [405, ['needs_operator', 'webhookUrl takes no POST', 'correct webhookUrl']],
  [408, ['temporary', 'your side ran out of time']],
  [410, ['unreachable', 'the thread or the contact is gone']],
  [413, ['too_long', 'the message is too large for your side', 'lower maxTextCharacters']],
  [425, ['temporary', 'your side asks to come later']],
  [429, ['rate_limited', 'your side asks for fewer messages', 'lower sendsPerSecond']],
])

const meaningOf = (status: number): Row => {
  const known = byStatus.get(status)
  if (known !== undefined) return known
  if (status >= 500) return ['temporary', 'your side failed']
  return status >= 300 && status < 400
    ? [
        'needs_operator',
        'webhookUrl leads elsewhere',
        'set webhookUrl to the final address; redirects are not followed',
      ]
    : ['permanent', 'your side does not take this message']
}

const saidIn = (bytes: Uint8Array): ChannelErrorCode | undefined => {
  try {
    return Said.parse(JSON.parse(Buffer.from(bytes).toString('utf8'))).error
  } catch {
    return undefined
  }
}

/** The failure an answer means; undefined for 2xx. The words of the answer are not repeated. */
export const errorOf = ({ status, headers, bytes }: Fetched, now: Date): ChannelError | undefined => {
  if (status >= 200 && status < 300) return undefined
  const [code, what, hint] = meaningOf(status)
  const wait = retryAfterMs(headers.get('retry-after'), now)
  const said = status >= 400 ? saidIn(bytes) : undefined
  const facts: ChannelErrorFacts = {
    providerCode: said ?? status,
    ...(wait === undefined ? {} : { retryAfterMs: wait }),
    ...(hint === undefined || said !== undefined ? {} : { hint }),
  }
  return said === undefined
    ? new ChannelError('api', code, `${what} (HTTP ${status})`, facts)
    : new ChannelError('api', said, `your side says ${said} (HTTP ${status})`, facts)
}

/** The failure of a call without an answer. */
export const callFailed = (error: unknown): unknown => {
  if (error instanceof AddressRefused)
    return new ChannelError(
      'api',
      error.fault === 'not_found' ? 'temporary' : 'needs_operator',
      `webhookUrl is not called: ${error.fault}`,
      { hint: `webhookUrl: ${error.hint}` },
    )
  if (!(error instanceof FetchError)) return error
  return error.failure === 'too_large'
    ? // It answered, so it has the message; what it says is too much to read.
      new ChannelError('api', 'permanent', 'the answer of your side is over 64 kB', {
        hint: 'answer 2xx with a short body',
      })
    : new ChannelError('api', 'temporary', `your side cannot be reached (${error.failure})`, {
        hint: 'check that webhookUrl answers within 10 s',
      })
}
