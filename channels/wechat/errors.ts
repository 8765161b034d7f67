/**
 * What WeChat's error numbers mean to us.
 * Source: developers.weixin.qq.com 全局返回码, 客服消息 / 素材管理 / 获取稳定版接口调用凭据 error tables.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { ErrcodeRow } from '../kit/index.ts'
import { callerAddress, createErrcodes, httpFacts } from '../kit/index.ts'

const credentials: readonly ErrcodeRow[] = [
  [
    [40001, 40014, 42001],
    'token_expired',
    'the access token is not valid',
    'nobody else may call /cgi-bin/token with this AppID; else check appId and appSecret',
  ],
  [[40013], 'needs_operator', 'the AppID is wrong', 'set appId to the AppID in 开发者平台 → 基础信息'],
  [
    [40125],
    'needs_operator',
    'the AppSecret is wrong',
    'set appSecret; if it is lost, reset it in 开发者平台',
  ],
  [[40243], 'needs_operator', 'the AppSecret is frozen', 'unfreeze it in 开发者平台 → 基础信息 → AppSecret'],
  [
    [40164, 61004],
    'needs_operator',
    'this server’s address is not allowed to call the API',
    'add the server’s outgoing address to 开发者平台 → API IP白名单',
  ],
  [
    [89503],
    'needs_operator',
    'the call waits for the administrator',
    'the account’s administrator must confirm it in WeChat',
  ],
  [
    [89501, 89506, 89507],
    'needs_operator',
    'the administrator refused the call',
    'ask the administrator; WeChat refuses it for 1 h (89506: 24 h)',
  ],
  [
    [48004],
    'needs_operator',
    'WeChat has banned this API for the account',
    'see the notices in 公众平台 for the reason',
  ],
  [
    [48001],
    'no_permission',
    'the account has no right to this API',
    'verify the account, or set replyMode: passive-only',
  ],
  [
    [40200],
    'no_permission',
    'the account type cannot do this',
    'native menus need a verified service account; set menus: false',
  ],
  [[65400], 'no_permission', 'customer service is not enabled', 'enable 客服功能 in 公众平台'],
]

const quotas: readonly ErrcodeRow[] = [
  [
    [45009],
    'daily_quota',
    'the daily quota is used up',
    'it returns at midnight; POST /cgi-bin/clear_quota resets it 10 times a month',
  ],
  [[45011], 'rate_limited', 'too many calls in a minute', 'lower sendsPerSecond'],
  [[45047], 'quota_exhausted', 'the messages allowed after the contact’s last action are used up'],
  [[45015], 'window_closed', 'the reply window is closed or the contact unfollowed'],
]

const contacts: readonly ErrcodeRow[] = [
  [[43004, 50005], 'unreachable', 'the contact does not follow the account'],
  [
    [43019],
    'unreachable',
    'the contact is in the account’s blacklist',
    'remove the contact from the blacklist in 公众平台',
  ],
  [[48002], 'unreachable', 'the contact turned off receiving messages'],
  [[43101], 'unreachable', 'the contact has not agreed to this notice'],
  [
    [40003],
    'permanent',
    'the OpenID is wrong or belongs to another account',
    'check that the inbox still has the same appId',
  ],
]

const content: readonly ErrcodeRow[] = [
  [[45002], 'too_long', 'the text is too long', 'lower maxTextBytes'],
  [[45008], 'too_long', 'too many articles in one message'],
  [[87009], 'rejected_content', 'the content’s signature is not valid'],
  [[87014], 'rejected_content', 'the content failed WeChat’s check', 'rephrase it and send again'],
  [[40007], 'media_expired', 'the media id is expired or belongs to another account'],
  [[40004], 'permanent', 'the media type is not valid'],
  [[40005], 'permanent', 'the file type is not valid', 'JPEG, PNG, GIF; AMR, MP3; MP4'],
  [[40006], 'permanent', 'the file size is not valid'],
  [[40009], 'permanent', 'the picture is too large', 'at most 10 MB, 2 MB to be safe'],
  [[40010], 'permanent', 'the voice file is too large', 'at most 2 MB and 60 s'],
  [[40011], 'permanent', 'the video is too large', 'at most 10 MB'],
  [[40012], 'permanent', 'the thumbnail is too large', 'at most 64 KB, JPEG'],
  [[41005], 'permanent', 'the upload carried no file'],
  [[44001], 'permanent', 'the file is empty'],
  [[45001], 'permanent', 'the file is too large'],
  [[45007], 'permanent', 'the voice is longer than 60 s'],
]

const requests: readonly ErrcodeRow[] = [
  [[-1], 'temporary', 'WeChat is busy'],
  [[61450], 'temporary', 'WeChat’s customer-service system failed'],
  [[40008], 'permanent', 'the message type is not valid'],
  [[40033], 'permanent', 'the request holds escaped or forbidden characters'],
  [[40035], 'permanent', 'a parameter is not valid'],
  [[40037], 'permanent', 'the template id is not valid'],
  [[40053], 'permanent', 'the QR code’s scene is not valid', '1–64 characters'],
  [[40101], 'permanent', 'a parameter is missing'],
  [[45059], 'permanent', 'the contact has too many tags'],
  [[45064], 'permanent', 'the mini program is not linked to the account', 'link it in 公众平台 → 小程序管理'],
  [[45072], 'permanent', 'the typing command is not valid'],
  [[45080], 'permanent', 'typing needs an interaction within 30 s'],
  [[45081], 'permanent', 'typing is already shown'],
  [[47001], 'permanent', 'the request’s format is not valid'],
  [[47003], 'permanent', 'a template field is not valid'],
]

const menus: readonly ErrcodeRow[] = [
  [[40015], 'permanent', 'the menu’s type is not valid'],
  [[40016, 40017, 40023, 40024], 'permanent', 'the number or type of menu buttons is not valid'],
  [[40018, 40025], 'permanent', 'a menu button’s name is too long or empty', '16 bytes, below a button 60'],
  [[40019, 40026], 'permanent', 'a menu button’s key is too long or empty', 'at most 128 bytes'],
  [[40020, 40027], 'permanent', 'a menu button’s address is too long or empty', 'at most 1024 bytes'],
  [[40021], 'permanent', 'the menu’s version is not valid'],
  [[40022], 'permanent', 'the menu is too deep', 'two levels at most'],
  [
    [40054, 40055],
    'permanent',
    'the domain of a menu button’s address is not valid',
    'correct the address in menu: http(s), and no domain that WeChat blocks',
  ],
  [[46003], 'permanent', 'the account has no menu'],
]

const kfAccounts: readonly ErrcodeRow[] = [
  [[61451, 65416], 'permanent', 'a customer-service parameter is not valid'],
  [[61452, 65401, 65404], 'permanent', 'the customer-service account is not valid'],
  [[61453, 65406], 'permanent', 'the customer-service account exists'],
  [[61454, 65403], 'permanent', 'the customer-service name is too long or not valid'],
  [[61455], 'permanent', 'the customer-service account has illegal characters'],
  [[61456, 65405], 'permanent', 'there are too many customer-service accounts'],
  [[61457], 'permanent', 'the avatar’s file type is not valid'],
  [[61458, 61459], 'permanent', 'the customer-service system refused the call'],
  [[65402], 'permanent', 'the customer-service account is not bound to a WeChat id'],
  [[65413], 'permanent', 'the contact has no customer-service session'],
  [[65414], 'permanent', 'another agent serves the contact'],
  [[65415], 'permanent', 'the agent is offline'],
  [[65417], 'permanent', 'the period is not valid'],
]

const hintFrom = (errcode: number, errmsg: string): string | undefined => {
  const field = errcode === 47003 ? /\bdata\.(\w{1,40})/.exec(errmsg)?.[1] : undefined
  if (field !== undefined) return `correct the field ${field}; thing… takes 20 characters`
  const address = errcode === 40164 || errcode === 61004 ? callerAddress(errmsg) : undefined
  return address === undefined ? undefined : `add ${address} to 开发者平台 → API IP白名单`
}

/** What WeChat's numbers mean. */
export const errcodes = createErrcodes({
  channel: 'wechat',
  platform: 'WeChat',
  rows: [credentials, quotas, contacts, content, requests, menus, kfAccounts].flat(),
  hintFrom,
})

/** An HTTP answer that is not WeChat's JSON. `speaks`: the call would have told the contact something. */
export interface HttpAnswer {
  readonly action: string
  readonly status: number
  readonly retryAfter: string | null
  readonly speaks: boolean
}

/** The error for an HTTP answer that is not WeChat's JSON. */
export const httpError = ({ action, status, retryAfter, speaks }: HttpAnswer): ChannelError => {
  const facts = httpFacts(status, retryAfter)
  if (status === 429)
    return new ChannelError('wechat', 'rate_limited', `${action}: too many calls (HTTP 429)`, facts)
  if (status === 503)
    return new ChannelError(
      'wechat',
      'provider_down',
      `${action}: WeChat is out of service (HTTP 503)`,
      facts,
    )
  if (status === 404)
    return new ChannelError('wechat', 'needs_operator', `${action}: there is no such API (HTTP 404)`, {
      ...facts,
      hint: 'apiBase must be https://api.weixin.qq.com or one of its regional hosts',
    })
  // A gateway answers so when what stands behind it took the call and said nothing.
  return new ChannelError('wechat', 'temporary', `${action}: no valid answer (HTTP ${status})`, {
    ...facts,
    outcomeUnknown: speaks && status >= 500,
  })
}
