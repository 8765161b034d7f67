import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { isAllowEntry } from '../kit/index.ts'
import { maxInlineBytes } from './encode.ts'
import { isSigningSecret } from './signing.ts'

const secret = { writeOnly: true } as const

const signingSecret = z
  .string()
  .refine(
    isSigningSecret,
    'must be whsec_ and the base64 of 24–64 random bytes; make one with: echo whsec_$(openssl rand -base64 32)',
  )
  .meta(secret)

const count = (min: number, max: number, fallback: number) =>
  z.coerce.number().int().min(min).max(max).default(fallback)

const isAddress = (value: string): boolean => {
  if (!URL.canParse(value)) return false
  const { protocol, username, password, hash } = new URL(value)
  return /^https?:$/.test(protocol) && [username, password, hash].every((part) => part === '')
}

const isHttps = (value: string): boolean => URL.canParse(value) && new URL(value).protocol === 'https:'

/** The inbox's section of the configuration. */
export const apiConfig = z
  .strictObject({
    /** Signs both ways. */
    secret: signingSecret.describe(
      'Signing secret, whsec_… (Standard Webhooks). Required; both sides sign with it and check with it.',
    ),
    /** The secret before the last change. */
    previousSecret: signingSecret
      .optional()
      .describe(
        'The secret before the last change. Optional; while it stands here both are taken, and what we send carries both signatures.',
      ),
    /** Where our messages go. */
    webhookUrl: z
      .string()
      .refine(
        isAddress,
        'must be an https address without user name, password and #, e.g. https://forum.example.com/tongda',
      )
      .meta({ examples: ['https://forum.example.com/tongda'] })
      .describe('Address on your side that takes our messages. Required, https.'),
    /** Addresses that are not public and may be called. */
    allowAddresses: z
      .array(
        z
          .string()
          .refine(
            isAllowEntry,
            'must be a host name, an address or a CIDR range, e.g. forum.internal or 10.0.0.0/8',
          ),
      )
      .default([])
      .meta({ examples: [['forum.internal', '10.0.0.0/8']] })
      .describe(
        'Host names, addresses and CIDR ranges that may be called although they are private. Default none: webhookUrl and links to files must be public.',
      ),
    /** http to this machine. */
    allowLoopbackHttp: z
      .boolean()
      .default(false)
      .describe(
        'Whether http://localhost, http://127.0.0.1 and http://[::1] may be called. Default false; for trying things out.',
      ),
    /** How choices are shown. */
    choices: z
      .enum(['buttons', 'numbered'])
      .default('numbered')
      .describe(
        'buttons: choices come as such, and a press comes back as the event `choice`. numbered: as a text list to be answered by number. Default numbered.',
      ),
    /** Who reads what is said in a thread. */
    threads: z
      .enum(['public', 'private'])
      .default('public')
      .describe(
        'Who reads what is said in a thread: public – others, too (a forum), private – the contact alone (calls, orders). Default public: in threads no tool with identity: contact is called; without a thread it is.',
      ),
    /** Longest text. */
    maxTextCharacters: count(100, 20_000, 4_000).describe(
      'Characters (UTF-16 units) of one text we send. Default 4000; longer ones are split.',
    ),
    /** Largest request. */
    maxBodyBytes: count(1_024, 8_388_608, 1_048_576).describe(
      'Largest request we take, in bytes; files in base64 count. Default 1048576 (1 MB). Send larger files as links.',
    ),
    /** Largest file. */
    maxFileBytes: count(1_024, 104_857_600, 20_971_520).describe(
      'Largest file fetched from a link, in bytes. Default 20971520 (20 MB); never more than media.maxBytes.',
    ),
    /** Age of an accepted request. */
    timestampToleranceSeconds: count(60, 3_600, 300).describe(
      'Seconds a request’s timestamp may differ from our clock. Default 300.',
    ),
    /** Messages a second. */
    sendsPerSecond: z.coerce
      .number()
      .min(0.1)
      .max(1_000)
      .default(50)
      .describe(
        'Messages one node sends a second at most. Default 50; with several nodes that send, divide it by their number.',
      ),
    /** How long your server may take. */
    timeoutMs: count(1_000, 10_000, 10_000).describe(
      'Milliseconds your server may take to answer a message of ours. Default 10000.',
    ),
  })
  .superRefine(({ webhookUrl, allowLoopbackHttp, secret: current, previousSecret }, context) => {
    if (!isHttps(webhookUrl) && !allowLoopbackHttp)
      context.addIssue({
        code: 'custom',
        path: ['webhookUrl'],
        message: 'must be https; http is for this machine only, with allowLoopbackHttp: true',
      })
    if (current === previousSecret)
      context.addIssue({
        code: 'custom',
        path: ['previousSecret'],
        message: 'must be another one than secret; leave it out when there was none',
      })
  })
  .meta({
    examples: [
      {
        secret: 'whsec_ZXhhbXBsZS1zZWNyZXQtb2YtdGhlLWRvY3M=',
        webhookUrl: 'https://forum.example.com/tongda',
      },
    ],
  })

/** A checked inbox section. */
export type ApiConfig = z.output<typeof apiConfig>

const fileLimit = { maxBytes: maxInlineBytes } as const

/** What the brand's side can show: what it is told, it shows as it likes. */
export const capabilitiesOf = (config: ApiConfig): Capabilities => ({
  text: { max: config.maxTextCharacters, unit: 'characters', markup: 'plain' },
  parts: ['text', 'image', 'audio', 'video', 'file', 'location', 'link', 'sticker', 'choices'],
  files: { image: fileLimit, audio: fileLimit, video: fileLimit, file: fileLimit },
  choices: { style: config.choices, max: 10 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: false,
  sendsPerSecond: config.sendsPerSecond,
})
