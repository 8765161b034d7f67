import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { isApiBase, parseEncodingAesKey } from '../kit/index.ts'
import { menuConfig } from './menu.ts'
import { fileLimits } from './upload-media.ts'

const secret = { writeOnly: true } as const

const milliseconds = (min: number, max: number) => z.coerce.number().int().min(min).max(max)

const isAesKey = (value: string): boolean => parseEncodingAesKey(value) !== undefined
const aesKeyFault = 'must be exactly 43 letters and digits; copy EncodingAESKey from 开发者平台 → 消息推送'

const allowance = (count: number, windowMs: number, action: string) =>
  z
    .strictObject({
      /** Messages. */
      count: z.coerce
        .number()
        .int()
        .min(0)
        .max(1000)
        .default(count)
        .describe(
          `Messages allowed after ${action}. Default ${count}. Higher than WeChat's own count: errcode 45047.`,
        ),
      /** Milliseconds. */
      windowMs: milliseconds(0, 2_592_000_000)
        .default(windowMs)
        .describe(
          `Milliseconds they may be sent in. Default ${windowMs}. Longer than WeChat's own: errcode 45015.`,
        ),
    })
    .prefault({})

const minute = 60_000
const hour = 60 * minute

const account = {
  /** The account's own id, `gh_…`. */
  originalId: z
    .string()
    .regex(/^gh_\w{1,60}$/, 'must look like gh_0123456789ab; see 设置 → 账号信息 → 原始ID')
    .optional()
    .describe(
      'Original id (原始ID) of the account, gh_…. Optional; set, pushes for another account are refused.',
    ),
  /** The developer id, `wx…`. */
  appId: z
    .string()
    .regex(/^wx[0-9A-Za-z]{1,60}$/, 'must be the AppID, wx…; see 开发者平台 → 基础信息')
    .describe('AppID of the account, wx…. Required; encrypted pushes for another AppID are refused.'),
  /** The developer secret. */
  appSecret: z
    .string()
    .min(1, 'must not be empty; leave the key out for passive-only use')
    .optional()
    .meta(secret)
    .describe(
      'AppSecret. No default. Left out: answers ride on WeChat’s own requests only (passive-only), and received pictures, voice and video are not downloaded.',
    ),
  /** Signs every push. */
  token: z
    .string()
    .regex(
      /^[A-Za-z0-9]{3,32}$/,
      'must be 3–32 letters and digits, the same as Token in 开发者平台 → 消息推送',
    )
    .meta({ ...secret, generate: 'token' })
    .describe(
      'Token of the message push settings, 3–32 letters and digits. Required; it proves who is calling.',
    ),
  /** Encrypts every push. */
  encodingAesKey: z
    .string()
    .refine(isAesKey, aesKeyFault)
    .optional()
    .meta({ ...secret, generate: 'aes-key' })
    .describe('EncodingAESKey, 43 characters. No default; required in the modes safe and compatible.'),
  /** The key before the last change. */
  previousEncodingAesKey: z
    .string()
    .refine(isAesKey, aesKeyFault)
    .optional()
    .meta(secret)
    .describe(
      'The EncodingAESKey before the last change. Optional; WeChat may use it for a while after a change.',
    ),
}

