import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'

/** Most characters (UTF-16 units, as browsers count) of one message, in both directions. */
export const maxTextCharacters = 4_000
/** Most bytes of one frame or request body. */
export const maxFrameBytes = 65_536
/** Deepest nesting of JSON that is read. */
export const maxJsonDepth = 16

const isHttpOrigin = (value: string): boolean => {
  const url = URL.canParse(value) ? new URL(value) : undefined
  return url !== undefined && /^https?:$/.test(url.protocol) && url.origin === value
}

const count = (fallback: number) => z.coerce.number().int().min(1).default(fallback)

const limits = z.object({
  messagesPer10s: count(20).describe(
    'Messages one visitor may send in 10 s over all tabs. Default 20; more are refused and can be sent later.',
  ),
  framesPer10s: count(100).describe(
    'Frames of any kind one socket may send in 10 s. Default 100; more closes it with 4029.',
  ),
  requestsPer10s: count(100).describe(
    'HTTP requests of one visitor in 10 s. Default 100; more are answered 429.',
  ),
  socketsPerVisitor: count(5).describe(
    'Sockets and waiting polls one visitor may hold. Default 5; a further one replaces the oldest (4008).',
  ),
  sessionsPerMinute: count(30).describe(
    'Sessions one address (IPv6: one /64) may start or renew in a minute. Default 30; more are answered 429.',
  ),
  sessionsPerMinuteTotal: count(3_000).describe(
    'The same for all addresses together; bounds the memory of the limiters. Default 3000.',
  ),
  identitiesPerMinute: count(30).describe(
    'How often one customer may be identified in a minute, and how many bad tokens one address may bring. Default 30; more are answered 429.',
  ),
  pendingSocketsPerAddress: count(20).describe(
    'Sockets of one address that have not signed in yet. Default 20; more upgrades are refused.',
  ),
  sockets: count(10_000).describe(
    'Open sockets of the inbox on one node. Default 10000; more upgrades are refused, clients poll instead.',
  ),
  uploadsPerMinute: count(10).describe(
    'Files one visitor may send in a minute. Default 10; more are refused and can be sent later.',
  ),
  uploadBytesPerHour: count(209_715_200).describe(
    'Bytes of files that one address (IPv6: one /64) may send in an hour. Default 209715200 (200 MB). One file of media.maxBytes always fits.',
  ),
  uploadsAtOnce: count(8).describe(
    'Files on their way to one node at a time, each held in memory up to media.maxBytes. Default 8; more are asked to come again.',
  ),
  softBufferBytes: count(262_144).describe(
    'Unsent bytes from which typing is dropped and history waits. Default 256 kB.',
  ),
  hardBufferBytes: count(1_048_576).describe(
    'Unsent bytes at which a socket is closed with 1013. Default 1 MB.',
  ),
  slowConsumerMs: count(10_000).describe(
    'Milliseconds a socket may stay above the soft limit before it is closed with 1013. Default 10 s.',
  ),
})

const secret = { writeOnly: true } as const
const words = (what: string, most: number) => z.string().trim().min(1).max(most).describe(what)

const channelOf = (part: string): number => {
  const share = Number.parseInt(part, 16) / 255
  return share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
}
/** Contrast of white with a colour `#rrggbb`, by WCAG 2. */
const contrastWithWhite = (colour: string): number => {
  const [red, green, blue] = [1, 3, 5].map((at) => channelOf(colour.slice(at, at + 2)))
  return 1.05 / (0.2126 * (red ?? 0) + 0.7152 * (green ?? 0) + 0.0722 * (blue ?? 0) + 0.05)
}
/** White words on it can be read by most people. */
const leastContrast = 4.5

