import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'

const secret = { writeOnly: true } as const

const loopbackHosts: ReadonlySet<string> = new Set(['localhost', '127.0.0.1', '::1'])

/** Whether a host is this machine. */
export const isLoopback = (host: string): boolean => loopbackHosts.has(host.toLowerCase())

const mailAddress = (what: string) =>
  z
    .string()
    .regex(
      /^[^\s@<>"+,;:]{1,48}@[^\s@<>",;:]{1,200}$/,
      `must be ${what}, e.g. support@example.com (without +…)`,
    )

const hostName = z.string().regex(/^[\w.:-]{1,253}$/, 'must be a host name, e.g. imap.example.com')

const port = (fallback?: number) => {
  const number = z.coerce.number().int().min(1).max(65_535)
  return fallback === undefined ? number : number.default(fallback)
}

const plainHeader = z
  .string()
  .max(200)
  .regex(/^[^\p{Cc}]*$/u, 'must not hold line ends or other control characters')

const tls = (implicitPort: number) =>
  z
    .enum(['implicit', 'starttls', 'none'])
    .optional()
    .describe(
      `How the connection is protected. Default implicit on port ${implicitPort}, starttls on any other. none: only for a server on this machine.`,
    )

const filePath = z.string().min(1).max(1_000)

const caFile = filePath
  .optional()
  .meta({ examples: ['/etc/tongda/ca.pem'] })
  .describe(
    'PEM file with the certificates that are believed, for a private CA or a self-signed certificate; then no others are. Default: the public CAs. Read at every connection.',
  )

const password = (what: string) =>
  z
    .string()
    .min(1)
    .optional()
    .meta(secret)
    .describe(
      `Password of ${what}. QQ, 163 and exmail want an authorisation code (授权码) instead, Gmail an app password. No default.`,
    )

const oauth = z
  .strictObject({
    tokenUrl: z
      .string()
      .refine(
        (value) =>
          URL.canParse(value) &&
          (new URL(value).protocol === 'https:' || isLoopback(new URL(value).hostname.replace(/[[\]]/g, ''))),
        'must be an https address',
      )
      .meta({ examples: ['https://login.microsoftonline.com/common/oauth2/v2.0/token'] })
      .describe('Where access tokens are fetched. Required.'),
    clientId: z.string().min(1).describe('Id of the registered application. Required.'),
    clientSecret: z.string().min(1).optional().meta(secret).describe('Secret of the application. Optional.'),
    refreshToken: z
      .string()
      .min(1)
      .optional()
      .meta(secret)
      .describe('Refresh token of the mailbox. Left out: the application’s own rights (client credentials).'),
    scope: z.string().min(1).optional().describe('Scope to ask for. Optional; Microsoft needs one.'),
  })
  .optional()
  .describe('Sign in with OAuth 2.0 (XOAUTH2) instead of a password. Microsoft 365 knows nothing else.')

const imap = z
  .strictObject({
    host: hostName.describe('IMAP server, e.g. imap.exmail.qq.com. Required.'),
    port: port(993).describe('Its port. Default 993.'),
    tls: tls(993),
    caFile,
    user: z.string().min(1).optional().describe('Login name. Default: the address.'),
    password: password('the IMAP login'),
    mailbox: z.string().min(1).default('INBOX').describe('Mailbox to read. Default INBOX.'),
    pollMs: z.coerce
      .number()
      .int()
      .min(1_000)
      .max(3_600_000)
      .default(60_000)
      .describe(
        'Milliseconds between looks even when the server announces nothing. Default 60000. Longer: providers that announce late are heard later.',
      ),
    sentFolder: z
      .string()
      .min(1)
      .max(200)
      .optional()
      .meta({ examples: ['Sent', '已发送', 'auto'] })
      .describe(
        'Mailbox that gets a copy of every answer; auto: the one the server marks as Sent. Default none: Gmail, Outlook and, when switched on, exmail keep copies themselves, and would have two.',
      ),
    idle: z
      .boolean()
      .default(true)
      .describe('Let the server announce new mail (IDLE). Default true. false: looks every pollMs alone.'),
    backfillDays: z.coerce
      .number()
      .int()
      .min(0)
      .max(365)
      .default(0)
      .describe(
        'Days of older mail taken, and answered, when the mailbox is first read. Default 0: only what comes from now on.',
      ),
  })
  .optional()
  .describe('Fetch mail by IMAP. Give this, receiver, or both.')

const smtp = z
  .strictObject({
    host: hostName.describe('SMTP server for sending, e.g. smtp.exmail.qq.com. Required.'),
    port: port(465).describe('Its port. Default 465.'),
    tls: tls(465),
    caFile,
    user: z
      .string()
      .min(1)
      .optional()
      .describe('Login name. Default: the address, when there is a password.'),
    password: password('the SMTP login'),
  })
  .describe('Where answers are handed in.')

