import { z } from 'zod'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { isLoopback } from './service-url.ts'

const secret = { writeOnly: true } as const
const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i

/** https, or http on this machine: the simulator. */
const isSafe = (value: string): boolean => {
  if (!URL.canParse(value)) return false
  const { protocol, hostname, username, password, hash } = new URL(value)
  const safe = protocol === 'https:' || (protocol === 'http:' && isLoopback(hostname))
  return safe && [username, password, hash].every((part) => part === '')
}

const address = (fallback: string, what: string) =>
  z
    .string()
    .refine(isSafe, 'must be an https address (http for loopback only)')
    .default(fallback)
    .describe(`${what} Default ${fallback}. For tests and the 21Vianet cloud (世纪互联).`)

const hostPattern = /^(?:\*\.)?[a-z0-9.[\]:-]{1,253}$/i

const hosts = (fallback: readonly string[], what: string) =>
  z
    .array(z.string().regex(hostPattern, 'must be a host name, or *.domain for all below a domain'))
    .default([...fallback])
    .describe(`${what} Default ${fallback.join(', ')}.`)

/** The inbox's section of the configuration. */
export const botframeworkConfig = z
  .strictObject({
    /** The bot's identity; the audience of every token. */
    appId: z
      .string()
      .regex(
        guid,
        'must be the Microsoft App ID, 8-4-4-4-12 hexadecimal digits; see Azure Bot → Configuration (配置)',
      )
      .describe(
        'Microsoft App ID of the bot (Azure Bot → Configuration 配置). Required: without one anybody could write in its name.',
      ),
    /** The bot's password. */
    appPassword: z
      .string()
      .min(
        1,
        'must not be empty; make one under App registration → Certificates & secrets (证书和密码) and copy its Value',
      )
      .meta(secret)
      .describe(
        'Client secret of the app registration: its Value, not its Secret ID (证书和密码 → 值). Required.',
      ),
    /** Whose directory the app lies in. */
    appType: z
      .enum(['SingleTenant', 'MultiTenant'])
      .default('SingleTenant')
      .describe(
        'Type of the bot as shown in Azure. Default SingleTenant; new bots are no longer MultiTenant.',
      ),
    /** The directory of a single-tenant bot. */
    tenantId: z
      .string()
      .regex(guid, 'must be the Directory (tenant) ID 目录(租户) ID of the app registration')
      .optional()
      .describe('Directory (tenant) ID of the app registration (目录(租户) ID). Required for SingleTenant.'),
    serviceHosts: hosts(
      ['*.botframework.com', 'smba.trafficmanager.net'],
      'Hosts that may be a service URL: we send answers, with a token, only there, by https.',
    ),
    fileHosts: hosts(
      ['*.sharepoint.com'],
      'Further hosts from which files of contacts are fetched, without a token (Teams keeps files in SharePoint).',
    ),
    openIdMetadataUrl: address(
      'https://login.botframework.com/v1/.well-known/openidconfiguration',
      'Where the keys that sign requests are published.',
    ),
    issuer: z
      .string()
      .min(1)
      .default('https://api.botframework.com')
      .describe(
        'Issuer of the tokens that prove requests. Default https://api.botframework.com. For the 21Vianet cloud.',
      ),
    loginUrl: address('https://login.microsoftonline.com', 'Where our own tokens come from.'),
    scope: z
      .string()
      .min(1)
      .default('https://api.botframework.com/.default')
      .describe(
        'Scope of our own tokens. Default https://api.botframework.com/.default. For the 21Vianet cloud.',
      ),
    /** UTF-16 units of one text. */
    maxTextCharacters: z.coerce
      .number()
      .int()
      .min(100)
      .max(16_000)
      .default(4_000)
      .describe(
        'UTF-16 units of one text. Default 4000. Longer texts are split; Teams refuses messages over about 28 kB.',
      ),
    /** Bytes of a file from a contact. */
    maxDownloadBytes: z.coerce
      .number()
      .int()
      .min(1)
      .max(104_857_600)
      .default(20_971_520)
      .describe('Largest file fetched, in bytes. Default 20971520 (20 MB). media.maxBytes holds too.'),
    /** Sends a second. */
    sendsPerSecond: z.coerce
      .number()
      .min(0.1)
      .max(1_000)
      .default(50)
      .describe(
        'Messages one node sends a second at most, over all conversations. Default 50, what Teams takes from a bot in one tenant; with several nodes that send, divide it by their number. Too many: the channel asks to wait, and we do.',
      ),
  })
  .superRefine(({ appType, tenantId }, context) => {
    if (appType === 'SingleTenant' && tenantId === undefined)
      context.addIssue({
        code: 'custom',
        path: ['tenantId'],
        message:
          'is needed for a SingleTenant bot; copy Directory (tenant) ID 目录(租户) ID from the app registration',
      })
  })
  .meta({
    examples: [
      {
        appId: '00000000-0000-4000-8000-000000000000',
        appPassword: 'example-secret',
        tenantId: '00000000-0000-4000-8000-000000000001',
      },
    ],
  })

/** A checked inbox section. */
export type BotframeworkConfig = z.infer<typeof botframeworkConfig>

/** What every channel behind the Bot Framework can show. */
export const capabilitiesOf = ({ maxTextCharacters, sendsPerSecond }: BotframeworkConfig): Capabilities => ({
  text: { max: maxTextCharacters, unit: 'characters', markup: 'plain' },
  // By link, whatever the size: what a channel does not show it offers to be opened.
  parts: ['text', 'choices', 'image', 'audio', 'video', 'file'],
  choices: { style: 'buttons', max: 6 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: true,
  sendsPerSecond,
})
