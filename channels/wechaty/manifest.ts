import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'

const secret = { writeOnly: true } as const

const count = (min: number, max: number, fallback: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback)

/** The inbox's section of the configuration. */
export const wechatyConfig = z
  .strictObject({
    /** Which way Wechaty reaches WeChat. */
    puppet: z
      .string()
      .regex(
        /^(?:@[\w-]+\/)?wechaty-puppet-[\w-]+$/,
        'must be the name of a Wechaty puppet, e.g. wechaty-puppet-service',
      )
      .describe(
        'Wechaty puppet: wechaty-puppet-service, wechaty-puppet-wechat4u, or another that is installed in the bridge. Required. Puppets for personal WeChat break its terms of use and get accounts closed.',
      ),
    /** Of the puppet's provider. */
    token: z
      .string()
      .min(1)
      .optional()
      .meta(secret)
      .describe(
        'Token of the puppet’s provider. Default none; wechaty-puppet-service and padlocal need one.',
      ),
    /** What else the puppet wants. */
    puppetOptions: z
      .record(z.string(), z.unknown())
      .default({})
      .meta(secret)
      .describe('Further options of the puppet, passed as they stand. Default none.'),
    /** The separate npm project. */
    bridgeDir: z
      .string()
      .min(1)
      .default('channels/wechaty/bridge')
      .describe('Folder of the bridge, installed with npm ci. Default channels/wechaty/bridge.'),
    /** Where sessions live. */
    stateDir: z
      .string()
      .min(1)
      .default('data/wechaty')
      .describe(
        'Folder of the WeChat session and of the code to scan, one subfolder an inbox. Default data/wechaty; whoever reads it is signed in. Where several nodes share it, one that takes over signs in by itself.',
      ),
    /** Group chats. */
    rooms: z
      .enum(['mentioned', 'off'])
      .default('mentioned')
      .describe(
        'mentioned: in group chats only what names the account is heard. off: nothing. Default mentioned.',
      ),
    /** Age of a message still answered. */
    maxAgeSeconds: count(10, 86_400, 120).describe(
      'Seconds a message may be old. Default 120; older ones are repetitions after a login and are dropped.',
    ),
    /** Largest file. */
    maxFileBytes: count(1_024, 104_857_600, 20_971_520).describe(
      'Largest file taken or sent, in bytes. Default 20971520 (20 MB); a larger one is sent as a link.',
    ),
    /** Characters of one text. */
    maxTextCharacters: count(100, 5_000, 2_000).describe(
      'Characters of one text we send. Default 2000; longer ones are split.',
    ),
    /** Messages a second. */
    sendsPerSecond: z.coerce
      .number()
      .min(0.05)
      .max(1_000)
      .default(0.5)
      .describe(
        'Messages a second at most. Default 0.5; of several nodes the one that has the account sends. Faster accounts get limited by WeChat.',
      ),
    /** How long a send may take. */
    sendTimeoutMs: count(1_000, 120_000, 30_000).describe(
      'Milliseconds the bridge may take to send. Default 30000; then it is tried again.',
    ),
    /** Show what Wechaty prints. */
    debug: z
      .boolean()
      .default(false)
      .describe(
        'true: what Wechaty prints goes to standard error, names and words of contacts included. Default false.',
      ),
  })
  .meta({ examples: [{ puppet: 'wechaty-puppet-service', token: 'puppet_example' }] })

/** A checked inbox section. */
export type WechatyConfig = z.output<typeof wechatyConfig>

const fileLimits = (maxBytes: number) => ({ image: { maxBytes }, video: { maxBytes }, file: { maxBytes } })

/** What a personal account can show. */
export const capabilitiesOf = (config: WechatyConfig): Capabilities => ({
  files: fileLimits(config.maxFileBytes),
  text: { max: config.maxTextCharacters, unit: 'characters', markup: 'plain' },
  parts: ['text', 'image', 'video', 'file'],
  choices: { style: 'numbered', max: 10 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: false,
  sendsPerSecond: config.sendsPerSecond,
})
