import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { isApiBase } from '../kit/index.ts'
import { menuConfig } from './menu-config.ts'

const secret = { writeOnly: true } as const

const whole = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const base = (address: string, what: string) =>
  z
    .string()
    .refine(isApiBase, `must be an https address without query, e.g. ${address} (http for loopback only)`)
    .default(address)
    .describe(`Address of Weibo's API for ${what}. Default ${address}; change it for a simulator.`)

const hour = 3_600_000
const twoDays = 48 * hour

const allowance = (count: number, action: string) =>
  z
    .strictObject({
      /** Messages. */
      count: whole(0, 1_000)
        .default(count)
        .describe(
          `Messages sent after ${action} at most. Default ${count}. Then they wait until the contact acts again.`,
        ),
      /** Milliseconds. */
      windowMs: whole(0, 30 * 24 * hour)
        .default(twoDays)
        .describe(
          `Milliseconds they may be sent in. Default ${twoDays} (48 h). Longer than Weibo's own: refused.`,
        ),
    })
    .prefault({})

/** A cap of our own: in the window Weibo's rules name no number, and nobody wants a hundred messages. */
const softCap = 20

const uidFault = 'the digits of weibo.com/u/<uid> on the account’s own page'
const appSecretFault = 'the App Secret in 微博开放平台 → 我的应用 → 应用信息 → 基本信息'
const accessTokenFault = 'the access_token in 管理中心 → 粉丝服务 → 高级功能 → 开发模式'

const account = {
  /** The account's own uid. */
  uid: z
    .union([z.string(), z.int()], uidFault)
    .transform(String)
    .pipe(z.string().regex(/^[1-9]\d{3,19}$/, uidFault))
    .describe(
      'UID of the verified account, the digits in weibo.com/u/<uid>. Required; pushes for others are refused.',
    ),
  /** Signs every push. */
  appSecret: z
    .string(appSecretFault)
    .min(1, appSecretFault)
    .meta(secret)
    .describe(
      'App Secret of the app whose APPKEY is entered in 开发模式. Required; it proves who is calling.',
    ),
  /** The secret before the last reset. */
  previousAppSecret: z
    .string()
    .min(1, 'must not be empty; leave the key out')
    .optional()
    .meta(secret)
    .describe('App Secret before the last reset. Optional; accepted beside appSecret until you take it out.'),
  /** Opens the API. */
  accessToken: z
    .string(accessTokenFault)
    .min(1, accessTokenFault)
    .meta(secret)
    .describe(
      'access_token shown in 开发模式. Required; it ends after about a year and nothing renews it by itself.',
    ),
  /** Whether the token's end is watched. */
  watchToken: z
    .boolean()
    .default(true)
    .describe(
      'Ask Weibo at start and daily whose accessToken it is and when it ends; warns in the log 30 days before. Default true.',
    ),
  /** Makes the callback's address unguessable. */
  callbackKey: z
    .string()
    .regex(/^[A-Za-z0-9_-]{16,64}$/, 'must be 16–64 letters, digits, - or _; e.g. openssl rand -hex 16')
    .optional()
    .meta(secret)
    .describe(
      'Secret end of the callback address, …/callback/<callbackKey>. Optional; Weibo does not sign what it sends, so use one.',
    ),
}

const reading = {
  /** Age of an accepted push in milliseconds. */
  timestampToleranceMs: whole(60_000, 24 * hour)
    .default(300_000)
    .describe(
      'Milliseconds a push’s timestamp may differ from our clock. Default 300000, at least 60000. Smaller refuses late retries, larger gives a stolen request more time.',
    ),
  /** Whether public mentions are answered. */
  answerMentions: z
    .boolean()
    .default(true)
    .describe(
      'Answer @mentions by direct message, once per contact and window. Default true. false: agents see them.',
    ),
  /** Whether names are fetched. */
  nicknames: z
    .boolean()
    .default(true)
    .describe(
      'Fetch nickname and picture of who writes: an API call a contact and week at most. Default true. false: no names, no pictures.',
    ),
}

