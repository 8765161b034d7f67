// The simulated calls, one function each: official-account documentation, "基础接口", "客服消息", "素材管理".
import type { WechatAccount } from './account.ts'
import type { AccountDesk } from './account-desk.ts'
import type { Directory } from './directory.ts'
import type { ApiName } from './faults.ts'
import { fileTypeOf } from './media-shelf.ts'
import type { MediaShelf, ShelvedMedia, WechatMediaKind } from './media-shelf.ts'
import { checkSend, refuse } from './send-body.ts'
import type { Refusal } from './send-body.ts'
import type { Tokens } from './tokens.ts'
import type { TranscriptContent } from './transcript.ts'
import type { Windows } from './windows.ts'

/** What the calls work on. */
export interface ApiState {
  readonly account: WechatAccount
  readonly tokens: Tokens
  readonly windows: Windows
  readonly media: MediaShelf
  readonly directory: Directory
  readonly desk: AccountDesk
  readonly apiUrl: () => string
  /** A message got through to the user. */
  readonly onSent: (openid: string, content: TranscriptContent, exchangeId: number) => void
}

/** A call, already read. */
export interface ApiCall {
  readonly exchangeId: number
  readonly query: Readonly<Record<string, string>>
  /** JSON calls. */
  readonly text: string
  /** Uploads. */
  readonly form?: FormData
  /** True when the body came without a length. */
  readonly chunked: boolean
}

/** JSON (with HTTP 200 always) or a file. `openid` is whom the call was about. */
export type ApiAnswer = (
  | { readonly kind: 'json'; readonly body: Readonly<Record<string, unknown>> }
  | { readonly kind: 'file'; readonly media: ShelvedMedia }
) & { readonly openid?: string }

/** One call of the table. */
export interface ApiRoute {
  readonly name: ApiName
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly needsToken: boolean
  readonly handle: (call: ApiCall, state: ApiState) => Promise<ApiAnswer> | ApiAnswer
}

/** An answer in JSON. */
export const json = (body: Readonly<Record<string, unknown>>, openid?: string): ApiAnswer =>
  openid === undefined ? { kind: 'json', body } : { kind: 'json', body, openid }

/** A refusal as an answer. */
export const refusal = (fault: Refusal, openid?: string): ApiAnswer => json({ ...fault }, openid)

/** A body's JSON object; undefined for anything else. */
export const parseObject = (text: string): Readonly<Record<string, unknown>> | undefined => {
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
  } catch {
    return undefined
  }
}

/** The two token calls check the same three things in the same order. */
const credentialFault = (
  given: Readonly<Record<string, unknown>>,
  account: WechatAccount,
): Refusal | undefined => {
  if (given['grant_type'] !== 'client_credential') return refuse(40002, 'invalid grant_type')
  if (given['appid'] === undefined) return refuse(41002, 'appid missing')
  if (given['appid'] !== account.appId) return refuse(40013, 'invalid appid')
  if (given['secret'] === undefined) return refuse(41004, 'appsecret missing')
  return given['secret'] === account.appSecret ? undefined : refuse(40125, 'invalid appsecret')
}

const stableToken: ApiRoute['handle'] = (call, { account, tokens }) => {
  const body = parseObject(call.text)
  if (body === undefined) return refusal(refuse(47001, 'data format error'))
  const fault = credentialFault(body, account)
  if (fault) return refusal(fault)
  const issued = tokens.stable(body['force_refresh'] === true)
  if (issued === 45009) return refusal(refuse(45009, 'reach max api daily quota limit'))
  if (issued === 45011) return refusal(refuse(45011, 'api minute-quota reach limit'))
  return json({ access_token: issued.token, expires_in: issued.expiresIn })
}

const basicToken: ApiRoute['handle'] = (call, { account, tokens }) => {
  const fault = credentialFault(call.query, account)
  if (fault) return refusal(fault)
  const issued = tokens.basic()
  return json({ access_token: issued.token, expires_in: issued.expiresIn })
}

const noRight = refuse(48001, 'api unauthorized')

const customSend: ApiRoute['handle'] = (call, state) => {
  if (state.account.kind === 'unverified') return refusal(noRight)
  if (call.text === '') return refusal(refuse(44002, 'empty post data'))
  const body = parseObject(call.text)
  if (body === undefined) return refusal(refuse(47001, 'data format error'))
  const checked = checkSend(body, {
    findMedia: (mediaId) => state.media.find(mediaId),
    isUser: (openid) => state.directory.find(openid) !== undefined,
    mayMenu: state.account.kind === 'service',
  })
  if ('errcode' in checked) return refusal(checked)
  const { openid, content } = checked
  if (state.directory.find(openid)?.followed !== true) {
    return refusal(refuse(43004, 'require subscribe'), openid)
  }
  const closed = state.windows.spend(openid)
  if (closed === 45015)
    return refusal(refuse(45015, 'response out of time limit or subscription is canceled'), openid)
  if (closed === 45047) return refusal(refuse(45047, 'out of response count limit'), openid)
  state.directory.stopTyping(openid)
  state.onSent(openid, content, call.exchangeId)
  return json({ errcode: 0, errmsg: 'ok' }, openid)
}

