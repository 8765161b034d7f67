import { z } from 'zod'
import type { CallFailure } from './failure.ts'
import type { Written } from './streaming.ts'

/** What a model said, still unchecked, and the tokens it took; zero where the provider does not tell. */
export interface ReadMessage {
  readonly said: { readonly value: unknown } | CallFailure
  readonly inputTokens: number
  readonly outputTokens: number
  /** About what was written, to be counted where the provider does not tell. */
  readonly written: string
}

/** Tokens of one call. What cannot be a count, or no ledger could hold, counts as not told. */
const tokens = z.int32().nonnegative().optional().catch(undefined)

const part = z.looseObject({ type: z.string().optional(), text: z.string().optional() })

/** LangChain's message, as far as it is read. */
const messageShape = z.looseObject({
  content: z.union([z.string(), z.array(part)]),
  response_metadata: z
    .looseObject({ finish_reason: z.string().nullish(), stop_reason: z.string().nullish() })
    .optional(),
  additional_kwargs: z.looseObject({ refusal: z.string().nullish() }).optional(),
  tool_calls: z.array(z.looseObject({ args: z.unknown() })).optional(),
  invalid_tool_calls: z.array(z.unknown()).optional(),
  usage_metadata: z.looseObject({ input_tokens: tokens, output_tokens: tokens }).nullish().catch(undefined),
})
type Message = z.infer<typeof messageShape>

const textOf = ({ content }: Message): string =>
  typeof content === 'string'
    ? content
    : content.map(({ type, text = '' }) => (type === 'text' ? text : '')).join('')

/** Models that think aloud do so before the answer; some put the answer into a fence. */
const bareOf = (text: string): string => {
  const spoken = text.replace(/^\s*<think>[\s\S]*?<\/think>/u, '').trim()
  return /^```(?:json)?\s*\n([\s\S]*?)\n?```$/u.exec(spoken)?.[1] ?? spoken
}

const endings: Readonly<Record<string, CallFailure['outcome']>> = {
  length: 'truncated',
  max_tokens: 'truncated',
  model_context_window_exceeded: 'truncated',
  content_filter: 'filtered',
  sensitive: 'filtered',
  refusal: 'filtered',
}

/** Levels of an answer, far more than any schema of ours has: what reads it by recursion must not fall. */
const mostLevels = 32

const isTooDeep = (value: unknown): boolean => {
  const within = (one: unknown): unknown[] =>
    typeof one === 'object' && one !== null ? Object.values(one) : []
  let level: readonly unknown[] = [value]
  for (let depth = 0; depth <= mostLevels; depth += 1) level = level.flatMap(within)
  return level.length > 0
}

/** A value to be checked further, unless it is nested too deep for that. */
const bounded = (value: unknown): ReadMessage['said'] =>
  isTooDeep(value) ? { outcome: 'malformed' } : { value }

/** Strict, where LangChain's own parsers mend: a half answer that was mended would look like a whole one. */
const saidIn = (message: Message): ReadMessage['said'] => {
  const { response_metadata: meta, additional_kwargs: further } = message
  const ending = endings[meta?.finish_reason ?? meta?.stop_reason ?? '']
  if (ending !== undefined) return { outcome: ending }
  if (typeof further?.refusal === 'string') return { outcome: 'filtered' }
  const [call] = message.tool_calls ?? []
  if (call !== undefined) return bounded(call.args)
  if ((message.invalid_tool_calls ?? []).length > 0) return { outcome: 'malformed' }
  const text = bareOf(textOf(message))
  if (text === '') return { outcome: 'empty' }
  try {
    return bounded(JSON.parse(text))
  } catch {
    return { outcome: 'malformed' }
  }
}

/**
 * An answer that came in pieces, as it was written. One that ends without saying that it does was cut: it counts as
 * empty, so that nobody takes a half for a whole.
 */
export const asWritten = (raw: unknown, { text, call, ending }: Written): unknown => {
  const { data: message } = messageShape.safeParse(raw)
  if (message === undefined) return raw
  // A function's arguments are the answer, too, and read as strictly.
  const content = ending === undefined ? '' : call === '' ? text : call
  // Some count as they write: what they had counted when it broke off is not what it took.
  const usage = ending === undefined ? { input_tokens: message.usage_metadata?.input_tokens ?? 0 } : undefined
  return {
    ...message,
    ...(usage === undefined ? {} : { usage_metadata: usage }),
    content,
    response_metadata: { finish_reason: ending },
    ...{ tool_calls: [], invalid_tool_calls: [] },
  }
}

/** Reads a whole answer: the function's arguments, or the text as JSON. */
export const readMessage = (raw: unknown): ReadMessage => {
  const { data: message } = messageShape.safeParse(raw)
  if (message === undefined)
    return { said: { outcome: 'malformed' }, inputTokens: 0, outputTokens: 0, written: '' }
  return {
    said: saidIn(message),
    inputTokens: message.usage_metadata?.input_tokens ?? 0,
    outputTokens: message.usage_metadata?.output_tokens ?? 0,
    written: JSON.stringify([message.content, message.tool_calls]),
  }
}
