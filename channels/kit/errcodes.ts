/** What Tencent's platforms share: HTTP 200 with a number in the answer, whose meaning is a table. */
import { ChannelError } from '../../src/core/errors.ts'
import type { ChannelErrorCode, ChannelErrorFacts } from '../../src/core/errors.ts'

/** Numbers that mean the same. `what` is for people, `hint` what the operator should do. */
export type ErrcodeRow = readonly [
  errcodes: readonly number[],
  code: ChannelErrorCode,
  what: string,
  hint?: string,
]

/** The meanings of a platform's numbers. */
export interface Errcodes {
  /** Every number we know; for documentation and tests. */
  readonly known: readonly number[]
  /** True for answers that a fresh access token may cure. */
  isTokenRefusal(errcode: number): boolean
  /** The error for a refused call; `action` says what was tried. */
  errorOf(action: string, errcode: number, errmsg?: string): ChannelError
  /** The error for a token that was refused twice: a fresh one did not help. */
  tokenRefusedTwice(action: string, errcode: number): ChannelError
}

export interface ErrcodeOptions {
  readonly channel: string
  /** Its name in sentences. */
  readonly platform: string
  readonly rows: readonly ErrcodeRow[]
  /** What the operator should do, where the words of the answer say more than the table. */
  readonly hintFrom: (errcode: number, errmsg: string) => string | undefined
}

interface Meaning {
  readonly code: ChannelErrorCode
  readonly what: string
  readonly hint?: string
}

/** Milliseconds to wait after "too many calls". */
const rateLimitMs = 10_000

/** Makes the lookup of one platform's table. */
export const createErrcodes = ({ channel, platform, rows, hintFrom }: ErrcodeOptions): Errcodes => {
  const meanings: ReadonlyMap<number, Meaning> = new Map(
    rows.flatMap(([errcodes, code, what, hint]) =>
      errcodes.map((errcode) => [errcode, { code, what, ...(hint === undefined ? {} : { hint }) }] as const),
    ),
  )
  const unknown: Meaning = { code: 'permanent', what: `${platform} refused for a reason we do not know` }
  const errorOf: Errcodes['errorOf'] = (action, errcode, errmsg = '') => {
    const { code, what, hint } = meanings.get(errcode) ?? unknown
    const shown = hintFrom(errcode, errmsg) ?? hint
    const facts: ChannelErrorFacts = {
      providerCode: errcode,
      ...(code === 'rate_limited' ? { retryAfterMs: rateLimitMs } : {}),
      ...(shown === undefined ? {} : { hint: shown }),
    }
    return new ChannelError(channel, code, `${action}: ${what} (errcode ${errcode})`, facts)
  }
  return {
    known: [...meanings.keys()],
    isTokenRefusal: (errcode) => meanings.get(errcode)?.code === 'token_expired',
    errorOf,
    tokenRefusedTwice: (action, errcode) =>
      new ChannelError(
        channel,
        'needs_operator',
        `${action}: a fresh access token was refused too (errcode ${errcode})`,
        errorOf(action, errcode).facts,
      ),
  }
}

/** The caller's address as the platform saw it; the only thing ever read from an errmsg, and only shown. */
export const callerAddress = (errmsg: string): string | undefined =>
  /\b(?:\d{1,3}\.){3}\d{1,3}\b/.exec(errmsg)?.[0] ??
  /\b(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{1,4}\b/i.exec(errmsg)?.[0]