const sending = {
  /** Milliseconds an answer is waited for within a request. */
  passiveBudgetMs: whole(0, 4_800)
    .default(4_200)
    .describe(
      'Milliseconds to wait for an answer within Weibo’s request, which Weibo ends after 5000. Default 4200. 0: all answers go by API.',
    ),
  /** What each action of a contact allows us. */
  allowances: z
    .strictObject({
      message: allowance(softCap, 'the contact wrote'),
      follow: allowance(softCap, 'the contact followed the account'),
      subscribe: allowance(softCap, 'the contact subscribed to its messages'),
      click: allowance(softCap, 'the contact pressed a menu key'),
      scan: allowance(softCap, 'the contact scanned a QR code'),
      mention: allowance(1, 'the contact mentioned the account'),
    })
    .prefault({})
    .describe('Messages we send after each action of a contact, and for how long Weibo takes them.'),
  /** Messages of each allowance kept for a person. */
  reservedForAgents: whole(0, 100)
    .default(5)
    .describe(
      'Messages of each allowance but mention only a person may use. Default 5. 0: the bot may use up all.',
    ),
  /** Characters of one text. */
  maxTextCharacters: whole(20, 299)
    .default(299)
    .describe(
      'Characters of one text message. Default 299: Weibo takes fewer than 300. Longer texts are split.',
    ),
  /** Turns links into cards. */
  articleImage: z
    .url({ protocol: /^https?$/, error: 'must be the http(s) address of a picture, best 280×155' })
    .optional()
    .describe(
      'Picture of link cards (图文). Optional; without one, which cards need, links are sent as text.',
    ),
  /** Whether sent messages stand in the account's own inbox. */
  keepInInbox: z
    .boolean()
    .default(true)
    .describe('Show what is sent by API in the account’s own 私信 too (save_sender_box). Default true.'),
  /** API calls a second. */
  sendsPerSecond: z.coerce
    .number()
    .min(0.1)
    .max(1_000)
    .default(10)
    .describe(
      'Messages one node sends a second at most. Default 10; with several nodes that send, divide it by their number. Too many calls an hour: Weibo stops us until the next hour.',
    ),
  /** The account's menu. */
  menu: menuConfig,
}

const addresses = {
  apiBase: base('https://api.weibo.com', 'contacts'),
  messageApiBase: base('https://m.api.weibo.com', 'messages and the menu'),
  uploadApiBase: base('https://upload.api.weibo.com', 'files'),
  /** Path of the send call. */
  replyPath: z
    .string()
    .regex(/^(?:\/[\w.-]+)+$/, 'must be a path such as /2/messages/reply.json')
    .default('/2/messages/reply.json')
    .describe(
      'Path of the send call below messageApiBase. Default /2/messages/reply.json; commercial accounts: /2/messages/reply/biz.json on https://c.api.weibo.com.',
    ),
}

/** The inbox's section of the configuration. */
export const weiboConfig = z
  .strictObject({ ...account, ...reading, ...sending, ...addresses })
  .superRefine(({ allowances, reservedForAgents }, context) => {
    const { message, follow, subscribe, click, scan } = allowances
    const least = Math.min(...[message, follow, subscribe, click, scan].map(({ count }) => count))
    if (reservedForAgents > 0 && reservedForAgents >= least)
      context.addIssue({
        code: 'custom',
        path: ['reservedForAgents'],
        message: `must be less than every allowance’s count (${least}), or the bot could never write`,
      })
  })
  .meta({ examples: [{ uid: '1902538057', appSecret: 'example-secret', accessToken: 'example-token' }] })

/** A checked inbox section. */
export type WeiboConfig = z.infer<typeof weiboConfig>

/** What a fan-service account can show and how often it may speak. */
export const capabilitiesOf = (config: WeiboConfig): Capabilities => ({
  // Counted in UTF-16 units, never fewer than Weibo's characters.
  text: { max: config.maxTextCharacters, unit: 'characters', markup: 'plain' },
  parts: ['text', 'location', ...(config.articleImage === undefined ? [] : (['link'] as const))],
  choices: { style: 'numbered', max: 10 },
  replyWindowMs: config.allowances.message.windowMs,
  allowances: {
    ...config.allowances,
    // One answer in all: the bot gives it, or nobody would.
    mention: { ...config.allowances.mention, reservedForAgents: 0 },
  },
  reservedForAgents: config.reservedForAgents,
  passiveOnly: false,
  typing: false,
  sendsPerSecond: config.sendsPerSecond,
})
