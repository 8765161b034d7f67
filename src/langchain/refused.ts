/** Why a running product gave no answer. `message` says what to do about it. */
export class TongdaRefused extends Error {
  /** The product's word for it, e.g. `forbidden`; `unreachable`, `not_understood`: it never came to one. */
  readonly code: string
  /** The HTTP status, which LangChain goes by when it tries again; absent without an answer. */
  readonly status?: number

  constructor(
    code: string,
    message: string,
    facts: { readonly status?: number; readonly cause?: unknown } = {},
  ) {
    super(message, facts.cause === undefined ? undefined : { cause: facts.cause })
    this.name = 'TongdaRefused'
    this.code = code
    if (facts.status !== undefined) this.status = facts.status
  }
}
