import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'

const secret = { writeOnly: true } as const

const loopback: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '[::1]'])

/** Telegram calls https on four ports only; a Bot API server of one's own on this machine may call http. */
const isCallable = (value: string): boolean => {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, port, origin } = new URL(value)
  if (origin !== value) return false
  return protocol === 'https:' ? ['', '80', '88', '8443'].includes(port) : loopback.has(hostname)
}

const isApiRoot = (value: string): boolean => {
  if (!URL.canParse(value) || value.endsWith('/')) return false
  const { protocol, hostname, username, password, search, hash } = new URL(value)
  const safe = protocol === 'https:' || (protocol === 'http:' && loopback.has(hostname))
  return safe && [username, password, search, hash].every((part) => part === '')
}

const bytes = (fallback: number) => z.coerce.number().int().min(1).max(2_097_152_000).default(fallback)

/** The inbox's section of the configuration. */
export const telegramConfig = z
  .strictObject({
    /** The bot's password; stands in every address we call. */
    token: z
      .string()
      .regex(
        /^\d{5,15}:[A-Za-z0-9_-]{30,64}$/,
        'must look like 123456789:AA…; in Telegram ask @BotFather for it with /mybots → API Token',
      )
      .meta(secret)
      .describe('Token of the bot from @BotFather (/mybots → API Token). Required.'),
    /** How updates come. */
    receive: z
      .enum(['webhook', 'polling'])
      .default('webhook')
      .describe(
        'webhook: Telegram calls us; needs an https address. polling: we ask; works behind any firewall, one node asks for all. Default webhook.',
      ),
    /** Where Telegram reaches this server. */
    publicUrl: z
      .string()
      .optional()
      .describe(
        'Address of this server as Telegram calls it, https on port 443, 80, 88 or 8443, without a path. Default server.publicUrl. Unused when polling.',
      ),
    /** Proves that a webhook call is Telegram's. */
    webhookSecret: z
      .string()
      .regex(
        /^[A-Za-z0-9_-]{16,256}$/,
        'must be 16–256 letters, digits, _ or -; leave it out to have one made',
      )
      .optional()
      .meta(secret)
      .describe(
        'Secret that Telegram returns with each webhook call. Default: made at first start and kept encrypted.',
      ),
    /** The Bot API. */
    apiRoot: z
      .string()
      .refine(isApiRoot, 'must be an https address without a slash at its end (http for loopback only)')
      .default('https://api.telegram.org')
      .describe(
        'Address of the Bot API. Default https://api.telegram.org. Set it for a Bot API server or relay of your own, e.g. where Telegram is not reachable.',
      ),
    /** What to do in groups. */
    groups: z
      .enum(['mentions', 'ignore'])
      .default('mentions')
      .describe(
        'mentions: in groups only what names the bot or replies to it is read. ignore: groups are not read at all. Default mentions.',
      ),
    /** Seconds one poll waits. */
    pollSeconds: z.coerce
      .number()
      .int()
      .min(0)
      .max(50)
      .default(25)
      .describe(
        'Seconds one poll waits for news at Telegram. Default 25. 0 asks without waiting: tests only.',
      ),
    /** Seconds between two looks at the webhook. */
    webhookCheckSeconds: z.coerce
      .number()
      .min(0.05)
      .max(86_400)
      .default(300)
      .describe(
        'Seconds between two looks at how the webhook fares at Telegram (getWebhookInfo). Default 300; the inbox list shows what is wrong.',
      ),
    /** UTF-16 units of one text. */
    maxTextCharacters: z.coerce
      .number()
      .int()
      .min(100)
      .max(4_096)
      .default(4_096)
      .describe('UTF-16 units of one text. Default 4096, Telegram’s limit; longer texts are split.'),
    /** Bytes of a file from a contact. */
    maxDownloadBytes: bytes(20_971_520).describe(
      'Largest file fetched, in bytes. Default 20971520 (20 MB), Telegram’s limit; a Bot API server of one’s own gives more. media.maxBytes holds too.',
    ),
    /** Bytes of a file to a contact. */
    maxUploadBytes: bytes(52_428_800).describe(
      'Largest file sent, in bytes. Default 52428800 (50 MB), Telegram’s limit; a Bot API server of one’s own takes more.',
    ),
    /** Previews of links. */
    linkPreviews: z
      .boolean()
      .default(false)
      .describe('Whether Telegram shows a preview below texts with links. Default false.'),
    /** Sends a second. */
    sendsPerSecond: z.coerce
      .number()
      .min(0.1)
      .max(1_000)
      .default(25)
      .describe(
        'Messages one node sends a second at most. Default 25; Telegram suggests 30: with several nodes that send, divide it by their number. Too many: Telegram asks to wait, and we do.',
      ),
  })
  .superRefine(({ receive, publicUrl }, context) => {
    if (receive === 'polling' || (publicUrl !== undefined && isCallable(publicUrl))) return
    const message =
      'must be https://host without a path, on port 443, 80, 88 or 8443: set server.publicUrl to it, or receive: polling when Telegram cannot reach this server'
    context.addIssue({ code: 'custom', path: ['publicUrl'], message })
  })
  .meta({ examples: [{ token: '1234567890:AAExampleExampleExampleExampleExample', receive: 'polling' }] })

/** A checked inbox section. */
export type TelegramConfig = z.infer<typeof telegramConfig>

/** The bot's own user id: the part of the token before the colon. */
export const botIdOf = ({ token }: Pick<TelegramConfig, 'token'>): string => token.split(':')[0] ?? ''

/** What Telegram can show. `styles`: a rendered text holds a few tags alone; `html.ts` makes it Telegram's HTML. */
export const capabilitiesOf = (config: TelegramConfig): Capabilities => {
  // What Telegram cannot show as a picture, voice or film travels as a document.
  const fileLimit = { maxBytes: config.maxUploadBytes }
  return {
    text: { max: config.maxTextCharacters, unit: 'characters', markup: 'styles' },
    parts: ['text', 'choices', 'image', 'audio', 'video', 'file', 'location'],
    files: { image: fileLimit, audio: fileLimit, video: fileLimit, file: fileLimit },
    choices: { style: 'buttons', max: 20 },
    allowances: {},
    reservedForAgents: 0,
    passiveOnly: false,
    typing: true,
    sendsPerSecond: config.sendsPerSecond,
  }
}
