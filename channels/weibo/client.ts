/**
 * Calls to Weibo's API: the account's access token in each, errors as JSON with `error_code`.
 * Source: open.weibo.com Messages_api_start, Error_code, Rate-limiting.
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { Fetched } from '../kit/index.ts'
import { FetchError, fetchLimited, readRecord } from '../kit/index.ts'
import { httpError, weiboError, WeiboRefusal } from './errors.ts'
import type { WeiboConfig } from './manifest.ts'

/** One API call, without its token. */
export interface ApiRequest {
  /** What is tried, for messages: `send message`. */
  readonly action: string
  readonly host: 'api' | 'message' | 'upload'
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Absent: GET. */
  readonly form?: Readonly<Record<string, string>>
  /** True when the contact gets something by this call: without an answer nobody knows whether she did. */
  readonly speaks?: boolean
  /** Milliseconds; default 8000. */
  readonly timeoutMs?: number
  /** Default 1 MB. */
  readonly maxBytes?: number
}

/** Weibo's answer: JSON, or a file. */
export type ApiAnswer =
  | { readonly kind: 'json'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'file'; readonly bytes: Uint8Array }

/** Makes one call. Throws `ChannelError` for every refusal and when no valid answer comes. */
export type CallApi = (request: ApiRequest) => Promise<ApiAnswer>

export interface ClientDeps {
  readonly config: Pick<WeiboConfig, 'accessToken' | 'apiBase' | 'messageApiBase' | 'uploadApiBase'>
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'clock' | 'log'>
  /** Ends what is in flight. */
  readonly stopped: AbortSignal
}

// A file of megabytes is no error, whatever it begins with.
const maxRecordBytes = 65_536

/** The number of a refusal, which comes as text or as a number; 0 means success. */
const errorCodeOf = (data: Readonly<Record<string, unknown>>): number => {
  const code = data['error_code'] ?? 0
  return typeof code === 'number' || typeof code === 'string' ? Number(code) : Number.NaN
}

const textOf = (data: Readonly<Record<string, unknown>>): string =>
  typeof data['error'] === 'string' ? data['error'] : ''

const networkError = ({ action, speaks = false }: ApiRequest, error: FetchError): ChannelError =>
  error.failure === 'too_large'
    ? new ChannelError('weibo', 'permanent', `${action}: the answer is too large`)
    : new ChannelError('weibo', 'temporary', `${action}: Weibo’s API cannot be reached (${error.failure})`, {
        outcomeUnknown: speaks && error.failure !== 'unreachable',
        hint: 'check the server’s network and the addresses of the API',
      })

const readAnswer = (
  { action, speaks = false }: ApiRequest,
  { status, headers, bytes }: Fetched,
  now: Date,
): ApiAnswer => {
  const data = bytes.length > maxRecordBytes ? undefined : readRecord(bytes)
  const errorCode = data === undefined ? 0 : errorCodeOf(data)
  if (data !== undefined && errorCode !== 0) throw weiboError(action, errorCode, textOf(data), now)
  if (status !== 200) throw httpError(action, status, headers.get('retry-after'))
  if (data !== undefined) return { kind: 'json', data }
  const textual = /json|text\//i.test(headers.get('content-type') ?? 'text/plain')
  if (textual)
    throw new ChannelError('weibo', 'temporary', `${action}: the answer is not JSON`, {
      outcomeUnknown: speaks,
    })
  return { kind: 'file', bytes }
}

/** After "too many calls" nothing is called until the hour is over, by no node. */
const createHourlyStop = ({ host }: Pick<ClientDeps, 'host'>) => {
  const key = `weibo:stopped:${host.inboxId}`
  return {
    check: async (action: string): Promise<void> => {
      const [until, code = ''] = (await host.cache.get(key))?.split(' ') ?? []
      const leftMs = Number(until ?? 0) - host.clock.now().getTime()
      if (leftMs > 0)
        throw new ChannelError('weibo', 'rate_limited', `${action}: the calls of this hour are used up`, {
          providerCode: code,
          retryAfterMs: leftMs,
        })
    },
    remember: async ({ facts }: ChannelError): Promise<void> => {
      const { retryAfterMs = 0, providerCode = '' } = facts
      const until = host.clock.now().getTime() + retryAfterMs
      await host.cache.set(key, `${until} ${providerCode}`, Math.max(1, retryAfterMs))
    },
  }
}

const alarmEveryMs = 3_600_000

/** Nothing renews the token but a person: said once an hour, as an error. */
const createAlarm =
  ({ host }: Pick<ClientDeps, 'host'>) =>
  async ({ facts }: ChannelError): Promise<void> => {
    if (!(await host.cache.add(`weibo:token-alarm:${host.inboxId}`, '1', alarmEveryMs))) return
    host.log.error(
      { code: 'reauthorise', providerCode: facts.providerCode, hint: facts.hint },
      'weibo access token must be renewed',
    )
  }

/** Calls with the account's token. It goes into the form of a POST, where no proxy's log keeps it. */
export const createCallApi = (deps: ClientDeps): CallApi => {
  const { config, host, stopped } = deps
  const hourlyStop = createHourlyStop(deps)
  const alarm = createAlarm(deps)
  const bases = { api: config.apiBase, message: config.messageApiBase, upload: config.uploadApiBase }
  const token = { access_token: config.accessToken }

  const urlOf = ({ host: name, path, query = {}, form }: ApiRequest): URL => {
    const url = new URL(`${bases[name].replace(/\/+$/, '')}${path}`)
    url.search = new URLSearchParams({ ...query, ...(form === undefined ? token : {}) }).toString()
    return url
  }

  const call: CallApi = async (request) => {
    const { form, timeoutMs = 8_000, maxBytes = 1_048_576 } = request
    const init =
      form === undefined
        ? { method: 'GET' }
        : { method: 'POST', body: new URLSearchParams({ ...token, ...form }) }
    const fetched = await fetchLimited(urlOf(request), init, { timeoutMs, maxBytes, signal: stopped }).catch(
      (error: unknown) => {
        throw error instanceof FetchError ? networkError(request, error) : error
      },
    )
    return readAnswer(request, fetched, host.clock.now())
  }

  return async (request) => {
    await hourlyStop.check(request.action)
    try {
      return await call(request)
    } catch (error) {
      if (error instanceof WeiboRefusal) {
        if (error.consequence === 'stop-until-hour') await hourlyStop.remember(error)
        if (error.consequence === 'renew-token') await alarm(error)
      }
      throw error
    }
  }
}
