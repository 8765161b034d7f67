/**
 * What Weibo's refusals mean to us.
 * Source: open.weibo.com Error_code (2/messages error tables, and the revision of 2011), Rate-limiting, 自定义菜单.
 *
 * The published tables give some numbers different meanings (10023 is "user requests out of rate limit" in one, "too
 * many pending tasks" in another). So the text decides where it says something we know, and the number where not.
 */
import { ChannelError } from '../../src/core/errors.ts'
import type { ChannelErrorCode, ChannelErrorFacts } from '../../src/core/errors.ts'
import { httpFacts } from '../kit/index.ts'

/** What else a refusal does: all calls stop until the full hour, or a person must renew the token. */
type Consequence = 'stop-until-hour' | 'renew-token'

/** One refusal's meaning. `what` is for people, `hint` what the operator should do. */
interface Meaning {
  readonly code: ChannelErrorCode
  readonly what: string
  readonly hint?: string
  readonly consequence?: Consequence
}

const consoleToken = '管理中心 → 粉丝服务 → 高级功能 → 开发模式'

const meaning = (code: ChannelErrorCode, what: string, hint?: string): Meaning => ({
  code,
  what,
  ...(hint === undefined ? {} : { hint }),
})

const token = (what: string): Meaning => ({
  ...meaning(
    'needs_operator',
    what,
    `authorise again: take a new access_token from ${consoleToken}, set accessToken and restart`,
  ),
  consequence: 'renew-token',
})

const hourly = (what: string): Meaning => ({
  ...meaning(
    'rate_limited',
    what,
    'sending goes on at the full hour; ask Weibo for a higher level of the app if it happens often',
  ),
  consequence: 'stop-until-hour',
})

const busy = meaning('temporary', 'Weibo is busy')
const invalidRequest = meaning('permanent', 'the request is not valid')
const noPermission = meaning(
  'no_permission',
  'the app has no right to this API',
  `check that the account is verified and 开发模式 is on (${consoleToken}), and the app’s rights in 微博开放平台 → 接口管理`,
)
const foreignIp = meaning(
  'needs_operator',
  'this server’s address may not call the API',
  'add the server’s outgoing address in 微博开放平台 → 我的应用 → 应用信息 → 高级信息 → 安全设置',
)
const badCredentials = token('the access token does not prove who calls')
const unknownUser = meaning('unreachable', 'the contact does not exist any more')
const notFollower = meaning('unreachable', 'the contact does not follow the account')
const rejected = meaning('rejected_content', 'the content failed Weibo’s check', 'rephrase it and send again')
const repeated = meaning(
  'rejected_content',
  'the contact just got the same words',
  'rephrase it and send again',
)
const tooLong = meaning('too_long', 'the text is too long', 'lower maxTextCharacters')
const rateLimited = hourly('the calls of this hour are used up')

/** What the texts of all tables say; the first that fits. */
const phrases: readonly (readonly [RegExp, Meaning])[] = [
  [/expired[_ ]token|token.{0,20}expired/, token('the access token has expired')],
  [/token.{0,20}(?:revoked|rejected|used)/, token('the access token was revoked')],
  [/invalid[_ ]access[_ ]token|auth(?:entication)? fail|password error/, badCredentials],
  [
    /unaudited/,
    meaning('needs_operator', 'the app has not passed Weibo’s review', '微博开放平台 → 我的应用 → 提交审核'),
  ],
  [/rate limit|requests?\b.{0,40}\bout of.{0,10}\blimit/, rateLimited],
  [
    /too many pending tasks|job expired|rpc error|remote service|system error|internal error|unavailable/,
    busy,
  ],
  [/ip limit|ip not authenticated/, foreignIp],
  [/insufficient app permissions|permission denied|high level appkey/, noPermission],
  [/(?:invalid|missing) (?:signature|timestamp)|http method/, invalidRequest],
  [/not (?:your|a) follower|not follow/, notFollower],
  [/user does not exist/, unknownUser],
  [/too long|too big|length over limit/, tooLong],
  [/repeat/, repeated],
  [/illegal (?:website|url|advert|content)|advertis/, rejected],
]

type Row = readonly [errorCodes: readonly number[], meaning: Meaning]

const system: readonly Row[] = [
  [[10001, 10002, 10003, 10009, 10010, 10011], busy],
  [[10004], foreignIp],
  [[10005, 10014], noPermission],
  [
    [10006],
    meaning(
      'needs_operator',
      'the call names no app',
      'accessToken is not one of this app; take it from 开发模式',
    ),
  ],
  [[10007], meaning('permanent', 'the media type is not valid')],
  [[10008, 10012, 10016, 10017, 10021], invalidRequest],
  [[10013], meaning('permanent', 'the uid is not valid')],
  [[10018], tooLong],
  [
    [10020],
    meaning(
      'needs_operator',
      'there is no such API',
      'check apiBase, messageApiBase, uploadApiBase and replyPath',
    ),
  ],
  [[10022, 10023, 10024], rateLimited],
]

