import type { Logger } from '../../src/core/log.ts'

/** Why a provider's request is refused; `stale` and `replayed` look like `unauthorized` from outside. */
export type RefusalCode =
  'unauthorized' | 'stale' | 'replayed' | 'malformed' | 'too_large' | 'unsupported_encoding'

/** A request we refuse. `reason` is one fixed word for the log, `hint` what the operator can do. */
export class Refusal extends Error {
  readonly code: RefusalCode
  readonly reason: string
  readonly hint: string | undefined

  constructor(code: RefusalCode, reason: string, hint?: string) {
    super(`${code}: ${reason}`)
    this.name = 'Refusal'
    this.code = code
    this.reason = reason
    this.hint = hint
  }
}

const answers: Readonly<Record<RefusalCode, readonly [status: number, text: string]>> = {
  // One answer for every fault of proof: which check failed is nobody's business but the operator's.
  unauthorized: [401, 'unauthorized'],
  stale: [401, 'unauthorized'],
  replayed: [401, 'unauthorized'],
  malformed: [400, 'bad request'],
  too_large: [413, 'payload too large'],
  unsupported_encoding: [415, 'unsupported media type'],
}

/** Logs a refusal as one line without content and turns it into its fixed answer. */
export const answerRefusal = (refusal: Refusal, log: Logger): Response => {
  const { code, reason, hint } = refusal
  log.warn({ code, reason, ...(hint === undefined ? {} : { hint }) }, 'webhook refused')
  const [status, text] = answers[code]
  return plainText(status, text)
}

/** A short fixed text as an HTTP answer that no browser will take for anything else. */
export const plainText = (status: number, text: string): Response =>
  new Response(text, {
    status,
    headers: {
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
      'cache-control': 'no-store',
    },
  })