const receiver = z
  .strictObject({
    protocol: z
      .enum(['lmtp', 'smtp'])
      .default('lmtp')
      .describe('What the mail server speaks to us. Default lmtp (Postfix, Dovecot and others).'),
    host: hostName
      .default('127.0.0.1')
      .describe('Address to listen on. Default 127.0.0.1; any other needs user and password.'),
    port: port().describe('Port to listen on. Required, e.g. 8024.'),
    user: z
      .string()
      .min(1)
      .optional()
      .describe('Name the mail server must sign in with. Optional on 127.0.0.1.'),
    password: z.string().min(8).optional().meta(secret).describe('Its password, at least 8 characters.'),
    tls: z
      .strictObject({
        certFile: filePath.describe('PEM file of our certificate, with its chain. Required.'),
        keyFile: filePath.describe('PEM file of its private key. Required.'),
        mode: z
          .enum(['starttls', 'implicit'])
          .default('starttls')
          .describe(
            'starttls: begins in clear and must turn to TLS before a mail. implicit: TLS from the start.',
          ),
      })
      .optional()
      .describe('Take mail over TLS alone. Both files are read anew every hour. Default: no TLS.'),
  })
  .optional()
  .describe('Take mail that your own mail server hands over, without polling.')

const limit = (fallback: number, what: string) =>
  z.coerce.number().int().min(0).max(1_000).default(fallback).describe(`${what} Default ${fallback}.`)

/** The inbox's section of the configuration. */
export const emailConfig = z
  .strictObject({
    address: mailAddress('the address customers write to').describe(
      'The address customers write to. Required.',
    ),
    name: plainHeader.default('').describe('Name beside the address in answers. Default none.'),
    aliases: z
      .array(mailAddress('an address'))
      .default([])
      .describe('Further addresses whose mail arrives here. Default none.'),
    imap,
    receiver,
    smtp,
    oauth,
    authservId: z
      .string()
      .min(1)
      .optional()
      .meta({ examples: ['mx1.example.com'] })
      .describe(
        'Name under which your own mail server writes Authentication-Results. Default none: no sender counts as proven.',
      ),
    plusAddressing: z
      .boolean()
      .default(true)
      .describe(
        'Put a signed address (name+…@) into Reply-To, by which answers find their conversation. Default true; false where the provider refuses such addresses (QQ 个人邮箱).',
      ),
    messageIdDomain: hostName
      .optional()
      .describe('Right side of our Message-IDs. Default: the domain of the address.'),
    bounceAddress: mailAddress('the address bounces go to')
      .optional()
      .describe(
        'Envelope sender; bounces come to name+<id>@ and must be delivered to this inbox. Default: the address itself.',
      ),
    subject: plainHeader
      .min(1)
      .default('客服消息 / Message from support')
      .describe('Subject of a mail that answers none. Default 客服消息 / Message from support.'),
    autoReplies: z
      .strictObject({
        perThreadPerDay: limit(3, 'Automatic answers in one conversation within 24 hours.'),
        perSenderPerHour: limit(4, 'Automatic answers to one address within an hour.'),
        perSenderPerDay: limit(20, 'Automatic answers to one address within 24 hours.'),
      })
      .prefault({})
      .describe('Ends loops of two machines that answer each other. Above a limit a person takes over.'),
    sendsPerSecond: z.coerce
      .number()
      .min(0.01)
      .max(1_000)
      .default(1)
      .describe(
        'Mails one node sends a second at most. Default 1; with several nodes that send, divide it by their number. Providers refuse senders that are too fast.',
      ),
  })
  .superRefine((config, context) => {
    const fault = (path: readonly string[], message: string): void =>
      context.addIssue({ code: 'custom', path: [...path], message })
    if (config.imap === undefined && config.receiver === undefined)
      fault(['imap'], 'or receiver is needed: without one no mail comes in')
    for (const name of ['imap', 'smtp'] as const) {
      const server = config[name]
      if (server?.tls === 'none' && !isLoopback(server.host))
        fault([name, 'tls'], 'none is for a server on this machine only; use implicit or starttls')
    }
    if (config.imap !== undefined && config.imap.password === undefined && config.oauth === undefined)
      fault(['imap', 'password'], 'or oauth is needed; see docs/channels/email.md for your provider')
    const { receiver: door } = config
    if (door !== undefined && !isLoopback(door.host) && door.password === undefined)
      fault(['receiver', 'password'], 'is needed when receiver.host is not this machine')
    if (door !== undefined && (door.user === undefined) !== (door.password === undefined))
      fault(['receiver', 'user'], 'and receiver.password belong together')
  })
  .meta({
    examples: [
      {
        address: 'support@shop.example',
        smtp: { host: 'smtp.shop.example', user: 'support@shop.example', password: 'example' },
        imap: { host: 'imap.shop.example', user: 'support@shop.example', password: 'example' },
      },
    ],
  })

/** A checked inbox section. */
export type EmailConfig = z.infer<typeof emailConfig>

/** How a connection is protected when nothing else is said. */
export const protectionOf = (
  server: { readonly port: number; readonly tls?: 'implicit' | 'starttls' | 'none' | undefined },
  implicitPort: number,
): 'implicit' | 'starttls' | 'none' => server.tls ?? (server.port === implicitPort ? 'implicit' : 'starttls')

/** Mail servers take 20 to 25 MB, and base64 makes a file a third larger; a larger one goes as a link. */
const fileLimit = { maxBytes: 10_485_760 } as const

/** What mail can show and how often it may speak. */
export const capabilitiesOf = ({ sendsPerSecond }: EmailConfig): Capabilities => ({
  text: {
    max: 50_000,
    unit: 'characters',
    markup: 'plain',
    // A mail is a page: an answer's pictures stand between its words.
    pictures: { maxBytes: 5_242_880 },
  },
  parts: ['text', 'image', 'audio', 'video', 'file'],
  files: { image: fileLimit, audio: fileLimit, video: fileLimit, file: fileLimit },
  choices: { style: 'numbered', max: 10 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: false,
  sendsPerSecond,
})