const content: readonly Row[] = [
  [[20003], unknownUser],
  [[20005], meaning('permanent', 'the picture’s type is not valid')],
  [[20006], meaning('permanent', 'the picture is too large')],
  [[20007], meaning('permanent', 'the upload carried no file')],
  [[20008], meaning('permanent', 'the content is empty')],
  [[20012, 20013], tooLong],
  [[20016], meaning('rate_limited', 'too much was sent in a short time', 'lower sendsPerSecond')],
  [[20017, 20019, 20306], repeated],
  [[20018, 20020, 20021], rejected],
  [[20354], meaning('permanent', 'the media type is not valid')],
]

const directMessages: readonly Row[] = [
  [[20301], notFollower],
  [
    [20302],
    meaning('permanent', 'Weibo does not take this direct message; the contact may have to write first'),
  ],
  [[20303], meaning('permanent', 'the direct message is not the account’s own')],
  [[20305], meaning('permanent', 'the direct message does not exist')],
  [[20307], meaning('permanent', 'the direct message’s id is not valid')],
]

const authorisation: readonly Row[] = [
  [[21314], token('the access token was used up')],
  [[21315, 21327], token('the access token has expired')],
  [[21316], token('the access token was revoked')],
  [[21317], token('the access token was rejected')],
  [
    [21321],
    meaning('needs_operator', 'the app has not passed Weibo’s review', '微博开放平台 → 我的应用 → 提交审核'),
  ],
  [[21332], badCredentials],
]

const byNumber: ReadonlyMap<number, Meaning> = new Map(
  [system, content, directMessages, authorisation]
    .flat()
    .flatMap(([errorCodes, each]) => errorCodes.map((errorCode) => [errorCode, each] as const)),
)

/** Every number we know; for documentation and tests. */
export const knownErrorCodes: readonly number[] = [...byNumber.keys()]

const unknown = meaning('permanent', 'Weibo refused for a reason we do not know')
const menuInvalid = meaning('permanent', 'the menu is not valid', 'check the inbox’s menu')

const meaningOf = (errorCode: number, text: string): Meaning => {
  const words = text.toLowerCase()
  const said = phrases.find(([phrase]) => phrase.test(words))
  if (said !== undefined) return said[1]
  if (errorCode >= 26400 && errorCode < 26500) return menuInvalid
  return byNumber.get(errorCode) ?? unknown
}

const hourMs = 3_600_000
/** Weibo's clock may be a little behind ours. */
const hourMarginMs = 2_000
const shortWaitMs = 60_000

/** Milliseconds until the next full hour is safely there. */
const untilFullHour = (now: Date): number => hourMs - (now.getTime() % hourMs) + hourMarginMs

const waitOf = ({ code, consequence }: Meaning, now: Date): Pick<ChannelErrorFacts, 'retryAfterMs'> => {
  if (consequence === 'stop-until-hour') return { retryAfterMs: untilFullHour(now) }
  return code === 'rate_limited' ? { retryAfterMs: shortWaitMs } : {}
}

/** A refusal by Weibo's own number. */
export class WeiboRefusal extends ChannelError {
  readonly consequence: Consequence | undefined

  constructor(
    code: ChannelErrorCode,
    message: string,
    facts: ChannelErrorFacts,
    consequence: Consequence | undefined,
  ) {
    super('weibo', code, message, facts)
    this.consequence = consequence
  }
}

/** The error for a refused call; `action` says what was tried. Weibo's text decides, but is never repeated. */
export const weiboError = (action: string, errorCode: number, text: string, now: Date): WeiboRefusal => {
  const found = meaningOf(errorCode, text)
  const facts: ChannelErrorFacts = {
    providerCode: errorCode,
    ...waitOf(found, now),
    ...(found.hint === undefined ? {} : { hint: found.hint }),
  }
  const { code, what, consequence } = found
  return new WeiboRefusal(code, `${action}: ${what} (error_code ${errorCode})`, facts, consequence)
}

/** The error for an HTTP answer that is not Weibo's JSON. */
export const httpError = (action: string, status: number, retryAfter: string | null): ChannelError => {
  const facts = httpFacts(status, retryAfter)
  if (status === 429)
    return new ChannelError('weibo', 'rate_limited', `${action}: too many calls (HTTP 429)`, facts)
  if (status === 404)
    return new ChannelError('weibo', 'needs_operator', `${action}: there is no such API (HTTP 404)`, {
      ...facts,
      hint: 'check apiBase, messageApiBase, uploadApiBase and replyPath',
    })
  return new ChannelError('weibo', 'temporary', `${action}: no valid answer (HTTP ${status})`, facts)
}
