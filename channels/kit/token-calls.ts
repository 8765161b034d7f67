import type { ProviderToken } from './provider-token.ts'

/** A call that takes an access token in its query. */
interface TokenRequest {
  readonly action: string
  readonly query?: Readonly<Record<string, string>>
}

export interface TokenCallOptions<Request extends TokenRequest, Answer> {
  readonly transport: (request: Request) => Promise<Answer>
  readonly token: ProviderToken
  /** Whether a fresh token may cure this answer. */
  readonly isTokenRefusal: (answer: Answer) => boolean
  /** The error for a fresh token that was refused too. */
  readonly tokenRefusedTwice: (action: string, answer: Answer) => Error
  /** Throws what any other refusal means. */
  readonly throwIfRefused: (action: string, answer: Answer) => void
}

/** Adds the token to every call; a refused one is dropped, fetched once and the call repeated once. */
export const withProviderToken =
  <Request extends TokenRequest, Answer>(options: TokenCallOptions<Request, Answer>) =>
  async (request: Request): Promise<Answer> => {
    const { transport, token, isTokenRefusal, tokenRefusedTwice, throwIfRefused } = options
    const attempt = (used: string): Promise<Answer> =>
      transport({ ...request, query: { ...request.query, access_token: used } })
    const used = await token.get()
    const first = await attempt(used)
    if (!isTokenRefusal(first)) {
      throwIfRefused(request.action, first)
      return first
    }
    await token.drop(used)
    const second = await attempt(await token.get())
    // No loop: somebody else uses up our tokens, or the secret is wrong, and only a person can tell.
    if (isTokenRefusal(second)) throw tokenRefusedTwice(request.action, second)
    throwIfRefused(request.action, second)
    return second
  }
