import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { isApiBase, parseEncodingAesKey } from '../kit/index.ts'
import { fileLimit } from './file-limit.ts'

const secret = { writeOnly: true } as const

const milliseconds = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const isAesKey = (value: string): boolean => parseEncodingAesKey(value) !== undefined
const aesKeyFault =
  'must be exactly 43 letters and digits; copy EncodingAESKey from 管理后台 → 应用管理 → your app → 接收消息 → 设置API接收'

const minute = 60_000
const hour = 60 * minute

const credentials = {
  /** The company's id, `ww…`. */
  corpId: z
    .string()
    .regex(/^w[wx][0-9A-Za-z]{6,60}$/, 'must be the 企业ID, ww…; see 管理后台 → 我的企业 → 企业信息')
    .describe('企业ID (CorpID) of the company, ww…. Required; pushes for another company are refused.'),
  /** The Secret of the self-built app. */
  secret: z
    .string()
    .min(1, 'must not be empty; see 管理后台 → 应用管理 → 自建 → your app → Secret')
    .meta(secret)
    .describe(
      'Secret of the self-built app that is listed under 微信客服 → 可调用接口的应用. Required; nothing can be read or sent without it.',
    ),
  /** Signs every push. */
  token: z
    .string()
    .regex(
      /^[A-Za-z0-9]{1,32}$/,
      'must be 1–32 letters and digits, the same as Token in the app’s 接收消息 → 设置API接收',
    )
    .meta(secret)
    .describe('Token of the app’s callback settings (接收消息). Required; it proves who is calling.'),
  /** Encrypts every push. */
  encodingAesKey: z
    .string()
    .refine(isAesKey, aesKeyFault)
    .meta(secret)
    .describe('EncodingAESKey of the app’s callback settings, 43 characters. Required.'),
  /** The key before the last change. */
  previousEncodingAesKey: z
    .string()
    .refine(isAesKey, aesKeyFault)
    .optional()
    .meta(secret)
    .describe('The EncodingAESKey before the last change. Optional; accepted beside the current one.'),
  /** The customer-service accounts this inbox serves. */
  openKfIds: z
    .array(z.string().regex(/^wk[\w-]{1,62}$/, 'must be the id of a customer-service account, wk…'))
    .min(1, 'needs at least one id, wk…; see 微信客服 → 客服账号, or call kf/account/list')
    .max(100)
    .describe(
      'Ids (open_kfid) of the customer-service accounts this inbox serves, wk…. Required. Each must be under 微信客服 → 通过API管理微信客服账号; other accounts of the app are left alone.',
    ),
}

const reading = {
  /** The platform's API. */
  apiBase: z
    .string()
    .refine(isApiBase, 'must be an https address without query, e.g. https://qyapi.weixin.qq.com')
    .default('https://qyapi.weixin.qq.com')
    .describe('Address of WeCom’s API. Default https://qyapi.weixin.qq.com; change it for a simulator.'),
  /** Age of an accepted push. */
  timestampToleranceMs: milliseconds(60_000, 86_400_000)
    .default(300_000)
    .describe('Milliseconds a push’s timestamp may differ from our clock. Default 300000, at least 60000.'),
  /** How often to look for messages without being told. */
  pollIntervalMs: z
    .union([z.literal(0), milliseconds(100, hour)])
    .default(minute)
    .describe(
      'Milliseconds between looks for messages whose push was lost. Default 60000. 0: never; then a lost push waits for the next one. Below 30000 the platform limits unasked calls (errcode 45009).',
    ),
  /** Most messages of one call. */
  pageSize: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000)
    .default(1_000)
    .describe('Messages fetched with one call. Default 1000, the most WeCom gives.'),
  /** How old a message may be at the very first look and still be answered. */
  firstSyncGraceMs: milliseconds(0, 24 * hour)
    .default(5 * minute)
    .describe(
      'At the very first start WeCom hands out the last 3 days. Messages older than this many milliseconds then become history and are not answered. Default 300000.',
    ),
  /** Voice format of received voice messages. */
  voiceFormat: z
    .enum(['amr', 'silk'])
    .default('amr')
    .describe('Format in which received voice messages are fetched. Default amr.'),
  /** How long what we know of a contact is kept. */
  customerCacheMs: milliseconds(0, 30 * 24 * hour)
    .default(24 * hour)
    .describe('Milliseconds a contact’s nickname and UnionID are remembered. Default 86400000 (a day).'),
}

