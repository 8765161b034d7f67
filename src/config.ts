import { z } from 'zod'
import { AddressRefused, createAddressCheck } from '../channels/kit/index.ts'
import { modelFaults } from './app/model-faults.ts'
import { toolFaults } from './app/tool-faults.ts'
import { installedChannels, installedNames, type InstalledChannelName } from './app/installed-channels.ts'
import { calendarsConfig } from './calendar/index.ts'
import { type ConfigFault, type SchemaNode, secretName, toFaults, toSchemaNode } from './config-faults.ts'
import { complaintsConfig } from './complaints/index.ts'
import { dialogueConfig } from './dialogue/index.ts'
import { editingConfig } from './editing/config.ts'
import { encoderConfig } from './encoder/config.ts'
import { feedbackConfig } from './feedback/config.ts'
import { signInConfig } from './http/sign-in/config.ts'
import { apiConfig } from './http/v1/config.ts'
import { helpConfig } from './help/config.ts'
import { incidentsConfig } from './incidents/config.ts'
import { mcpServeConfig } from './mcp/serve-config.ts'
import { jobsConfig } from './jobs/config.ts'
import { privacyConfig } from './privacy/config.ts'
import { calendarsNamed, promisesConfig } from './promises/index.ts'
import { learningConfig } from './learning/config.ts'
import { llmConfig } from './llm/config.ts'
import { pushConfig } from './push/index.ts'
import { nodeRoles } from './core/node-role.ts'
import { qualityConfig } from './quality/config.ts'
import { reportsConfig } from './reports/index.ts'
import { queuesConfig } from './queues/index.ts'
import { surveysConfig } from './surveys/config.ts'
import { mediaConfig } from './store/media-config.ts'
import { telemetryConfig } from './telemetry/config.ts'
import { ticketsConfig } from './tickets/index.ts'
import { toolsConfig } from './tools/index.ts'
import { webhooksConfig } from './webhooks/index.ts'

/** Marks a value that is never printed, in any form. */
const secret = { writeOnly: true } as const

const milliseconds = (fallback: number, max = 86_400_000) =>
  z.coerce.number().int().min(0).max(max).default(fallback)

const origin = (value: string): boolean => URL.canParse(value) && new URL(value).origin === value

const server = z
  .strictObject({
    host: z
      .string()
      .min(1)
      .default('127.0.0.1')
      .describe(
        'Address to listen on. Default 127.0.0.1: this machine only. 0.0.0.0 for all; put TLS in front of it.',
      ),
    port: z.coerce
      .number()
      .int()
      .min(0)
      .max(65_535)
      .default(8787)
      .describe('Port to listen on. Default 8787. 0: any free one.'),
    role: z
      .enum(nodeRoles)
      .default('all')
      .describe(
        'What this node does. all: everything. web: what browsers and providers reach (desk, API, web chat, pushes), nothing else; needs a worker beside it. worker: answers, sends, background work, mail and polling; serves its health alone. Default all, the only one with the embedded database.',
      ),
    publicUrl: z
      .string()
      .refine(origin, 'must be scheme://host[:port] without a path, e.g. https://support.example.com')
      .optional()
      .meta({ examples: ['https://support.example.com'] })
      .describe(
        'How browsers and providers reach this server. Default http://<host>:<port>. Cookies are Secure when it is https.',
      ),
    trustedProxies: z
      .array(z.string())
      .default([])
      .meta({ examples: [['10.0.0.0/8']] })
      .describe(
        'Addresses or CIDR ranges of reverse proxies whose X-Forwarded-For is believed. Default none.',
      ),
  })
  .prefault({})