const typing: ApiRoute['handle'] = (call, state) => {
  if (state.account.kind === 'unverified') return refusal(noRight)
  const body = parseObject(call.text)
  if (body === undefined) return refusal(refuse(47001, 'data format error'))
  const openid = body['touser']
  if (typeof openid !== 'string' || state.directory.find(openid) === undefined) {
    return refusal(refuse(40003, 'invalid openid'))
  }
  const fault = state.directory.type(openid, String(body['command']))
  if (fault === 45072)
    return refusal(refuse(fault, 'command field must be either Typing or CancelTyping'), openid)
  if (fault === 45080) return refusal(refuse(fault, 'can not send typing command: no interaction'), openid)
  if (fault === 45081) return refusal(refuse(fault, 'already in typing status'), openid)
  return json({ errcode: 0, errmsg: 'ok' }, openid)
}

const megabyte = 1024 * 1024
/** Size limit in bytes and the errcode for more, by kind. */
const sizeLimits: Readonly<Record<WechatMediaKind, readonly [number, number]>> = {
  image: [10 * megabyte, 40009],
  voice: [2 * megabyte, 40010],
  video: [10 * megabyte, 40011],
  thumb: [64 * 1024, 40012],
}

const isMediaKind = (kind: string | undefined): kind is WechatMediaKind =>
  kind !== undefined && Object.hasOwn(sizeLimits, kind)

const upload: ApiRoute['handle'] = async (call, state) => {
  if (state.account.kind === 'unverified') return refusal(noRight)
  const kind = call.query['type']
  if (!isMediaKind(kind)) return refusal(refuse(40004, 'invalid media type'))
  const file = call.form?.get('media')
  if (!(file instanceof File) || file.name === '' || call.chunked) {
    return refusal(refuse(41005, 'media data missing'))
  }
  if (file.size === 0) return refusal(refuse(44001, 'empty media data'))
  const [limit, tooLarge] = sizeLimits[kind]
  if (file.size > limit) return refusal(refuse(tooLarge, `invalid ${kind} size`))
  const bytes = Buffer.from(await file.arrayBuffer())
  if (fileTypeOf(kind, bytes) === undefined) return refusal(refuse(40005, 'invalid file type'))
  const stored = state.media.put(kind, bytes)
  const name = kind === 'thumb' ? 'thumb_media_id' : 'media_id'
  return json({
    type: kind,
    [name]: stored.mediaId,
    created_at: Math.floor(stored.createdAt.getTime() / 1000),
  })
}

const download: ApiRoute['handle'] = (call, state) => {
  if (state.account.kind === 'unverified') return refusal(noRight)
  const media = state.media.find(call.query['media_id'] ?? '')
  if (media === undefined) return refusal(refuse(40007, 'invalid media_id'))
  if (media.kind === 'video') return json({ video_url: `${state.apiUrl()}/mmvideo/${media.mediaId}` })
  return { kind: 'file', media }
}

/** The calls that conversations need. */
export const conversationRoutes: readonly ApiRoute[] = [
  {
    name: 'stable_token',
    method: 'POST',
    path: '/cgi-bin/stable_token',
    needsToken: false,
    handle: stableToken,
  },
  { name: 'token', method: 'GET', path: '/cgi-bin/token', needsToken: false, handle: basicToken },
  {
    name: 'custom_send',
    method: 'POST',
    path: '/cgi-bin/message/custom/send',
    needsToken: true,
    handle: customSend,
  },
  {
    name: 'typing',
    method: 'POST',
    path: '/cgi-bin/message/custom/typing',
    needsToken: true,
    handle: typing,
  },
  { name: 'media_upload', method: 'POST', path: '/cgi-bin/media/upload', needsToken: true, handle: upload },
  { name: 'media_get', method: 'GET', path: '/cgi-bin/media/get', needsToken: true, handle: download },
  {
    name: 'getcallbackip',
    method: 'GET',
    path: '/cgi-bin/getcallbackip',
    needsToken: true,
    handle: () => json({ ip_list: ['127.0.0.1', '::1'] }),
  },
]
