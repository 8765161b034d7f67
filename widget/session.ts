/** Whose conversation it is: a token from the server, kept over reloads, and every request that carries it. */
import type { ClientError, SessionAnswer, Standing, WidgetSettings } from '../channels/web/protocol.ts'
import type { Shelf } from './storage.ts'

/** `over`: the session ended and another began; what was said in it is not shown any more. */
export type SignedIn =
  | { readonly kind: 'ok'; readonly isOver: boolean }
  | { readonly kind: 'forbidden' }
  | { readonly kind: 'waiting' | 'busy'; readonly retryAfterMs: number }

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
  /** Becomes the customer whom the brand's token names; `refused`: the token is none, or over. */
  identify(token: string): Promise<'ok' | 'refused' | 'unreachable'>
  /** The next one who writes is somebody else. */
  forget(): void
  /** True: somebody wrote from this browser before. */
  exists(): boolean
  isKnown(): boolean
  /** Most bytes of a file; undefined before the first session. */
  maxFileBytes(): number | undefined
  call(path: string, request?: SessionRequest): Promise<Response>
  settings(): Promise<WidgetSettings | undefined>
  /** Undefined: cannot be had at the moment. */
  standing(): Promise<Standing | undefined>
}

const json = async <Body>(response: Response): Promise<Body> => (await response.json()) as Body

/**
 * A customer's session ends with the tab, because whoever uses the browser next may be somebody else; the page
 * identifies them again. A stranger's is kept.
 */
export const createSession = (base: URL, lasting: Shelf, passing: Shelf): Session => {
  let limit: number | undefined
  const token = (): string | undefined => passing.get('token') ?? lasting.get('token')
  const keep = (answer: Pick<SessionAnswer, 'token' | 'known'>): void => {
    const isKnown = answer.known === true
    passing.set('token', isKnown ? answer.token : undefined)
    // A stranger who turned out to be a customer is no stranger's conversation any more.
    lasting.set('token', isKnown ? undefined : answer.token)
  }
  const call: Session['call'] = (path, { body, signal, cache = 'no-store' } = {}) =>
    fetch(new URL(path, base), {
      method: body === undefined ? 'GET' : 'POST',
      cache,
      credentials: 'omit',
      headers: {
        ...(token() !== undefined && { authorization: `Bearer ${token() ?? ''}` }),
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      ...(signal && { signal }),
    })
  const forget = (): void => {
    passing.set('token', undefined)
    lasting.set('token', undefined)
  }
  const take = async (response: Response): Promise<void> => {
    const answer = await json<SessionAnswer>(response)
    keep(answer)
    limit = answer.maxFileBytes
  }
  const signIn = async (isOver = false): Promise<SignedIn> => {
    const response = await call('session', { body: {} })
    if (response.ok) {
      await take(response)
      return { kind: 'ok', isOver }
    }
    if (response.status === 401 && !isOver) {
      forget()
      return signIn(true)
    }
    if (response.status === 403) return { kind: 'forbidden' }
    const retryAfterMs = Number(response.headers.get('retry-after') ?? 0) * 1_000
    return { kind: response.status === 429 ? 'busy' : 'waiting', retryAfterMs }
  }
  const read = async <Body>(path: string, cache?: RequestCache): Promise<Body | undefined> => {
    const response = await call(path, cache && { cache }).catch(() => undefined)
    return response?.ok === true ? json<Body>(response) : undefined
  }
  return {
    base,
    token,
    renew: (fresh) => keep({ token: fresh, ...(passing.get('token') !== undefined && { known: true }) }),
    signIn: () => signIn().catch(() => ({ kind: 'waiting', retryAfterMs: 0 })),
    async identify(given) {
      const response = await call('identify', { body: { token: given } }).catch(() => undefined)
      if (response?.ok === true) {
        await take(response)
        return 'ok'
      }
      const error = await response?.json().catch(() => undefined) as ClientError | undefined
      return error?.code === 'bad_identity' ? 'refused' : 'unreachable'
    },
    forget,
    exists: () => token() !== undefined,
    isKnown: () => passing.get('token') !== undefined,
    maxFileBytes: () => limit,
    call,
    settings: () => read<WidgetSettings>('settings', 'default'),
    standing: () => read<Standing>('standing'),
  }
}