const behaviour = {
  /** How pushes are protected. */
  mode: z
    .enum(['plain', 'compatible', 'safe'])
    .default('safe')
    .describe(
      'Encryption mode, the same as in 消息推送. Default safe. Anything that arrives in another mode is refused; plain protects no content.',
    ),
  /** How answers leave. */
  replyMode: z
    .enum(['auto', 'passive-only'])
    .default('auto')
    .describe(
      'auto: within the request, else through the customer-service API. passive-only: within the request alone, for accounts without the send right (errcode 48001). Default auto.',
    ),
  /** Milliseconds an answer is waited for within a request. */
  passiveBudgetMs: milliseconds(0, 4_800)
    .default(4_200)
    .describe(
      'Milliseconds to wait for an answer within WeChat’s request, which WeChat ends after 5000. Default 4200. 0: all answers go by API.',
    ),
  /** What the last attempt says when the answer is late and no API can send it. */
  lateAnswerText: z
    .string()
    .min(1)
    .max(200)
    .default('您的消息已收到，正在为您处理。请稍后发送任意字符（例如 1）查看回复。')
    .describe(
      'Passive-only: what the contact hears when the answer is not ready at WeChat’s third attempt. Default asks to send any character; the answer rides on that message.',
    ),
  /** The platform's API. */
  apiBase: z
    .string()
    .refine(
      isApiBase,
      'must be an https address without query, e.g. https://api.weixin.qq.com (http for loopback only)',
    )
    .default('https://api.weixin.qq.com')
    .describe(
      'Address of WeChat’s API. Default https://api.weixin.qq.com; change it for a regional host or a simulator.',
    ),
  /** Age of an accepted push in milliseconds. */
  timestampToleranceMs: milliseconds(60_000, 86_400_000)
    .default(300_000)
    .describe(
      'Milliseconds a push’s timestamp may differ from our clock. Default 300000, at least 60000. Smaller refuses late retries, larger gives a stolen request more time.',
    ),
  /** What each action of a contact allows us. */
  allowances: z
    .strictObject({
      message: allowance(5, 48 * hour, 'the contact wrote'),
      click: allowance(3, minute, 'the contact pressed a menu key'),
      follow: allowance(3, minute, 'the contact followed the account'),
      scan: allowance(3, minute, 'the contact scanned a QR code'),
    })
    .prefault({})
    .describe('Messages WeChat lets us send after each action of a contact, and for how long.'),
  /** Messages of each allowance kept for a person. */
  reservedForAgents: z.coerce
    .number()
    .int()
    .min(0)
    .max(100)
    .default(1)
    .describe('Messages of each allowance only a person may use. Default 1. 0: the bot may use up all.'),
  /** Bytes of one text. */
  maxTextBytes: z.coerce
    .number()
    .int()
    .min(100)
    .max(2_048)
    .default(2_000)
    .describe(
      'UTF-8 bytes of one text message. Default 2000. Longer texts are split; above WeChat’s limit: errcode 45002.',
    ),
  /** Choices as native menus. */
  menus: z
    .boolean()
    .default(false)
    .describe(
      'Show choices as WeChat’s tappable menu. Default false: a numbered list. Needs a verified service account; others fall back to the list.',
    ),
  /** API calls a second. */
  sendsPerSecond: z.coerce
    .number()
    .min(0.1)
    .max(1_000)
    .default(20)
    .describe(
      'Messages one node sends a second at most. Default 20; with several nodes that send, divide it by their number. Too many: WeChat asks to wait (errcode 45011).',
    ),
  /** The account's own menu. */
  menu: menuConfig.optional(),
}

/** A section as an operator would write it; nothing in it is anybody's. */
const example = {
  appId: 'wx0a1b2c3d4e5f6071',
  appSecret: 'example-secret',
  token: 'exampleToken01',
  encodingAesKey: 'ZXhhbXBsZWtleW9mdGhlZG9jdW1lbnRhdGlvbjAxMjM',
}

/** The inbox's section of the configuration. */
export const wechatConfig = z
  .strictObject({ ...account, ...behaviour })
  .superRefine((config, context) => {
    const fault = (path: string, message: string): void =>
      context.addIssue({ code: 'custom', path: [path], message })
    if (config.mode !== 'plain' && config.encodingAesKey === undefined)
      fault(
        'encodingAesKey',
        `is needed in mode ${config.mode}; copy it from 开发者平台 → 消息推送, or set mode: plain`,
      )
    if (config.previousEncodingAesKey !== undefined && config.encodingAesKey === undefined)
      fault('previousEncodingAesKey', 'needs encodingAesKey beside it; move the only key there')
  })
  .meta({ examples: [example] })

/** A checked inbox section. */
export type WechatConfig = z.infer<typeof wechatConfig>

/** Whether nothing can be sent but answers to requests. */
export const isPassiveOnly = (config: WechatConfig): boolean =>
  config.appSecret === undefined || config.replyMode === 'passive-only'

/** What an account of this kind can show and how often it may speak. */
export const capabilitiesOf = (config: WechatConfig): Capabilities => {
  const passiveOnly = isPassiveOnly(config)
  const files = config.appSecret === undefined ? [] : (['image', 'audio', 'video'] as const)
  return {
    text: { max: config.maxTextBytes, unit: 'bytes', markup: 'links' },
    parts: ['text', 'link', ...files, ...(config.menus ? (['choices'] as const) : [])],
    files: fileLimits,
    choices: { style: config.menus ? 'menu' : 'numbered', max: 10 },
    replyWindowMs: config.allowances.message.windowMs,
    allowances: config.allowances,
    reservedForAgents: config.reservedForAgents,
    passiveOnly,
    typing: !passiveOnly,
    sendsPerSecond: config.sendsPerSecond,
  }
}
