/**
 * What WeCom's error numbers mean to us. Source: developer.work.weixin.qq.com 全局错误码 and the pages of 微信客服.
 * Numbers decide; the words of `errmsg` may change.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { ErrcodeRow } from '../kit/index.ts'
import { callerAddress, createErrcodes, httpFacts } from '../kit/index.ts'

const managed = '微信客服 → 通过API管理微信客服账号'

const credentials: readonly ErrcodeRow[] = [
  [
    [40001, 40014, 42001],
    'token_expired',
    'the access token is not valid',
    'check secret and corpId; nobody else should use this app’s Secret',
  ],
  [[41001], 'token_expired', 'the access token is missing'],
  [
    [40013],
    'needs_operator',
    'the corpId is wrong',
    'set corpId to 企业ID in 管理后台 → 我的企业 → 企业信息',
  ],
  [
    [40091, 41004],
    'needs_operator',
    'the Secret is wrong or missing',
    'set secret to the Secret in 管理后台 → 应用管理 → 自建 → your app',
  ],
  [
    [60020],
    'needs_operator',
    'this server’s address is not allowed to call the API',
    'add the server’s outgoing address to 应用管理 → your app → 企业可信IP',
  ],
  [
    [48002],
    'no_permission',
    'the app has no right to this API',
    'list the app under 管理后台 → 微信客服 → 可调用接口的应用',
  ],
  [
    [95017],
    'no_permission',
    'the account is not open to the API',
    `put the account under ${managed} and enable 企业内部开发`,
  ],
  [
    [95000, 95004],
    'needs_operator',
    'there is no such customer-service account',
    `correct openKfIds; the accounts stand under ${managed}`,
  ],
  [
    [95002, 95003],
    'needs_operator',
    'the customer-service account cannot be used',
    'look at the account’s state under 管理后台 → 微信客服 → 客服账号',
  ],
  [
    [95011],
    'needs_operator',
    'the account is managed inside WeCom, not by API',
    `move the account to ${managed}`,
  ],
  [
    [95012],
    'needs_operator',
    'the account is not used in WeCom',
    'enable 微信客服 for the company under 管理后台 → 微信客服',
  ],
]

const quotas: readonly ErrcodeRow[] = [
  [[45009, 45033], 'rate_limited', 'too many calls', 'lower sendsPerSecond, or raise pollIntervalMs'],
  [[95001], 'quota_exhausted', 'five messages are sent, or the contact wrote more than 48 h ago'],
]

const sessions: readonly ErrcodeRow[] = [
  [[95013], 'window_closed', 'the session has ended; the contact must write again'],
  [
    [95014],
    'permanent',
    'the agent is not serving or not activated in WeCom',
    'choose another handoffAgent, or let the agent start serving (开始接待) in WeCom',
  ],
  [[95016], 'permanent', 'the session cannot change to that state'],
  [
    [95018],
    'permanent',
    'sending is not allowed in the session’s state',
    'a person in WeCom leads the session; answer there, or end the session there',
  ],
  [[95007], 'permanent', 'the code is used, expired or not valid'],
  [[40096], 'permanent', 'the contact’s id is wrong or belongs to another company'],
]

const content: readonly ErrcodeRow[] = [
  [[40007], 'media_expired', 'the media id is expired or belongs to another app'],
  [[45002], 'too_long', 'the text is too long', 'lower maxTextBytes'],
  [[40004], 'permanent', 'the media type is not valid'],
  [[40005], 'permanent', 'the file type is not valid', 'JPEG, PNG; AMR; MP4; any other as a file'],
  [
    [40006, 40009],
    'permanent',
    'the file is too large or too small',
    'picture 10 MB, file 20 MB, at least 6 bytes',
  ],
  [[40010, 45007], 'permanent', 'the voice is too large or too long', 'at most 2 MB and 60 s'],
  [[40011], 'permanent', 'the video is too large', 'at most 10 MB'],
  [[41005, 44001], 'permanent', 'the upload carried no file'],
  [[45001], 'permanent', 'the file is too large'],
  [[44004], 'permanent', 'the text is empty'],
]

const requests: readonly ErrcodeRow[] = [
  [[-1], 'temporary', 'WeCom is busy'],
  [[40008], 'permanent', 'the message type is not valid'],
  [[40033, 40035], 'permanent', 'the request holds what is not allowed'],
  [[40058], 'permanent', 'a parameter is not valid'],
  [[43001, 43002, 43003], 'permanent', 'the request’s method is not valid'],
  [[47001], 'permanent', 'the request’s format is not valid'],
]

const hintFrom = (errcode: number, errmsg: string): string | undefined => {
  const address = errcode === 60020 ? callerAddress(errmsg) : undefined
  return address === undefined ? undefined : `add ${address} to 应用管理 → your app → 企业可信IP`
}

/** What WeCom's numbers mean. */
export const errcodes = createErrcodes({
  channel: 'wecom',
  platform: 'WeCom',
  rows: [credentials, quotas, sessions, content, requests].flat(),
  hintFrom,
})

/** The error for an HTTP answer that is not WeCom's JSON. */
export const httpError = (action: string, status: number, retryAfter: string | null): ChannelError => {
  const facts = httpFacts(status, retryAfter)
  if (status === 429)
    return new ChannelError('wecom', 'rate_limited', `${action}: too many calls (HTTP 429)`, facts)
  if (status === 404)
    return new ChannelError('wecom', 'needs_operator', `${action}: there is no such API (HTTP 404)`, {
      ...facts,
      hint: 'apiBase must be https://qyapi.weixin.qq.com',
    })
  return new ChannelError('wecom', 'temporary', `${action}: no valid answer (HTTP ${status})`, facts)
}
