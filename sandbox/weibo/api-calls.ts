// The simulated calls, one function each: open.weibo.com "发送客服消息", "上传下载多媒体文件", "自定义菜单".
import type { WeiboAccount, WeiboRules } from './account.ts'
import type { Directory } from './directory.ts'
import type { WeiboRefusal } from './faults.ts'
import type { JsonValue } from './json.ts'
import { Digits, parseObject } from './json.ts'
import { readMessage } from './message-data.ts'
import type { Shelf } from './shelf.ts'

/** What the calls work on. */
export interface ApiState {
  readonly account: WeiboAccount
  readonly rules: WeiboRules
  readonly directory: Directory
  readonly shelf: Shelf
  /** How long the token has still to live. */
  readonly tokenLeftMs: () => number
  /** True while a switch closes every window. */
  readonly windowsClosed: () => boolean
  /** The menu in force; `undefined` takes it away. */
  readonly menu: { get(): string | undefined; set(menus: string | undefined): void }
  /** A message got through to the user. */
  readonly onSent: (userKey: string, text: string) => void
}

/** A call's query or form. */
export type Parameters = Readonly<Record<string, string>>

/** `userKey` is whom the call was about. */
export type ApiAnswer = (
  | { readonly kind: 'json'; readonly body: JsonValue }
  | { readonly kind: 'file'; readonly contentType: string; readonly bytes: Uint8Array }
  | { readonly kind: 'refusal'; readonly refusal: WeiboRefusal }
) & { readonly userKey?: string }

/** One call of the table. */
export interface ApiRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handle: (parameters: Parameters, state: ApiState) => ApiAnswer
}

const about = (userKey: string | undefined) => (userKey === undefined ? {} : { userKey })

const json = (body: JsonValue, userKey?: string): ApiAnswer => ({ kind: 'json', body, ...about(userKey) })

const refuse = (errorCode: number, error: string, userKey?: string): ApiAnswer => ({
  kind: 'refusal',
  refusal: { errorCode, error },
  ...about(userKey),
})

const missing = (name: string): ApiAnswer =>
  refuse(10016, `Miss required parameter (${name}) , see doc for more info.`)

const windowFaults = {
  20301: "Not your follower, can't send direct message!",
  20302: 'Illegal direct message!',
} as const

const reply: ApiRoute['handle'] = (parameters, state) => {
  const { type, data, receiver_id: receiverId } = parameters
  if (receiverId === undefined) return missing('receiver_id')
  if (type === undefined) return missing('type')
  if (data === undefined) return missing('data')
  if (state.directory.find(receiverId) === undefined) return refuse(20003, 'User does not exists!')
  const text = readMessage(type, data, state.rules)
  if (typeof text !== 'string') return { kind: 'refusal', refusal: text, userKey: receiverId }
  const fault = state.windowsClosed() ? 20302 : state.directory.spend(receiverId)
  if (fault !== undefined) return refuse(fault, windowFaults[fault], receiverId)
  state.onSent(receiverId, text)
  const ids = { sender_id: new Digits(state.account.uid), receiver_id: new Digits(receiverId) }
  return json({ result: true, ...ids, type, data }, receiverId)
}

/** Only the receiver's handle, `tovfid`, opens a file for the account. */
const download: ApiRoute['handle'] = ({ fid }, { shelf }) => {
  if (fid === undefined) return missing('fid')
  const file = shelf.find(fid)
  return file === undefined
    ? refuse(
        10017,
        `Parameter (fid)'s value invalid, expect (long), but get (${fid}) , see doc for more info.`,
      )
    : { kind: 'file', contentType: file.contentType, bytes: file.bytes }
}

const userInfo: ApiRoute['handle'] = ({ uid }, { directory }) => {
  if (uid === undefined) return missing('uid')
  const user = directory.find(uid)
  if (user === undefined) return refuse(20003, 'User does not exists!')
  const follow = directory.follows(uid) ? 1 : 0
  const body = {
    subscribe: follow,
    uid: new Digits(uid),
    nickname: user.name,
    sex: 1,
    language: 'zh-cn',
    headimgurl: user.avatar ?? '',
    follow,
  }
  return json(body, uid)
}

const tokenInfo: ApiRoute['handle'] = (_, { account, tokenLeftMs }) =>
  json({
    uid: new Digits(account.uid),
    appkey: 1_352_222_456,
    scope: '',
    create_at: 1_352_267_591,
    expire_in: Math.floor(tokenLeftMs() / 1_000),
  })

const isButton = (value: unknown): boolean => {
  if (typeof value !== 'object' || value === null || !('name' in value) || value.name === '') return false
  if ('sub_button' in value) return areButtons(value.sub_button, 5)
  if (!('type' in value)) return false
  return value.type === 'click' ? 'key' in value : value.type === 'view' && 'url' in value
}

const areButtons = (value: unknown, most: number): boolean =>
  Array.isArray(value) && value.length >= 1 && value.length <= most && value.every(isButton)

const createMenu: ApiRoute['handle'] = ({ menus }, { menu }) => {
  if (menus === undefined) return missing('menus')
  const parsed = parseObject(menus)
  if (parsed === undefined || !areButtons(parsed['button'], 3)) return refuse(26402, 'Menu format error')
  menu.set(menus)
  return json({ result: true })
}

const showMenu: ApiRoute['handle'] = (_, { menu }) => {
  const menus = menu.get()
  return menus === undefined ? refuse(26405, 'Menu does not exist') : json({ menu: menus })
}

const deleteMenu: ApiRoute['handle'] = (_, { menu }) => {
  menu.set(undefined)
  return json({ result: true })
}

/** The documented calls. */
export const apiRoutes: readonly ApiRoute[] = [
  { method: 'POST', path: '/2/messages/reply.json', handle: reply },
  { method: 'POST', path: '/2/messages/reply/biz.json', handle: reply },
  { method: 'GET', path: '/2/mss/msget', handle: download },
  { method: 'GET', path: '/2/mss/msget_thumbnail', handle: download },
  { method: 'GET', path: '/2/eps/user/info.json', handle: userInfo },
  { method: 'POST', path: '/oauth2/get_token_info', handle: tokenInfo },
  { method: 'POST', path: '/2/messages/menu/create.json', handle: createMenu },
  { method: 'GET', path: '/2/messages/menu/show.json', handle: showMenu },
  { method: 'POST', path: '/2/messages/menu/delete.json', handle: deleteMenu },
]
