import { boundedFetch } from './bounded-fetch.ts'
import type { ModelConfig } from './config.ts'
import { type CallFailure, failureOf, wasNeverSent } from './failure.ts'
import type { LangChain } from './langchain.ts'
import { type Prompt, writePrompt } from './prompt.ts'
import { providers, type Structured } from './providers.ts'
import type { ChatQuestion, ChatResult } from './question.ts'
import { asWritten, readMessage } from './reading.ts'
import type { Shape } from './shape.ts'
import { createWriting, type Written } from './streaming.ts'
import type { Tape } from './tape.ts'
import { estimateTokens } from './tokens.ts'

/** One configured model. */
export interface Chat {
  /** `<provider>/<name>`. */
  readonly name: string
  readonly prices: Pick<ModelConfig, 'inputPrice' | 'outputPrice'>
  /** Tokens that a question has, estimated. */
  readonly measure: (question: ChatQuestion) => number
  /** Never rejects. Ends when `signal` does. */
  readonly ask: (question: ChatQuestion, signal: AbortSignal) => Promise<ChatResult>
}

/** The name under which the shape is told; providers want one. */
const shapeName = 'answer'

interface ClientOptions {
  readonly maxOutputTokens: number
  readonly langChain: LangChain
}

interface ChatOptions {
  readonly maxOutputTokens: number
  /** Absent: the tape says everything. */
  readonly langChain: LangChain | undefined
  /** Absent: every question goes to the model, and nothing is kept. */
  readonly tape?: Tape | undefined
}

/** What is sent, and who hears of what comes back. */
interface Sent {
  readonly prompt: Prompt
  readonly shape: Shape
  readonly heard: ChatQuestion['heard']
}

/** Told of an answer on its way, for those who count what it took where it does not arrive. */
interface Watching {
  /** It is larger than anything that is read. */
  readonly tooLarge: () => void
  /** It comes piece by piece; gives what was written so far. */
  readonly writing: (written: () => Written) => void
}

type Invoke = (sent: Sent, watching: Watching, signal: AbortSignal) => Promise<unknown>

/** A model of LangChain's that was told the shape. */
interface Asking<Messages> {
  readonly invoke: (
    messages: Messages,
    options: {
      readonly signal: AbortSignal
      readonly callbacks?: ReturnType<typeof createWriting>['callbacks']
    },
  ) => Promise<{ readonly raw: unknown }>
}

/** Who hears of an answer while it comes, and what ends it. */
interface Hearing {
  readonly heard: Sent['heard']
  readonly watching: Watching
  readonly signal: AbortSignal
}

const methods = { json_schema: 'jsonSchema', function: 'functionCalling', json: 'jsonMode' } as const

/** Asks for the answer, whole or piece by piece; what came in pieces stands as it came, not as LangChain mended it. */
const invokeWith = async <Messages>(
  asking: Asking<Messages>,
  messages: Messages,
  { heard, watching, signal }: Hearing,
): Promise<unknown> => {
  if (heard === undefined) return (await asking.invoke(messages, { signal })).raw
  const ending = new AbortController()
  const { written, callbacks } = createWriting({
    heard: (text) => {
      // Another model may be writing by now.
      if (!signal.aborted) heard(text)
    },
    tooLarge: () => {
      watching.tooLarge()
      ending.abort()
    },
  })
  watching.writing(written)
  const either = AbortSignal.any([signal, ending.signal])
  const { raw } = await asking.invoke(messages, { signal: either, callbacks })
  ending.signal.throwIfAborted()
  return asWritten(raw, written())
}

/** A client that keeps quiet, takes nothing from the environment, and asks once. */
const openAi =
  (model: ModelConfig, how: Structured, { maxOutputTokens, langChain }: ClientOptions): Invoke =>
  async ({ prompt: { system, user }, shape: { schema, isStrict }, heard }, watching, signal) => {
    const { ChatOpenAI, HumanMessage, SystemMessage } = langChain
    const chat = new ChatOpenAI({
      model: model.name,
      // The client wants one even where the server does not.
      apiKey: model.apiKey ?? 'none',
      maxTokens: maxOutputTokens,
      ...{
        maxRetries: 0,
        verbose: false,
        ...(heard === undefined ? { streaming: false } : {}),
        modelKwargs: model.extraBody,
      },
      configuration: {
        baseURL: model.baseUrl ?? providers[model.provider].baseUrl,
        fetch: boundedFetch(watching.tooLarge),
        ...{ organization: null, project: null, logLevel: 'off', maxRetries: 0 },
      },
    })
    const asking = chat.withStructuredOutput<Record<string, unknown>>(schema, {
      name: shapeName,
      includeRaw: true,
      method: methods[how],
      ...(how === 'json_schema' ? { strict: isStrict } : {}),
    })
    return invokeWith(asking, [new SystemMessage(system), new HumanMessage(user)], {
      ...{ heard, watching, signal },
    })
  }

