import { z } from 'zod'
import type { ModelOutcome } from '../core/model-ledger.ts'

/** How a call failed; nothing of what the provider said, which may echo the key or the prompt. */
export interface CallFailure {
  readonly outcome: Exclude<ModelOutcome, 'answered'>
  readonly status?: number
  /** Milliseconds the provider asks to be left alone. */
  readonly retryAfterMs?: number
}

const shape = z.looseObject({
  status: z.number().optional(),
  statusCode: z.number().optional(),
  headers: z.unknown().optional(),
  name: z.string().optional(),
})

/** Milliseconds until a moment by the provider's own clock, where it tells that: ours may go otherwise. */
const untilDate = (moment: string, told: string | null): number => {
  const now = Date.parse(told ?? '')
  return Date.parse(moment) - (Number.isNaN(now) ? Date.now() : now)
}

/** `retry-after-ms`, or `retry-after`: seconds, or a date (RFC 9110, 10.2.3). */
const retryAfter = (headers: unknown): { readonly retryAfterMs?: number } => {
  if (!(headers instanceof Headers)) return {}
  const after = headers.get('retry-after') ?? ''
  const told = [
    Number(headers.get('retry-after-ms') ?? Number.NaN),
    Number(after) * 1_000,
    untilDate(after, headers.get('date')),
  ]
  const ms = told.find((one) => Number.isFinite(one) && one > 0)
  return ms === undefined ? {} : { retryAfterMs: ms }
}

/** Errors of OpenAI's client that carry neither status nor code. */
const named: Readonly<Record<string, CallFailure['outcome']>> = {
  LengthFinishReasonError: 'truncated',
  ContentFilterFinishReasonError: 'filtered',
  APIConnectionError: 'unreachable',
}

const chainOf = (error: unknown): readonly Error[] =>
  error instanceof Error ? [error, ...chainOf(error.cause)] : []

const codesOf = (error: unknown): readonly string[] =>
  chainOf(error).flatMap((one) => ('code' in one && typeof one.code === 'string' ? [one.code] : []))

/** No status: there was no connection, it broke off, or what came over it was no answer. */
const withoutStatus = (error: unknown): CallFailure => {
  const known = chainOf(error).flatMap((one) => named[one.constructor.name] ?? [])
  if (known[0] !== undefined) return { outcome: known[0] }
  // OpenAI's client reads the answer by itself where a schema is given; no telling it from a body that is no JSON.
  if (error instanceof SyntaxError) return { outcome: 'malformed' }
  const isBroken = codesOf(error).some((code) => /^(?:E[A-Z]|UND_ERR_)/u.test(code))
  return { outcome: isBroken ? 'unreachable' : 'failed' }
}

/** What an error of the client means. */
export const failureOf = (error: unknown): CallFailure => {
  const { data } = shape.safeParse(error)
  const status = data?.status ?? data?.statusCode
  if (status === undefined) return withoutStatus(error)
  if (status === 429) return { outcome: 'rate_limited', status, ...retryAfter(data?.headers) }
  if (status === 408 || status >= 500) return { outcome: 'failed', status, ...retryAfter(data?.headers) }
  return { outcome: status < 400 ? 'failed' : 'refused', status }
}

/** Whether the same model may do better at once. */
export const isPassing = ({ outcome }: CallFailure): boolean =>
  outcome === 'unreachable' || outcome === 'failed' || outcome === 'empty' || outcome === 'malformed'

/** True when nobody was there to answer: not a fault of what was asked. */
export const isAway = ({ outcome }: CallFailure): boolean =>
  ['unreachable', 'failed', 'empty', 'rate_limited', 'timeout'].includes(outcome)

const unsent = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH'])

/** True when no connection came about, so that nobody can have read anything. */
export const wasNeverSent = (error: unknown): boolean => codesOf(error).some((code) => unsent.has(code))
