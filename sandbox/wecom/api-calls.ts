// The calls an adapter makes: developer.work.weixin.qq.com, 微信客服. Each answers fields, a file, or an errcode.
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import type { StoredFile } from './media.ts'
import type { Platform } from './platform.ts'
import { show } from './send-body.ts'
import type { Occasion, SessionState } from './sessions.ts'

/** What is known of a call. */
export interface Call {
  readonly query: Readonly<Record<string, string>>
  readonly body: Readonly<Record<string, unknown>>
  readonly form: FormData | undefined
}

export type Answer =
  | { readonly errcode: number }
  | { readonly fields: Readonly<Record<string, unknown>> }
  | { readonly file: StoredFile }

export interface ApiRoute {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly handle: (call: Call, platform: Platform) => Answer | Promise<Answer>
  /** Whom the call is about, for the trace. */
  readonly userOf?: (call: Call) => unknown
}

const refuse = (errcode: number): Answer => ({ errcode })

const ids = { userKey: z.string(), msgid: z.string().regex(/^[0-9a-zA-Z_-]{0,32}$/) }

const gettoken: ApiRoute['handle'] = ({ query }, { account, tokens }) => {
  if (query['corpid'] !== account.corpId) return refuse(40013)
  if (query['corpsecret'] !== account.secret) return refuse(40001)
  const { token, expiresIn } = tokens.get()
  return { fields: { access_token: token, expires_in: expiresIn } }
}

const Sync = z.object({
  cursor: z.string().max(64).optional(),
  token: z.string().max(128).optional(),
  limit: z.number().int().min(1).max(1_000).default(1_000),
  voice_format: z.union([z.literal(0), z.literal(1)]).optional(),
  open_kfid: z.string().optional(),
})

const unasked = new WeakMap<Platform, number[]>()

/** Without a push's token a strict limit applies. */
const mayAsk = (platform: Platform): boolean => {
  const now = platform.clock.now().getTime()
  const calls = (unasked.get(platform) ?? []).filter((at) => at > now - 60_000)
  unasked.set(platform, [...calls, now])
  return calls.length < (platform.options.unaskedPerMinute ?? 120)
}

const sync: ApiRoute['handle'] = ({ body }, platform) => {
  const asked = Sync.safeParse(body)
  if (!asked.success) return refuse(40058)
  const { cursor, token, limit, open_kfid: openKfId } = asked.data
  if (openKfId !== undefined && openKfId !== platform.account.openKfId) return refuse(95004)
  if (token !== undefined && !platform.callback.isFreshToken(token)) return refuse(95007)
  if (token === undefined && !mayAsk(platform)) return refuse(45009)
  const page = platform.log.page(cursor, limit)
  if (page === undefined) return refuse(95007)
  const { nextCursor, hasMore, items } = page
  return { fields: { next_cursor: nextCursor, has_more: hasMore ? 1 : 0, msg_list: items } }
}

const Send = z.looseObject({
  touser: z.string(),
  open_kfid: z.string(),
  msgid: ids.msgid.optional(),
  msgtype: z.string(),
})

const fallOff = (platform: Platform, userKey: string, msgid: string): void => {
  void platform.happened(userKey, { event_type: 'msg_send_fail', fail_msgid: msgid, fail_type: 10 })
}

const spend = ({ faults, sessions }: Platform, userKey: string): number | undefined => {
  if (faults.on('quota-used-up')) return 95001
  if (faults.on('window-closed')) return 95018
  return sessions.spend(userKey)
}

const send: ApiRoute['handle'] = ({ body }, platform) => {
  const sent = Send.safeParse(body)
  if (!sent.success) return refuse(40058)
  const { touser, open_kfid: openKfId, msgid = randomBytes(16).toString('hex') } = sent.data
  if (openKfId !== platform.account.openKfId) return refuse(95000)
  if (!platform.users.has(touser)) return refuse(40096)
  const shown = show(body, platform.media)
  if (typeof shown === 'number') return refuse(shown)
  if (!platform.sent.has(msgid)) {
    const fault = spend(platform, touser)
    if (fault !== undefined) return refuse(fault)
    platform.sent.add(msgid)
    if (platform.faults.on('bounce')) fallOff(platform, touser, msgid)
    else platform.show(touser, shown)
  }
  return { fields: { msgid } }
}

const allowedTypes: Readonly<Record<Occasion, readonly string[]>> = {
  welcome: ['text', 'msgmenu'],
  queued: ['text'],
  served: ['text'],
  ended: ['text', 'msgmenu'],
}

const OnEvent = z.looseObject({ code: z.string(), msgid: ids.msgid.optional(), msgtype: z.string() })

const sendOnEvent: ApiRoute['handle'] = ({ body }, platform) => {
  const asked = OnEvent.safeParse(body)
  if (!asked.success) return refuse(40058)
  const right = platform.sessions.useCode(asked.data.code)
  if (right === undefined) return refuse(95007)
  const shown = show(body, platform.media, allowedTypes[right.occasion])
  if (typeof shown === 'number') return refuse(shown)
  platform.show(right.userKey, shown)
  return { fields: { msgid: asked.data.msgid ?? randomBytes(16).toString('hex') } }
}