const database = z
  .strictObject({
    url: z
      .string()
      .regex(/^postgres(ql)?:\/\//, 'must start with postgres://')
      .optional()
      .meta({ ...secret, examples: ['postgres://tongda:…@db.example.com/tongda'] })
      .describe('PostgreSQL 15 or newer. Default none: the embedded database in dataDir.'),
    maxConnections: z.coerce
      .number()
      .int()
      .min(2)
      .max(500)
      .default(10)
      .describe('Connections one node holds to PostgreSQL. Default 10.'),
    timeoutMs: z.coerce
      .number()
      .int()
      .min(1_000)
      .max(600_000)
      .default(10_000)
      .describe(
        'Milliseconds a statement on PostgreSQL may take. Default 10000; then it fails, and a connection that gave no answer is replaced. Shorter than the longest statement: that one never succeeds.',
      ),
  })
  .prefault({})

const redis = z
  .strictObject({
    url: z
      .string()
      .regex(/^rediss?:\/\//, 'must start with redis:// or rediss://')
      .optional()
      .meta({ ...secret, examples: ['redis://cache.example.com:6379'] })
      .describe(
        'Redis for live events, locks and caches over several nodes. Default none: one node without it.',
      ),
    prefix: z
      .string()
      .min(1)
      .default('tongda')
      .describe('Key prefix, to share a Redis with others. Default tongda.'),
  })
  .prefault({})

const router = z
  .strictObject({
    settleMs: milliseconds(1_200, 10_000).describe(
      'Milliseconds to wait for the next piece of a message typed in pieces. Default 1200. 0 answers each piece at once. Choices, commands and events never wait.',
    ),
    settleMaxMs: milliseconds(3_000, 30_000).describe(
      'Longest wait for pieces, from the first one. Default 3000; keep it under the passive reply budget of the channels.',
    ),
    concurrency: z.coerce
      .number()
      .int()
      .min(1)
      .max(1_000)
      .default(100)
      .describe('Conversations one node thinks about at once. Default 100.'),
    leaseMs: milliseconds(30_000).describe(
      'Milliseconds a node may hold a conversation before another takes over. Default 30000.',
    ),
    waitingMaxMs: milliseconds(7 * 86_400_000, 90 * 86_400_000).describe(
      'Milliseconds a message may wait for the contact to write again (closed window, used-up quota), for a paused inbox or for the node that has its account. Default 604800000 (7 days); then it shows as expired.',
    ),
  })
  .prefault({})

const content = z
  .strictObject({
    articles: z
      .string()
      .default('knowledge/articles')
      .describe(
        'Folder of the articles. Default knowledge/articles; their pictures lie in the folder pictures beside it.',
      ),
    forms: z
      .string()
      .default('knowledge/forms')
      .describe('Folder of the forms. Default knowledge/forms; a missing folder: no forms.'),
    intents: z.string().default('intents').describe('Folder of taxonomy/ and lexicon/. Default intents.'),
  })
  .prefault({})

const inboxSection = z.looseObject({ channel: z.enum(installedNames) })

/** What an inbox may be called; the name stands in its addresses. */
export const inboxName = /^[a-z0-9][a-z0-9-]{0,39}$/

/** The whole configuration but for the inboxes' own sections, which their channels parse. */
export const configSchema = z.strictObject({
  dataDir: z
    .string()
    .min(1)
    .default('data')
    .describe('Folder of the embedded database, files of messages and caches. Default ./data.'),
  masterKey: z
    .string()
    .regex(/^[0-9a-f]{64}$/i, 'must be 64 hexadecimal digits; make one with: openssl rand -hex 32')
    .optional()
    .meta(secret)
    .describe(
      'Encrypts stored secrets. Default: a key made at first start in dataDir/master.key. Several nodes need the same.',
    ),
  production: z
    .boolean()
    .default(false)
    .describe('true: no sandbox, no demo inboxes. Default false. Set it before real users come.'),
  logLevel: z
    .enum(['debug', 'info', 'warn', 'error', 'silent'])
    .default('info')
    .describe('Least serious events to log, as JSON lines on standard error. Default info.'),
  server,
  database,
  redis,
  router,
  content,
  encoder: encoderConfig,
  media: mediaConfig.prefault({}).describe('Files of messages.'),
  dialogue: dialogueConfig.prefault({}).describe('What the bot says and when it asks for a person.'),
  tickets: ticketsConfig.prefault({}).describe('What agents do with tickets.'),
  promises: promisesConfig
    .prefault({})
    .describe('By when tickets are owed what, and who hears when time runs out.'),
  queues: queuesConfig.prefault({}),
  complaints: complaintsConfig.prefault({}).describe('Complaint cases.'),
  calendars: calendarsConfig
    .prefault({})
    .describe('Opening hours by name; more calendars may stand beside hotline and office.'),
  jobs: jobsConfig.prefault({}).describe('Work in the background.'),
  surveys: surveysConfig
    .prefault({})
    .describe('Surveys: who is asked how a ticket went, and what a low score leads to.'),
  quality: qualityConfig.describe('How work is reviewed, and for how long a review can be disputed.'),
  feedback: feedbackConfig.describe('Suggestions: what is collected, and how contacts hear of it.'),
  knowledge: editingConfig.describe('Who may make articles live, and what is measured before.'),
  help: helpConfig.describe('The public help centre, /help.'),
  learning: learningConfig.describe('Proposals from conversations that went wrong.'),
  reports: reportsConfig.describe('Reports that are mailed.'),
  incidents: incidentsConfig.describe('Spikes that are noticed, and what contacts hear of incidents.'),
  privacy: privacyConfig.describe('Personal data: how it is shown, how long it and the audit log are kept.'),
  telemetry: telemetryConfig.describe('What those who watch the product are told, and where it is sent.'),
  llm: llmConfig.describe('A language model that helps; off unless it has a model. See docs/llm.md.'),
  push: pushConfig.describe('Notices on the machines of agents while no window of the desk is open.'),
  webhooks: webhooksConfig.describe('Telling systems outside what happens.'),
  tools: toolsConfig,
  api: apiConfig.describe('The public API, /api/v1.'),
  mcp: z.strictObject({ serve: mcpServeConfig }).prefault({}).describe('Model Context Protocol.'),
  signIn: signInConfig.describe('How agents sign in.'),
  inboxes: z
    .record(z.string().regex(inboxName, 'must be 1–40 lower-case letters, digits and hyphens'), inboxSection)
    .default({})
    .describe(
      'One section per account, by a name of your choice. Default: a demo WeChat account and a demo web chat, unless production.',
    ),
})

/** One configured account, its section checked by its channel. */
export interface InboxConfig {
  readonly inboxId: string
  readonly channel: InstalledChannelName
  /** As written, with what the product fills in; the channel parses it once more when it opens. */
  readonly section: Readonly<Record<string, unknown>>
}

type Parsed = z.infer<typeof configSchema>

/** The configuration as the product uses it: parsed once, trusted after. */
export interface Config extends Omit<Parsed, 'inboxes'> {
  readonly inboxes: readonly InboxConfig[]
}

const parseInbox = (
  [inboxId, { channel, ...section }]: [string, Parsed['inboxes'][string]],
  publicUrl: string,
  faults: ConfigFault[],
): InboxConfig[] => {
  const schema = installedChannels[channel].config
  // A channel that needs this server's address gets it unless its section says otherwise.
  const needsUrl = toSchemaNode(schema).properties?.['publicUrl'] !== undefined
  const value = needsUrl ? { publicUrl, ...section } : section
  const parsed = schema.safeParse(value)
  if (parsed.success) return [{ inboxId, channel, section: value }]
  const root = { value, schema, prefix: `inboxes.${inboxId}` }
  faults.push(...parsed.error.issues.flatMap((issue) => toFaults(issue, root)))
  return []
}

/** Where browsers reach the server, by the configuration. */
export const publicUrlOf = ({ publicUrl, host, port }: Parsed['server']): string =>
  publicUrl ?? `http://${host === '0.0.0.0' || host === '::' ? 'localhost' : host}:${String(port)}`

/** Calendars that are named must be there. */
const calendarFaults = ({
  promises,
  calendars,
}: Pick<Parsed, 'promises' | 'calendars'>): readonly ConfigFault[] =>
  calendarsNamed(promises)
    .filter(({ calendar }) => !Object.hasOwn(calendars, calendar))
    .map(({ key, calendar }) => ({
      key,
      value: JSON.stringify(calendar),
      expected: `the name of a calendar; there are: ${Object.keys(calendars).join(', ')}`,
    }))

/** Robots are called like webhooks: where those may not go, neither may they. */
const robotFaults = ({
  promises,
  webhooks,
}: Pick<Parsed, 'promises' | 'webhooks'>): readonly ConfigFault[] => {
  const check = createAddressCheck({ allow: webhooks.allowPrivate, loopbackHttp: webhooks.loopbackHttp })
  return Object.entries(promises.robots).flatMap(([robot, { url }]) => {
    try {
      check.read(url)
      return []
    } catch (error) {
      if (!(error instanceof AddressRefused)) throw error
      return [{ key: `promises.robots.${robot}.url`, value: '(hidden)', expected: error.hint }]
    }
  })
}

/** The chat that the help centre leads to must be one; without inboxes there is the demo's. */
const chatFaults = ({ help, inboxes }: Pick<Parsed, 'help' | 'inboxes'>): readonly ConfigFault[] => {
  const { chatInbox } = help
  const names = Object.keys(inboxes)
  const chats = names.filter((name) => inboxes[name]?.channel === 'web')
  if (chatInbox === undefined || names.length === 0 || chats.includes(chatInbox)) return []
  const there = chats.length === 0 ? 'none' : chats.join(', ')
  return [
    {
      key: 'help.chatInbox',
      value: JSON.stringify(chatInbox),
      expected: `the name of a web inbox; there is: ${there}`,
    },
  ]
}

/** Tickets of programs are opened, and answered, in an inbox of theirs. */
const programFaults = ({ mcp, inboxes }: Pick<Parsed, 'mcp' | 'inboxes'>): readonly ConfigFault[] => {
  const { inbox } = mcp.serve
  if (inbox === undefined || inboxes[inbox]?.channel === 'api') return []
  return [
    {
      key: 'mcp.serve.inbox',
      value: JSON.stringify(inbox),
      expected: 'the name of an inbox of channel api',
    },
  ]
}

/** Mails leave by an inbox for mail. */
const mailFaults = ({
  signIn,
  reports,
  inboxes,
}: Pick<Parsed, 'signIn' | 'reports' | 'inboxes'>): readonly ConfigFault[] =>
  Object.entries({ signIn, reports }).flatMap(([section, { mailInbox }]) =>
    mailInbox === undefined || inboxes[mailInbox]?.channel === 'email'
      ? []
      : [
          {
            key: `${section}.mailInbox`,
            value: JSON.stringify(mailInbox),
            expected: 'the name of an inbox of channel email',
          },
        ],
  )

/** Parses raw configuration. Either everything is right, or every fault is named. */
export const parseConfig = (
  raw: unknown,
): { readonly config: Config } | { readonly faults: readonly ConfigFault[] } => {
  const parsed = configSchema.safeParse(raw)
  if (!parsed.success) {
    const root = { value: raw, schema: configSchema, prefix: '' }
    return { faults: parsed.error.issues.flatMap((issue) => toFaults(issue, root)) }
  }
  const { inboxes, ...rest } = parsed.data
  const faults: ConfigFault[] = [
    ...calendarFaults(rest),
    ...robotFaults(rest),
    ...chatFaults(parsed.data),
    ...mailFaults(parsed.data),
    ...modelFaults(rest.llm),
    ...toolFaults(rest.tools),
    ...programFaults(parsed.data),
  ]
  const publicUrl = publicUrlOf(rest.server)
  const accounts = Object.entries(inboxes).flatMap((entry) => parseInbox(entry, publicUrl, faults))
  return faults.length > 0 ? { faults } : { config: { ...rest, inboxes: accounts } }
}

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What is known of a member: of itself, or as one of those with names of somebody's choice. */
const memberOf = (node: SchemaNode | undefined, name: string): SchemaNode | undefined => {
  const { properties, additionalProperties } = node ?? {}
  if (properties !== undefined && Object.hasOwn(properties, name)) return properties[name]
  return typeof additionalProperties === 'object' ? additionalProperties : undefined
}

const maskRecord = (record: Record<string, unknown>, node: SchemaNode | undefined): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(record).map(([name, inner]) => [name, mask(inner, memberOf(node, name), name)]),
  )

const mask = (value: unknown, node: SchemaNode | undefined, key: string): unknown => {
  if (isRecord(value)) return maskRecord(value, node)
  const hidden = node?.writeOnly === true || (node === undefined && secretName.test(key))
  return hidden && value !== undefined ? '***' : value
}

const maskInbox = ({ inboxId, channel, section }: InboxConfig): [string, Record<string, unknown>] => {
  const { config: schema } = installedChannels[channel]
  const parsed = schema.parse(section)
  return [inboxId, { channel, ...(isRecord(parsed) ? maskRecord(parsed, toSchemaNode(schema)) : {}) }]
}

/** The configuration for eyes: defaults filled in, secrets masked. */
export const maskConfig = ({ inboxes, ...rest }: Config): Record<string, unknown> => ({
  ...maskRecord(rest, toSchemaNode(configSchema)),
  inboxes: Object.fromEntries(inboxes.map(maskInbox)),
})
