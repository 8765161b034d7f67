import { z } from 'zod'

/** How an answer is wanted: by a schema, by a function's arguments, as any JSON, or as prose. */
export type LlmMode = 'json_schema' | 'function' | 'json' | 'text'

/** What a client of the simulator asked, read from either API. */
export interface LlmRequest {
  readonly api: 'openai' | 'anthropic'
  readonly model: string
  readonly mode: LlmMode
  /** The JSON Schema of the answer that is wanted, where one was given. */
  readonly schema: unknown
  /** The name of the function whose arguments are the answer. */
  readonly functionName: string | undefined
  /** Everything in the system role, joined by an empty line. */
  readonly system: string
  /** Everything in the user role, joined by an empty line. */
  readonly user: string
  readonly stream: boolean
  /** The key as it came, by either API's header. */
  readonly apiKey: string | undefined
  readonly maxTokens: number | undefined
  /** The body as it came. */
  readonly body: unknown
}

const part = z.looseObject({ text: z.string().optional() })
const content = z.union([z.string(), z.array(part), z.null()]).optional()
const message = z.looseObject({ role: z.string(), content })
const textOf = (given: z.infer<typeof content>): string =>
  typeof given === 'string' ? given : (given ?? []).map(({ text }) => text ?? '').join('')

const openAiBody = z.looseObject({
  model: z.string(),
  messages: z.array(message),
  stream: z.boolean().optional(),
  max_tokens: z.number().optional(),
  max_completion_tokens: z.number().optional(),
  response_format: z
    .looseObject({ type: z.string(), json_schema: z.looseObject({ schema: z.unknown() }).optional() })
    .optional(),
  tools: z
    .array(z.looseObject({ function: z.looseObject({ name: z.string(), parameters: z.unknown() }) }))
    .optional(),
})

const anthropicBody = z.looseObject({
  model: z.string(),
  system: content,
  messages: z.array(message),
  stream: z.boolean().optional(),
  max_tokens: z.number().optional(),
  tools: z.array(z.looseObject({ name: z.string(), input_schema: z.unknown() })).optional(),
  output_config: z
    .looseObject({ format: z.looseObject({ type: z.string(), schema: z.unknown() }).optional() })
    .optional(),
})

const saidBy = (messages: readonly z.infer<typeof message>[], roles: readonly string[]): string[] =>
  messages.filter(({ role }) => roles.includes(role)).map(({ content: said }) => textOf(said))

const modes: ReadonlyMap<string, LlmMode> = new Map([
  ['json_schema', 'json_schema'],
  ['json_object', 'json'],
])

/** What was asked of `/chat/completions`. Throws what zod throws. */
export const readOpenAi = (body: unknown, apiKey: string | undefined): LlmRequest => {
  const asked = openAiBody.parse(body)
  const tool = asked.tools?.[0]?.function
  const format = asked.response_format
  return {
    api: 'openai',
    model: asked.model,
    mode: tool !== undefined ? 'function' : (modes.get(format?.type ?? '') ?? 'text'),
    schema: tool?.parameters ?? format?.json_schema?.schema,
    functionName: tool?.name,
    system: saidBy(asked.messages, ['system', 'developer']).join('\n\n'),
    user: saidBy(asked.messages, ['user']).join('\n\n'),
    stream: asked.stream ?? false,
    apiKey,
    maxTokens: asked.max_completion_tokens ?? asked.max_tokens,
    body,
  }
}

/** What was asked of `/messages`. Throws what zod throws. */
export const readAnthropic = (body: unknown, apiKey: string | undefined): LlmRequest => {
  const asked = anthropicBody.parse(body)
  const tool = asked.tools?.[0]
  const format = asked.output_config?.format
  return {
    api: 'anthropic',
    model: asked.model,
    mode: tool !== undefined ? 'function' : format === undefined ? 'text' : 'json_schema',
    schema: tool?.input_schema ?? format?.schema,
    functionName: tool?.name,
    system: textOf(asked.system),
    user: saidBy(asked.messages, ['user']).join('\n\n'),
    stream: asked.stream ?? false,
    apiKey,
    maxTokens: asked.max_tokens,
    body,
  }
}