const Of = z.looseObject({ open_kfid: z.string(), external_userid: z.string() })

const stateGet: ApiRoute['handle'] = ({ body }, platform) => {
  const asked = Of.safeParse(body)
  if (!asked.success) return refuse(40058)
  if (!platform.users.has(asked.data.external_userid)) return refuse(40096)
  const { state, servicer } = platform.sessions.state(asked.data.external_userid)
  const shown = platform.faults.on('window-closed') ? 4 : state
  return {
    fields: { service_state: shown, ...(servicer === undefined ? {} : { servicer_userid: servicer }) },
  }
}

const Trans = Of.extend({
  service_state: z.union([z.literal(0), z.literal(1), z.literal(2), z.literal(3), z.literal(4)]),
  servicer_userid: z.string().optional(),
})

const codeFor: Readonly<Partial<Record<SessionState, Occasion>>> = { 2: 'queued', 3: 'served', 4: 'ended' }

const stateTrans: ApiRoute['handle'] = ({ body }, { users, sessions }) => {
  const asked = Trans.safeParse(body)
  if (!asked.success) return refuse(40058)
  const { external_userid: userKey, service_state: state, servicer_userid: servicer } = asked.data
  if (!users.has(userKey)) return refuse(40096)
  const fault = sessions.move(userKey, state, servicer)
  if (fault !== undefined) return refuse(fault)
  const occasion = codeFor[state]
  return { fields: occasion === undefined ? {} : { msg_code: sessions.issueCode(userKey, occasion) } }
}

const BatchGet = z.object({ external_userid_list: z.array(z.string()).min(1).max(100) })

const batchGet: ApiRoute['handle'] = ({ body }, { users }) => {
  const asked = BatchGet.safeParse(body)
  if (!asked.success) return refuse(40058)
  const known = asked.data.external_userid_list.flatMap((key) => users.get(key) ?? [])
  return {
    fields: {
      customer_list: known.map(({ key, name, unionid, avatar = '' }) => ({
        external_userid: key,
        nickname: name,
        avatar,
        gender: 0,
        ...(unionid === undefined ? {} : { unionid }),
      })),
      invalid_external_userid: asked.data.external_userid_list.filter((key) => !users.has(key)),
    },
  }
}

const Kind = z.enum(['image', 'voice', 'video', 'file'])

const upload: ApiRoute['handle'] = async ({ query, form }, { media, clock }) => {
  const kind = Kind.safeParse(query['type'])
  if (!kind.success) return refuse(40004)
  const file = form?.get('media')
  if (!(file instanceof File)) return refuse(41005)
  const stored = media.upload(kind.data, file.name, new Uint8Array(await file.arrayBuffer()))
  if (typeof stored === 'number') return refuse(stored)
  const created = String(Math.floor(clock.now().getTime() / 1_000))
  return { fields: { type: kind.data, media_id: stored.mediaId, created_at: created } }
}

const download: ApiRoute['handle'] = ({ query }, { media }) => {
  const file = media.find(query['media_id'] ?? '')
  return file === undefined ? refuse(40007) : { file }
}

const accountList: ApiRoute['handle'] = (_call, { account }) => ({
  fields: { account_list: [{ open_kfid: account.openKfId, name: account.name, avatar: '' }] },
})

const servicerList: ApiRoute['handle'] = ({ query }, { account, options }) =>
  query['open_kfid'] === account.openKfId
    ? {
        fields: {
          servicer_list: (options.servicers ?? []).map(({ userid, serving }) => ({
            userid,
            status: serving ? 0 : 1,
          })),
        },
      }
    : refuse(95004)

const contact = ({ body }: Call): unknown => body['external_userid'] ?? body['touser']

export const tokenPath = '/cgi-bin/gettoken'

/** The simulated calls; all but the first need a token. */
export const apiRoutes: readonly ApiRoute[] = [
  { method: 'GET', path: tokenPath, handle: gettoken },
  { method: 'POST', path: '/cgi-bin/kf/sync_msg', handle: sync },
  { method: 'POST', path: '/cgi-bin/kf/send_msg', handle: send, userOf: contact },
  { method: 'POST', path: '/cgi-bin/kf/send_msg_on_event', handle: sendOnEvent },
  { method: 'POST', path: '/cgi-bin/kf/service_state/get', handle: stateGet, userOf: contact },
  { method: 'POST', path: '/cgi-bin/kf/service_state/trans', handle: stateTrans, userOf: contact },
  { method: 'POST', path: '/cgi-bin/kf/customer/batchget', handle: batchGet },
  { method: 'POST', path: '/cgi-bin/kf/account/list', handle: accountList },
  { method: 'GET', path: '/cgi-bin/kf/servicer/list', handle: servicerList },
  { method: 'POST', path: '/cgi-bin/media/upload', handle: upload },
  { method: 'GET', path: '/cgi-bin/media/get', handle: download },
]