const anthropic =
  (model: ModelConfig, how: Structured, { maxOutputTokens, langChain }: ClientOptions): Invoke =>
  async ({ prompt: { system, user }, shape: { schema }, heard }, watching, signal) => {
    const { ChatAnthropic, HumanMessage, SystemMessage } = langChain
    const chat = new ChatAnthropic({
      model: model.name,
      apiKey: model.apiKey ?? 'none',
      anthropicApiUrl: model.baseUrl ?? providers.anthropic.baseUrl,
      maxTokens: maxOutputTokens,
      ...{
        maxRetries: 0,
        verbose: false,
        ...(heard === undefined ? { streaming: false } : {}),
        invocationKwargs: model.extraBody,
      },
      clientOptions: {
        fetch: boundedFetch(watching.tooLarge),
        logLevel: 'off',
        authToken: null,
        maxRetries: 0,
      },
    })
    const asking = chat.withStructuredOutput<Record<string, unknown>>(schema, {
      name: shapeName,
      includeRaw: true,
      method: how === 'json_schema' ? 'jsonSchema' : 'functionCalling',
    })
    return invokeWith(asking, [new SystemMessage(system), new HumanMessage(user)], {
      ...{ heard, watching, signal },
    })
  }

/** Rejects as soon as the signal is aborted, whatever the client does about it. */
const untilAborted = (
  signal: AbortSignal,
): { readonly aborted: Promise<never>; readonly end: () => void } => {
  if (signal.aborted) return { aborted: Promise.reject(new Error('aborted')), end: () => undefined }
  const ending = new AbortController()
  const aborted = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new Error('aborted')), { signal: ending.signal })
  })
  return { aborted, end: () => ending.abort() }
}

/** What a call may have taken, in tokens, where nobody tells. */
interface AtMost {
  readonly input: number
  readonly output: number
}

/** More tokens than a model writes in a second, but for rare ones: what one that was left may have written by then. */
const mostTokensPerSecond = 250

/** What a broken-off call means, and what it is counted as. */
const brokenOff = (
  error: unknown,
  atMost: AtMost,
  { isLate, isTooLarge }: { readonly isLate: boolean; readonly isTooLarge: boolean },
): ChatResult => {
  const failure: CallFailure = isLate
    ? { outcome: 'timeout' }
    : isTooLarge
      ? { outcome: 'too_large' }
      : failureOf(error)
  // A provider that refused read nothing; one that broke off may have written all that it was allowed to.
  const isCharged = failure.status === undefined && !wasNeverSent(error)
  return {
    said: failure,
    inputTokens: isCharged ? atMost.input : 0,
    outputTokens: isCharged ? atMost.output : 0,
  }
}

/** A question with what is known of its size before it is asked. */
interface Sized extends Sent {
  /** Tokens of the question, estimated. */
  readonly estimate: number
  readonly maxOutputTokens: number
}

const askOnce = async (invoke: Invoke, asked: Sized, signal: AbortSignal): Promise<ChatResult> => {
  const { estimate, maxOutputTokens } = asked
  let isTooLarge = false
  let heardSoFar = (): Written => ({ text: '', call: '' })
  const watching: Watching = {
    tooLarge: () => {
      isTooLarge = true
    },
    writing: (written) => {
      heardSoFar = written
    },
  }
  // Some write more than they are allowed to.
  const most = (written: string, allowed = maxOutputTokens): number => {
    const { text, call } = heardSoFar()
    return Math.max(allowed, estimateTokens(written), estimateTokens(text + call))
  }
  const { aborted, end } = untilAborted(signal)
  const startedAt = performance.now()
  try {
    const raw = await Promise.race([invoke(asked, watching, signal), aborted])
    const { said, inputTokens, outputTokens, written } = readMessage(raw)
    // Of a whole answer the words are known; of half a one nobody knows how much was written.
    const counted = 'value' in said ? estimateTokens(written) : most(written)
    return {
      said,
      inputTokens: inputTokens === 0 ? estimate : inputTokens,
      outputTokens: outputTokens === 0 ? counted : outputTokens,
    }
  } catch (error) {
    const byNow = Math.ceil(((performance.now() - startedAt) / 1_000) * mostTokensPerSecond)
    const allowed = signal.aborted ? Math.min(maxOutputTokens, byNow) : maxOutputTokens
    const atMost = { input: estimate, output: most('', allowed) }
    return brokenOff(error, atMost, { isLate: signal.aborted, isTooLarge })
  } finally {
    end()
  }
}

/** How a model is asked. */
const openInvoke = (
  model: ModelConfig,
  how: Structured,
  { langChain, maxOutputTokens }: ChatOptions,
): Invoke => {
  if (langChain === undefined) return () => Promise.reject(new Error('nobody is asked'))
  const open = providers[model.provider].api === 'openai' ? openAi : anthropic
  return open(model, how, { langChain, maxOutputTokens })
}

/** Opens a configured model; nothing is sent before it is asked. */
export const openChat = (model: ModelConfig, options: ChatOptions): Chat => {
  const how = model.structured ?? providers[model.provider].structured
  const invoke = openInvoke(model, how, options)
  const name = `${model.provider}/${model.name}`
  const write = ({ instructions, material, shape }: ChatQuestion): Prompt =>
    writePrompt(instructions, material, how === 'json' ? shape.schema : undefined)
  const measure = (prompt: Prompt, { shape }: ChatQuestion): number =>
    estimateTokens(prompt.system) +
    estimateTokens(prompt.user) +
    (how === 'json' ? 0 : estimateTokens(JSON.stringify(shape.schema)))
  return {
    name,
    prices: model,
    measure: (question) => measure(write(question), question),
    ask: (question, signal) => {
      const prompt = write(question)
      const { shape, heard } = question
      const { maxOutputTokens } = options
      const asked = { prompt, shape, heard, estimate: measure(prompt, question), maxOutputTokens }
      const live = (): Promise<ChatResult> => askOnce(invoke, asked, signal)
      return options.tape === undefined ? live() : options.tape.ask(name, question, live)
    },
  }
}