const speaking = {
  /** Where people serve contacts. */
  handoff: z
    .enum(['desk', 'pool', 'agent'])
    .default('desk')
    .describe(
      'Where the bot hands a contact who needs a person. desk: our own desk, the session stays with the API. pool: WeCom’s waiting pool (待接入池). agent: the WeCom agent named in handoffAgent. Default desk.',
    ),
  /** Who serves under `handoff: agent`. */
  handoffAgent: z
    .string()
    .min(1)
    .max(64)
    .optional()
    .describe('userid of the agent (接待人员) who gets contacts under handoff: agent. No default.'),
  /** Milliseconds of silence after which a session moves to a person. */
  handoffDelayMs: milliseconds(0, minute)
    .default(1_500)
    .describe(
      'Milliseconds after the bot’s last words until the session moves to WeCom’s people, who alone may speak then. Default 1500.',
    ),
  /** Said with the platform's code when a contact starts to wait. */
  queuedText: z
    .string()
    .max(600)
    .optional()
    .describe('Said when a contact enters the waiting pool. Default none: the bot has said it already.'),
  /** Said when an agent of WeCom takes the contact. */
  servedText: z
    .string()
    .max(600)
    .optional()
    .describe('Said when an agent in WeCom takes the contact from the pool. Default none.'),
  /** Said when a session has ended. */
  endedText: z
    .string()
    .max(600)
    .optional()
    .describe('Said when an agent in WeCom ends the session. Default none.'),
  /** What a contact's message allows. */
  messageAllowance: z
    .strictObject({
      count: z.coerce
        .number()
        .int()
        .min(0)
        .max(100)
        .default(5)
        .describe('Messages allowed after a contact’s message. Default 5. More than WeCom’s: errcode 95001.'),
      windowMs: milliseconds(0, 7 * 24 * hour)
        .default(48 * hour)
        .describe('Milliseconds they may be sent in. Default 172800000 (48 h).'),
    })
    .prefault({})
    .describe('What WeCom lets us send after a contact has written.'),
  /** Milliseconds in which a welcome code works. */
  welcomeWindowMs: milliseconds(1_000, minute)
    .default(20_000)
    .describe('Milliseconds in which a contact who opened the chat may be welcomed. Default 20000.'),
  /** Slots of an allowance only a person may use. */
  reservedForAgents: z.coerce
    .number()
    .int()
    .min(0)
    .max(4)
    .default(1)
    .describe('Messages of the five that only a person may send. Default 1.'),
  /** Longest text we send. */
  maxTextBytes: z.coerce
    .number()
    .int()
    .min(200)
    .max(2_048)
    .default(2_048)
    .describe('Longest text of one message in bytes of UTF-8. Default 2048, WeCom’s limit.'),
  /** Whether `<a href>` works in texts. */
  textLinks: z
    .boolean()
    .default(true)
    .describe('Whether links in texts are written as <a href>. Default true. false: the bare address.'),
  /** Whether choices are shown as WeCom's menu. */
  menus: z
    .boolean()
    .default(true)
    .describe(
      'Whether choices are shown as a tappable menu (msgmenu). Default true. false: a numbered list.',
    ),
  /** A picture for link cards, which WeCom demands. */
  linkThumbnail: z
    .string()
    .min(1)
    .optional()
    .describe(
      'JPEG or PNG file shown on link cards (图文链接), which WeCom demands. Default none: links are sent as text.',
    ),
  /** Sends per second. */
  sendsPerSecond: z.coerce
    .number()
    .positive()
    .max(10_000)
    .default(50)
    .describe(
      'Messages one node sends a second at most, over all contacts. Default 50; with several nodes that send, divide it by their number. Too high: errcode 45009.',
    ),
}

/** The inbox's section of the configuration. */
export const wecomConfig = z
  .strictObject({ ...credentials, ...reading, ...speaking })
  .superRefine((config, context) => {
    if (config.handoff === 'agent' && config.handoffAgent === undefined)
      context.addIssue({
        code: 'custom',
        path: ['handoffAgent'],
        message: 'is needed with handoff: agent; the userid of a 接待人员, see 通讯录 → 成员 → 账号',
      })
  })
  .meta({
    examples: [
      {
        corpId: 'ww0a1b2c3d4e5f6071',
        secret: 'example-secret',
        token: 'exampleToken01',
        encodingAesKey: 'ZXhhbXBsZWtleW9mdGhlZG9jdW1lbnRhdGlvbjAxMjM',
        openKfIds: ['wkExampleExampleExampleExample01'],
      },
    ],
  })

/** A checked inbox section. */
export type WecomConfig = z.infer<typeof wecomConfig>

/** What a customer-service account can show and how often it may speak. */
export const capabilitiesOf = (config: WecomConfig): Capabilities => ({
  text: { max: config.maxTextBytes, unit: 'bytes', markup: config.textLinks ? 'links' : 'plain' },
  parts: [
    'text',
    'image',
    'audio',
    'video',
    'file',
    'location',
    ...(config.linkThumbnail === undefined ? [] : (['link'] as const)),
    ...(config.menus ? (['choices'] as const) : []),
  ],
  files: { image: fileLimit, audio: fileLimit, video: fileLimit, file: fileLimit },
  choices: { style: config.menus ? 'menu' : 'numbered', max: 10 },
  replyWindowMs: config.messageAllowance.windowMs,
  allowances: {
    message: config.messageAllowance,
    welcome: { count: 1, windowMs: config.welcomeWindowMs },
  },
  reservedForAgents: config.reservedForAgents,
  passiveOnly: false,
  typing: false,
  sendsPerSecond: config.sendsPerSecond,
})
