/** Whose conversation it is: a token from the server, kept over reloads, and every request that carries it. */
import type { ClientError, SessionAnswer, Standing, WidgetSettings } from '../channels/web/protocol.ts'
import type { Shelf } from './storage.ts'

/** `over`: the session ended and another began; what was said in it is not shown any more. */
export type SignedIn =
  | { readonly kind: 'ok'; readonly isOver: boolean }
  /** A customer's session is over: the page has to say anew who they are. */
  | { readonly kind: 'ended' }
  /** `forbidden`: the page is none that may open the chat. */
  | { readonly kind: 'waiting' | 'busy' | 'forbidden'; readonly retryAfterMs: number }

/** `isAnother`: it is another conversation than before; `hasSpoken`: something was said in it. */
export type Identified =
  | { readonly kind: 'ok'; readonly isAnother: boolean; readonly hasSpoken: boolean }
  | { readonly kind: 'refused' | 'unreachable' }

export interface SessionRequest {
  readonly body?: unknown
  readonly signal?: AbortSignal
  /** Default `no-store`. */
  readonly cache?: RequestCache
}

export interface Session {
  readonly base: URL
  token(): string | undefined
  /** Takes the place of a token that grows old. */
  renew(token: string): void
  /** Makes sure that there is a valid session; undefined answers never come: failures are outcomes. */
  signIn(): Promise<SignedIn>
  /**
   * Becomes the customer whom the brand's token names; `refused`: the token is none, or over. An answer that comes when
   * it is not wanted any more changes nothing.
   */
  identify(token: string, isWanted: () => boolean): Promise<Identified>
  /** The next one who writes is somebody else. */
  forget(): void
  /** True: somebody wrote from this browser before. */
  exists(): boolean
  /** Whose session it is; undefined: there is none. */
  visitor(): string | undefined
  isKnown(): boolean
  /** True: the token's customer is who is signed in here already. */
  isSame(token: string): boolean
  call(path: string, request?: SessionRequest): Promise<Response>
  settings(): Promise<WidgetSettings | undefined>
  /** Undefined: cannot be had at the moment. */
  standing(): Promise<Standing | undefined>
  /** Does not wait for a person any more. */
  stopWaiting(): Promise<Standing | undefined>
}

/**
 * A customer's token ends with the tab, because whoever uses the browser next may be somebody else; the page
 * identifies them again. A stranger's is kept.
 */
const createTokens = (lasting: Shelf, passing: Shelf) => {
  const isKnown = (): boolean => passing.get('token') !== undefined
  const keep = (token: string, known: boolean): void => {
    passing.set('token', known ? token : undefined)
    // A stranger who turned out to be a customer is no stranger's conversation any more.
    lasting.set('token', known ? undefined : token)
  }
  return {
    isKnown,
    token: (): string | undefined => passing.get('token') ?? lasting.get('token'),
    keep,
    renew: (token: string) => keep(token, isKnown()),
    forget: (): void => {
      passing.set('token', undefined)
      lasting.set('token', undefined)
    },
  }
}
type Tokens = ReturnType<typeof createTokens>

/** A claim of a token; whether it is true is for the server to say. */
const claimIn = (token: string, place: number, name: string): string | undefined => {
  try {
    const body = token.split('.')[place] ?? ''
    const claims = JSON.parse(atob(body.replace(/-/g, '+').replace(/_/g, '/'))) as Record<string, string>
    return claims[name]
  } catch {
    return undefined
  }
}
/** The customer whom an identity token names. */
const customerIn = (token: string): string | undefined => claimIn(token, 1, 'sub')
/** The visitor whose session a token of ours is: `v1.<key id>.<claims>.<proof>`. */
const visitorIn = (token: string): string | undefined => claimIn(token, 2, 'visitor')