const widget = z.strictObject({
  name: z
    .strictObject({
      zh: words('Chinese, at most 20 characters.', 20),
      en: words('English, at most 40 characters.', 40),
    })
    .default({ zh: '在线客服', en: 'Support' })
    .describe('What stands above the chat. Default 在线客服, Support.'),
  colour: z
    .string()
    .regex(/^#[0-9a-f]{6}$/i, 'must be a colour like #0b6bcb')
    .refine(
      (colour) => contrastWithWhite(colour) >= leastContrast,
      'is too light for white words; choose a darker one (contrast 4.5:1)',
    )
    .default('#0b6bcb')
    .describe(
      'Colour of the button, the head and what the visitor says. Default #0b6bcb. Pages can change it by CSS variables.',
    ),
  side: z
    .enum(['left', 'right'])
    .default('right')
    .describe('The side of the page on which the button stands. Default right.'),
  quickReplies: z
    .array(
      z.strictObject({
        zh: words('Chinese, at most 20 characters.', 20),
        en: words('English, at most 40 characters.', 40),
      }),
    )
    .max(4)
    .default([])
    .describe(
      'Questions that visitors ask at a press, at most 4; 找人工 always stands behind them. Default none.',
    ),
})

const identity = z.strictObject({
  secret: z
    .string()
    .min(32, 'must be at least 32 characters; make one with: openssl rand -base64 32')
    .meta(secret)
    .describe(
      'What your server signs identity tokens with (HS256); at least 32 characters. Whoever has it can write as any customer.',
    ),
  realm: z
    .string()
    .regex(/^[\w-]{1,64}$/, 'must be letters, digits, - and _')
    .optional()
    .describe(
      "Inboxes of one realm know the same customer ids. Default: the inbox's id, so that each inbox has its own.",
    ),
  maxMinutes: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_440)
    .default(60)
    .describe('Minutes an identity token may live; one that lives longer is refused. Default 60.'),
  sessionHours: z.coerce
    .number()
    .int()
    .min(1)
    .max(168)
    .default(12)
    .describe('Hours a customer’s session lasts; then the page identifies them again. Default 12.'),
})

/** The web inbox's section of the configuration. */
export const webConfig = z
  .object({
    publicUrl: z
      .url({
        protocol: /^https?$/,
        error: 'must be an http(s) address, e.g. https://chat.example.com',
      })
      .describe(
        "The product's own address as browsers see it, e.g. `https://chat.example.com`. No default: never guessed from requests.",
      ),
    origins: z
      .array(
        z
          .string()
          .refine(
            isHttpOrigin,
            'must be scheme://host[:port] and nothing else, e.g. https://www.example.com',
          ),
      )
      .min(1)
      .optional()
      .describe(
        'Origins whose pages may open the chat, each exactly `scheme://host[:port]`. Default: the origin of publicUrl alone. When set, the page of the inbox works only if its origin is listed.',
      ),
    page: z
      .boolean()
      .default(true)
      .describe(
        'Whether the inbox has a page of its own at `/page`, which holds the widget. Default true; turn it off where visitors only come to your pages.',
      ),
    sessionDays: z.coerce
      .number()
      .int()
      .min(1)
      .max(365)
      .default(30)
      .describe(
        "Days a visitor's session lasts; renewed on a visit in its second half. Default 30; afterwards the visitor is new.",
      ),
    authTimeoutMs: z.coerce
      .number()
      .int()
      .min(10)
      .max(60_000)
      .default(5_000)
      .describe('Milliseconds a socket may take to sign in before it is closed with 4001. Default 5 s.'),
    widget: widget.prefault({}).describe('How the widget looks on every page.'),
    identity: identity
      .optional()
      .describe(
        'Lets your pages say who the visitor is, by a signed token. Default: everybody is a stranger.',
      ),
    limits: limits.prefault({}),
  })
  .meta({ examples: [{ publicUrl: 'https://chat.example.com' }] })

export type WebConfig = z.output<typeof webConfig>
export type WebLimits = WebConfig['limits']

/** What the web chat can show; nothing limits when or how often we may speak. */
export const capabilities: Capabilities = {
  text: { max: maxTextCharacters, unit: 'characters', markup: 'plain' },
  parts: ['text', 'choices', 'link', 'image', 'audio', 'video', 'file'],
  choices: { style: 'buttons', max: 8 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: true,
  sendsPerSecond: 1_000,
}
