import { z } from 'zod'
import { type Form, slotKinds } from '../core/form.ts'

const name = z
  .string()
  .regex(/^[a-z0-9][a-z0-9-]{0,39}$/, 'must be 1–40 lower-case letters, digits and hyphens')
const field = z.string().regex(/^[A-Za-z_][\w-]{0,39}$/, 'must be a name of letters, digits, _ and -')
const path = z
  .string()
  .regex(/^[\w-]{1,40}(?:\.[\w-]{1,40}){0,4}$/, 'must be a field’s name, with dots between levels')
const both = z.strictObject({ zh: z.string().min(1).max(1_000), en: z.string().min(1).max(1_000) })

const headers = z
  .record(
    z.string().regex(/^[A-Za-z0-9-]{1,60}$/, 'must be the name of a header'),
    z
      .string()
      .regex(/^[\x20-\x7e]{1,4000}$/, 'must be printable ASCII')
      .meta({ writeOnly: true }),
  )
  .default({})
  .describe('Headers of every call; put secrets in by ${VARIABLE}. Never shown or logged.')

const timeoutMs = z.coerce
  .number()
  .int()
  .min(100)
  .max(5_000)
  .default(2_500)
  .describe('Milliseconds a call may take in all. Default 2500, at most 5000: the contact waits.')

const maxBytes = z.coerce
  .number()
  .int()
  .min(100)
  .max(262_144)
  .default(32_768)
  .describe('Most bytes of an answer that are read. Default 32768; a longer one counts as a failure.')

const url = z
  .string()
  .regex(/^https?:\/\/[^\s{}?#]+[^\s]*$/, 'must be https://host/… ; host and port hold no parameter')

const words = (most: number) =>
  z.strictObject({
    zh: z.string().trim().min(1).max(most),
    en: z
      .string()
      .trim()
      .min(1)
      .max(most * 3),
  })

const question = z.strictObject({
  kind: z
    .enum(slotKinds)
    .exclude(['evidence'])
    .describe('What kind of answer it takes, as in a form (docs/forms.md).'),
  label: words(12).describe('What the answer is called, in the confirmation.'),
  ask: words(200).describe('The question.'),
  hint: words(200).optional().describe('Said when an answer does not fit. Default: the kind’s own words.'),
  required: z.boolean().default(true).describe('false: it may be skipped. Default true.'),
  options: z
    .array(z.strictObject({ id: z.string().regex(/^[\w.-]{1,24}$/), label: words(20) }))
    .max(7)
    .default([])
    .describe('Of kind choice: values of the parameter, and what they are called.'),
})

/** What holds for a tool wherever it comes from. */
const common = {
  title: both.describe('What it is called towards contacts.'),
  description: z.string().max(500).default('').describe('What it does, for a language model.'),
  changesState: z
    .boolean()
    .describe('true: it changes something. It is then never called before the contact has confirmed.'),
  intents: z
    .array(z.string().min(1).max(80))
    .min(1)
    .max(50)
    .describe('Intents and topics in which it may be called; in no others.'),
  identity: z
    .enum(['none', 'contact'])
    .default('none')
    .describe(
      'contact: a signed token of 60 seconds says who asks, and nobody whose channel does not vouch for them is served. Default none.',
    ),
  entities: z
    .record(field, z.enum(['video', 'article', 'live-room', 'uid', 'order', 'mail', 'link', 'short-link']))
    .default({})
    .describe('Which named thing of a message each parameter takes, e.g. order: order.'),
  shows: z
    .array(path)
    .max(30)
    .default([])
    .describe('Fields of the answer that may be shown, with dots: carrier.name. Default none.'),
  answer: z
    .strictObject({
      articles: z.array(z.string().min(1).max(80)).min(1).max(50).describe('Ids of articles.'),
      words: both.describe('The answer as plain text; {{status}} stands for a field that may be shown.'),
    })
    .optional()
    .describe('Given in place of these articles’ own answers when everything is known that a call needs.'),
  toModel: z
    .boolean()
    .default(false)
    .describe(
      'true: with llm.answers, what shows names of the answer goes to the language model, which may answer from it. Default false.',
    ),
  asks: z
    .record(field, question)
    .refine((asked) => Object.keys(asked).length <= 8, 'must be at most 8 questions')
    .default({})
    .describe(
      'Questions, by parameter, that are asked in this order where the message does not name what a call needs. Default none.',
    ),
  timeoutMs,
  maxBytes,
}

const schema = z.record(z.string(), z.unknown()).describe('JSON Schema; of an object with plain members.')

const httpTool = z.strictObject({
  ...common,
  method: z.enum(['GET', 'POST']).default('GET').describe('GET or POST. Default GET.'),
  url: url.describe(
    'Address; {order} stands for a parameter, escaped. Other parameters go into the query, or with POST into a JSON body.',
  ),
  headers,
  parameters: schema,
  result: schema.optional().describe('JSON Schema of its answer; what does not fit is not used.'),
})

const mcpServer = z.strictObject({
  url: url.describe('Address of the server’s streamable HTTP endpoint.'),
  headers,
  tools: z
    .record(z.string().regex(/^[\w./-]{1,128}$/), z.strictObject(common))
    .describe('Its tools that may be called, by their names there; no others are.'),
})

/** The `tools` section of the configuration: what the brand's own systems are asked. */
export const toolsConfig = z
  .strictObject({
    signingSecret: z
      .string()
      .min(32)
      .max(500)
      .optional()
      .meta({ writeOnly: true })
      .describe(
        'Signs who asks (JWT, HS256); the brand’s systems check with the same. At least 32 characters. Needed for identity: contact.',
      ),
    allowPrivate: z
      .array(z.string().min(1).max(253))
      .max(100)
      .default([])
      .meta({ examples: [['10.1.0.0/16']] })
      .describe(
        'Host names, addresses and CIDR ranges outside the public internet that tools may call, over https. Default none.',
      ),
    loopbackHttp: z
      .boolean()
      .default(false)
      .describe('true: tools may call this machine itself over http, to try them out. Default false.'),
    linkHosts: z
      .array(z.string().regex(/^[a-z0-9.-]{1,253}$/))
      .max(50)
      .default([])
      .describe(
        'Hosts that links, domains and mail addresses in a tool’s answer may name. Default none: they are left out.',
      ),
    http: z.record(name, httpTool).default({}).describe('Tools that are HTTP calls, by name.'),
    mcp: z
      .record(name, mcpServer)
      .default({})
      .describe('MCP servers of the brand, by name. Streamable HTTP alone.'),
  })
  .prefault({})
  .describe('What the brand’s own systems are asked for contacts, and told once a contact confirmed.')

export type ToolsSection = z.output<typeof toolsConfig>
export type HttpToolSection = z.output<typeof httpTool>
export type McpServerSection = z.output<typeof mcpServer>
export type CommonSection = Omit<McpServerSection['tools'][string], never>

/** A tool's own description, as every kind of tool takes it over. */
export const toolFacts = (name: string, section: CommonSection, form: Form | undefined) => ({
  name,
  title: section.title,
  description: section.description,
  changesState: section.changesState,
  intents: section.intents,
  needsIdentity: section.identity === 'contact',
  entities: section.entities,
  shows: section.shows,
  toModel: section.toModel,
  ...(section.answer === undefined ? {} : { answer: section.answer }),
  ...(form === undefined ? {} : { form }),
})
