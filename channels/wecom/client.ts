/**
 * Calls to WeCom's API: HTTP 200 with `errcode` inside, the access token in the query.
 * Source: developer.work.weixin.qq.com 开发指南, 获取access_token.
 */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import {
  cleanText,
  createProviderToken,
  FetchError,
  fetchLimited,
  readRecord,
  withProviderToken,
} from '../kit/index.ts'
import { errcodes, httpError } from './errors.ts'
import type { WecomConfig } from './manifest.ts'

/** One API call, without its token. */
export interface ApiRequest {
  /** What is tried, for messages: `send message`. */
  readonly action: string
  readonly path: string
  readonly query?: Readonly<Record<string, string>>
  /** Absent: GET. Records are sent as JSON. */
  readonly body?: Readonly<Record<string, unknown>> | FormData
  /** Milliseconds; default 8000. */
  readonly timeoutMs?: number
  /** Default 1 MB. */
  readonly maxBytes?: number
}

/** WeCom's answer: JSON, or a file with the name it was sent under. */
export type ApiAnswer =
  | { readonly kind: 'json'; readonly data: Readonly<Record<string, unknown>> }
  | { readonly kind: 'file'; readonly bytes: Uint8Array; readonly name?: string }

/** Makes one call with the app's token. Throws `ChannelError` for every refusal. */
export type CallApi = (request: ApiRequest) => Promise<ApiAnswer>

type Transport = (request: ApiRequest) => Promise<ApiAnswer>

const errcodeOf = (answer: ApiAnswer): number =>
  answer.kind === 'json' ? Number(answer.data['errcode'] ?? 0) : 0

const throwIfRefused = (action: string, answer: ApiAnswer): void => {
  const errcode = errcodeOf(answer)
  if (errcode === 0) return
  const errmsg = answer.kind === 'json' ? answer.data['errmsg'] : undefined
  throw errcodes.errorOf(action, errcode, typeof errmsg === 'string' ? errmsg : '')
}

const networkError = (action: string, { failure }: FetchError): ChannelError =>
  failure === 'too_large'
    ? new ChannelError('wecom', 'permanent', `${action}: the answer is too large`)
    : new ChannelError('wecom', 'temporary', `${action}: WeCom’s API cannot be reached (${failure})`, {
        hint: 'check the server’s network and apiBase',
      })

const decodePercents = (text: string): string => {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

/** The file name of a download: percent-encoded, or in bare UTF-8, which Node reads as Latin-1. */
const fileName = (disposition: string | null): string | undefined => {
  const found = /filename\*=UTF-8''([^;\s]+)|filename="([^"]*)"|filename=([^;\s]+)/i.exec(disposition ?? '')
  const raw = found?.[1] ?? found?.[2] ?? found?.[3]
  if (raw === undefined) return undefined
  const read = Buffer.from(raw, 'latin1').toString('utf8')
  return cleanText(decodePercents(read.includes('\uFFFD') ? raw : read))
}

const urlOf = (apiBase: string, { path, query = {} }: ApiRequest): URL => {
  const url = new URL(`${apiBase.replace(/\/+$/, '')}${path}`)
  for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value)
  return url
}

const initOf = ({ body }: ApiRequest): RequestInit => {
  if (body === undefined) return { method: 'GET' }
  if (body instanceof FormData) return { method: 'POST', body }
  const headers = { 'content-type': 'application/json; charset=utf-8' }
  return { method: 'POST', body: JSON.stringify(body), headers }
}

/** Calls under `apiBase`; `stopped` ends what is in flight. Errcodes are the caller's. */
const createTransport =
  (apiBase: string, stopped: AbortSignal): Transport =>
  async (request) => {
    const { action, timeoutMs = 8_000, maxBytes = 1_048_576 } = request
    const limits = { timeoutMs, maxBytes, signal: stopped }
    const { status, headers, bytes } = await fetchLimited(
      urlOf(apiBase, request),
      initOf(request),
      limits,
    ).catch((error: unknown) => {
      throw error instanceof FetchError ? networkError(action, error) : error
    })
    if (status !== 200) throw httpError(action, status, headers.get('retry-after'))
    const disposition = headers.get('content-disposition')
    // Errors of file downloads are JSON too; a file that is JSON itself comes with a file name.
    const textual = /json|text\//i.test(headers.get('content-type') ?? 'text/plain')
    if (!textual || disposition !== null) {
      const name = fileName(disposition)
      return { kind: 'file', bytes, ...(name === undefined ? {} : { name }) }
    }
    const data = readRecord(bytes)
    if (data === undefined) throw new ChannelError('wecom', 'temporary', `${action}: the answer is not JSON`)
    return { kind: 'json', data }
  }

const Issued = z.object({ access_token: z.string().min(1), expires_in: z.number().positive() })

/** `GET /cgi-bin/gettoken`. Here 40001 speaks of the Secret, and no fresh token can cure it. */
const issueToken = async (transport: Transport, { corpId, secret }: WecomConfig) => {
  const action = 'fetch access token'
  const query = { corpid: corpId, corpsecret: secret }
  const answer = await transport({ action, path: '/cgi-bin/gettoken', query })
  const errcode = errcodeOf(answer)
  if (errcodes.isTokenRefusal(errcode))
    throw new ChannelError('wecom', 'needs_operator', `${action}: the Secret is wrong (errcode ${errcode})`, {
      providerCode: errcode,
      hint: 'set secret to the Secret in 管理后台 → 应用管理 → 自建 → your app',
    })
  throwIfRefused(action, answer)
  const issued = Issued.safeParse(answer.kind === 'json' ? answer.data : {})
  if (!issued.success) throw new ChannelError('wecom', 'temporary', `${action}: the answer holds no token`)
  return { token: issued.data.access_token, expiresInMs: issued.data.expires_in * 1_000 }
}

/** The app's way to the API; its token is fetched by one node at a time and shared by all. */
export const createCallApi = (
  config: WecomConfig,
  host: Pick<ChannelHost, 'inboxId' | 'cache' | 'locks' | 'clock' | 'log'>,
  stopped: AbortSignal,
): CallApi => {
  const transport = createTransport(config.apiBase, stopped)
  // By inbox: two apps of one company have tokens of their own, and no secret may stand in a key.
  const key = `wecom:token:${host.inboxId}:${config.corpId}`
  return withProviderToken({
    transport,
    token: createProviderToken({ key, issue: () => issueToken(transport, config), host }),
    isTokenRefusal: (answer: ApiAnswer) => errcodes.isTokenRefusal(errcodeOf(answer)),
    tokenRefusedTwice: (action, answer) => errcodes.tokenRefusedTwice(action, errcodeOf(answer)),
    throwIfRefused,
  })
}
