import { type LlmFault, textUnder } from './faults.ts'
import type { LlmRequest } from './request.ts'

/** Tokens as the simulator counts them: one for each character. */
const usageOf = ({ system, user }: LlmRequest, text: string, fault: LlmFault | undefined) => {
  const isStrange = fault === 'strange_usage'
  const [read, written] = isStrange ? [-1e12, 12.5] : [system.length + user.length, text.length]
  return { prompt_tokens: read, completion_tokens: written, total_tokens: read + written }
}

const reasonOf = (fault: LlmFault | undefined): 'length' | 'content_filter' | undefined =>
  fault === 'too_long' ? 'length' : fault === 'filtered' ? 'content_filter' : undefined

/** The body of `/chat/completions`, not streamed. */
export const openAiReply = (request: LlmRequest, answer: string, fault: LlmFault | undefined): object => {
  const text = textUnder(fault, answer)
  const isCall = request.mode === 'function' && fault !== 'prose' && fault !== 'empty' && fault !== 'filtered'
  const name = request.functionName ?? ''
  const call = { id: 'call_1', type: 'function', function: { name, arguments: text } }
  return {
    id: 'chatcmpl-1',
    object: 'chat.completion',
    created: 0,
    model: request.model,
    choices: [
      {
        index: 0,
        message: isCall
          ? { role: 'assistant', content: null, tool_calls: [call] }
          : { role: 'assistant', content: text },
        finish_reason: reasonOf(fault) ?? (isCall ? 'tool_calls' : 'stop'),
      },
    ],
    ...(fault === 'no_usage' ? {} : { usage: usageOf(request, text, fault) }),
  }
}

/** The events of `/chat/completions`, streamed: a few characters each. */
export const openAiEvents = (
  request: LlmRequest,
  answer: string,
  fault: LlmFault | undefined,
): readonly string[] => {
  const text = textUnder(fault, answer)
  const head = { id: 'chatcmpl-1', object: 'chat.completion.chunk', created: 0, model: request.model }
  const chunk = (delta: object, finish: string | null = null): object => ({
    ...head,
    choices: [{ index: 0, delta, finish_reason: finish }],
  })
  const pieces = text.match(/[\s\S]{1,8}/gu) ?? []
  const name = request.functionName ?? ''
  const deltas =
    request.mode === 'function'
      ? pieces.map((piece, at) => ({
          tool_calls: [
            {
              index: 0,
              ...(at === 0 ? { id: 'call_1', type: 'function' } : {}),
              function: { ...(at === 0 ? { name } : {}), arguments: piece },
            },
          ],
        }))
      : pieces.map((piece) => ({ content: piece }))
  const events: object[] = [
    chunk({ role: 'assistant', content: '' }),
    ...deltas.map((delta) => chunk(delta)),
    chunk({}, reasonOf(fault) ?? (request.mode === 'function' ? 'tool_calls' : 'stop')),
    ...(fault === 'no_usage' ? [] : [{ ...head, choices: [], usage: usageOf(request, text, fault) }]),
  ]
  return [...events.map((event) => `data: ${JSON.stringify(event)}\n\n`), 'data: [DONE]\n\n']
}

/** The events of `/messages`, streamed: a few characters each. */
export const anthropicEvents = (
  request: LlmRequest,
  answer: string,
  fault: LlmFault | undefined,
): readonly string[] => {
  const text = textUnder(fault, answer)
  const isCall = request.mode === 'function' && fault !== 'prose' && fault !== 'empty' && fault !== 'filtered'
  const { usage, stop_reason, ...head } = anthropicReply(request, answer, fault)
  const input = { input_tokens: usage.input_tokens, output_tokens: 0 }
  const block = isCall
    ? { type: 'tool_use', id: 'toolu_1', name: request.functionName, input: {} }
    : { type: 'text', text: '' }
  const deltas = (text.match(/[\s\S]{1,8}/gu) ?? []).map((piece) =>
    isCall ? { type: 'input_json_delta', partial_json: piece } : { type: 'text_delta', text: piece },
  )
  const events = [
    { type: 'message_start', message: { ...head, content: [], stop_reason: null, usage: input } },
    { type: 'content_block_start', index: 0, content_block: block },
    ...deltas.map((delta) => ({ type: 'content_block_delta', index: 0, delta })),
    { type: 'content_block_stop', index: 0 },
    {
      type: 'message_delta',
      delta: { stop_reason, stop_sequence: null },
      usage: { output_tokens: usage.output_tokens },
    },
    { type: 'message_stop' },
  ]
  return events.map((event) => `event: ${event.type}\ndata: ${JSON.stringify(event)}\n\n`)
}

const parsedOr = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

/** The body of `/messages`, not streamed. */
export const anthropicReply = (request: LlmRequest, answer: string, fault: LlmFault | undefined) => {
  const text = textUnder(fault, answer)
  const isCall = request.mode === 'function' && fault !== 'prose' && fault !== 'empty' && fault !== 'filtered'
  const usage = usageOf(request, text, fault)
  return {
    id: 'msg_1',
    type: 'message',
    role: 'assistant',
    model: request.model,
    content: isCall
      ? [{ type: 'tool_use', id: 'toolu_1', name: request.functionName, input: parsedOr(text) }]
      : text === ''
        ? []
        : [{ type: 'text', text }],
    stop_reason:
      fault === 'too_long'
        ? 'max_tokens'
        : fault === 'filtered'
          ? 'refusal'
          : isCall
            ? 'tool_use'
            : 'end_turn',
    stop_sequence: null,
    usage:
      fault === 'no_usage'
        ? { input_tokens: 0, output_tokens: 0 }
        : { input_tokens: usage.prompt_tokens, output_tokens: usage.completion_tokens },
  }
}