const createCall =
  (base: URL, { token }: Pick<Tokens, 'token'>): Session['call'] =>
  (path, { body, signal, cache = 'no-store' } = {}) => {
    const held = token()
    return fetch(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      cache,
      credentials: 'omit',
      headers: {
        ...(held !== undefined && { authorization: `Bearer ${held}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  }

/** An operator may put the page on the list meanwhile. */
const forbiddenMs = 60_000

/**
 * Browsers show a page of another site nothing of a refusal, not even that there was one. A server that can be reached, and
 * still cannot be read, refuses this page.
 */
const isReached = (base: URL): Promise<boolean> =>
  fetch(new URL('settings', base), { mode: 'no-cors', cache: 'no-store' }).then(
    () => true,
    () => false,
  )

/** Why nothing was answered; a server that can be reached may have come back just now, and is asked once more. */
const whyNot = async (base: URL, askAgain: () => Promise<SignedIn>): Promise<SignedIn> =>
  (await isReached(base))
    ? askAgain().catch(() => ({ kind: 'forbidden', retryAfterMs: forbiddenMs }))
    : { kind: 'waiting', retryAfterMs: 0 }

/** What an answer without a session means. */
const refusalOf = ({ status, headers }: Response): SignedIn => {
  if (status === 403) return { kind: 'forbidden', retryAfterMs: forbiddenMs }
  const retryAfterMs = Number(headers.get('retry-after') ?? 0) * 1_000
  return { kind: status === 429 ? 'busy' : 'waiting', retryAfterMs }
}

export const createSession = (base: URL, lasting: Shelf, passing: Shelf): Session => {
  const tokens = createTokens(lasting, passing)
  const call = createCall(base, tokens)
  let visitor: string | undefined
  const take = async (response: Response): Promise<Extract<Identified, { kind: 'ok' }>> => {
    // Our own server's word: the types are shared with it.
    const answer = (await response.json()) as SessionAnswer
    const isAnother = visitor !== undefined && visitor !== answer.visitor
    tokens.keep(answer.token, answer.known === true)
    visitor = answer.visitor
    return { kind: 'ok', isAnother, hasSpoken: answer.hasSpoken === true }
  }
  const signIn = async (isOver = false): Promise<SignedIn> => {
    const asked = tokens.token()
    const response = await call('session', { body: {} })
    // Meanwhile the page, or another tab, said who this is: the answer is about somebody else.
    if (tokens.token() !== asked) return { kind: 'waiting', retryAfterMs: 0 }
    if (response.ok) {
      await take(response)
      return { kind: 'ok', isOver }
    }
    if (response.status !== 401 || isOver) return refusalOf(response)
    if (tokens.isKnown()) return { kind: 'ended' }
    tokens.forget()
    return signIn(true)
  }
  const read = async (path: string, request?: SessionRequest): Promise<unknown> => {
    const response = await call(path, request).catch(() => undefined)
    return response?.ok === true ? response.json() : undefined
  }
  return {
    ...{
      base,
      call,
      token: tokens.token,
      renew: tokens.renew,
      forget: tokens.forget,
      isKnown: tokens.isKnown,
    },
    signIn: () => signIn().catch(() => whyNot(base, signIn)),
    async identify(given, isWanted) {
      const response = await call('identify', { body: { token: given } }).catch(() => undefined)
      if (!isWanted()) return { kind: 'unreachable' }
      if (response?.ok === true) {
        const outcome = await take(response)
        passing.set('customer', customerIn(given))
        return outcome
      }
      const error = (await response?.json().catch(() => undefined)) as ClientError | undefined
      return { kind: error?.code === 'bad_identity' ? 'refused' : 'unreachable' }
    },
    exists: () => tokens.token() !== undefined,
    visitor: () => visitorIn(tokens.token() ?? ''),
    isSame: (given) => tokens.isKnown() && passing.get('customer') === customerIn(given),
    settings: async () => (await read('settings', { cache: 'default' })) as WidgetSettings | undefined,
    standing: async () => (await read('standing')) as Standing | undefined,
    stopWaiting: async () => (await read('stop-waiting', { body: {} })) as Standing | undefined,
  }
}
