import { type IncomingMessage, type ServerResponse, createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LlmFault } from './faults.ts'
import { anthropicEvents, anthropicReply, openAiEvents, openAiReply } from './replies.ts'
import { type LlmRequest, readAnthropic, readOpenAi } from './request.ts'

/** A value is answered as JSON, a string as it is. */
export type LlmAnswer = (request: LlmRequest) => unknown

/** A provider of language models on this machine, by OpenAI's API and Anthropic's. */
export interface LlmSimulator {
  /** `http://127.0.0.1:<port>/v1`, for clients of OpenAI's API. */
  readonly baseUrl: string
  /** `http://127.0.0.1:<port>`, for clients of Anthropic's. */
  readonly anthropicUrl: string
  /** Everything that was asked, oldest first; also what a fault was the answer to. */
  readonly requests: readonly LlmRequest[]
  /** How many connections were opened so far. */
  readonly connections: () => number
  /** From now on answers are what `answer` gives. Default: `{}`. What it throws becomes a 500. */
  readonly answerWith: (answer: LlmAnswer) => void
  /** The next `times` requests meet `fault`; all, by default. `undefined`: well again. */
  readonly misbehave: (fault: LlmFault | undefined, times?: number) => void
  /** Streams wait for `pause` after each of their events. `undefined`: they do not. */
  readonly pauseWith: (pause: ((event: string) => Promise<void>) | undefined) => void
  /** The headers of `rate_limited`, by which it says how long it wants to be left alone. Default a minute. */
  readonly askToWait: (headers: Record<string, string>) => void
  /** Forgets requests, answer, fault, pause and headers. */
  readonly reset: () => void
  readonly stop: () => Promise<void>
}

const megabyte = 1024 * 1024

/** How a provider says for how long it wants to be left alone. */
type WaitHeaders = Record<string, string>
const aMinute: WaitHeaders = { 'retry-after': '60' }

const bodyOf = async (incoming: IncomingMessage): Promise<unknown> => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return JSON.parse(Buffer.concat(chunks).toString('utf8'))
}

const keyOf = ({ headers }: IncomingMessage): string | undefined => {
  const own = headers['x-api-key']
  if (typeof own === 'string') return own
  return /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
}

const sendJson = (
  out: ServerResponse,
  status: number,
  body: unknown,
  headers: Record<string, string> = {},
) => {
  out.writeHead(status, { 'content-type': 'application/json', ...headers })
  out.end(JSON.stringify(body))
}

/** Writes for as long as somebody reads. */
const writeForEver = (out: ServerResponse, piece: string, everyMs: number): void => {
  const timer = setInterval(() => out.write(piece), everyMs)
  out.on('close', () => clearInterval(timer))
}

/** Faults of the transport. False: `fault` is none of those. */
const failBelow = (
  out: ServerResponse,
  { fault, waitHeaders }: { readonly fault: LlmFault | undefined; readonly waitHeaders: WaitHeaders },
  request: LlmRequest,
): boolean => {
  const echo = `Incorrect API key provided: ${request.apiKey ?? ''}`
  switch (fault) {
    case 'hang':
      return true
    case 'trickle':
      out.writeHead(200, { 'content-type': 'application/json' })
      writeForEver(out, ' ', 50)
      return true
    case 'rate_limited':
      sendJson(out, 429, { error: { message: 'rate limit', type: 'requests' } }, waitHeaders)
      return true
    case 'broken':
      sendJson(out, 500, { error: { message: `${echo}; ${request.user}`, type: 'server_error' } })
      return true
    case 'unauthorized':
      sendJson(out, 401, { error: { message: echo, type: 'invalid_request_error', code: 'invalid_api_key' } })
      return true
    case 'reset':
      out.destroy()
      return true
    case 'no_body':
      out.writeHead(200, { 'content-type': 'application/json', 'content-length': '0' })
      out.end()
      return true
    case 'huge':
      out.writeHead(200, { 'content-type': 'application/json' })
      out.write(' '.repeat(megabyte + 1))
      writeForEver(out, ' '.repeat(megabyte / 16), 20)
      return true
    case 'bad_body':
      out.writeHead(200, { 'content-type': 'application/json' })
      out.end('<html>502 Bad Gateway</html>')
      return true
    case 'redirect':
      out.writeHead(307, { location: '/elsewhere' })
      out.end()
      return true
    default:
      return false
  }
}

const writeHalf = (out: ServerResponse, type: string, whole: string): void => {
  out.writeHead(200, { 'content-type': type })
  out.write(whole.slice(0, Math.floor(whole.length / 2)), () => out.destroy())
}

/** Half of it; of a stream, only whole events. */
const firstHalf = (whole: string, isStream: boolean): string => {
  const half = whole.slice(0, Math.floor(whole.length / 2))
  return isStream ? half.slice(0, half.lastIndexOf('\n\n') + 2) : half
}

/** Event by event, and after each as long as `pause` takes. */
const writeSlowly = async (
  out: ServerResponse,
  type: string,
  whole: string,
  pause: (event: string) => Promise<void>,
): Promise<void> => {
  const events = whole.split(/(?<=\n\n)/u)
  out.writeHead(200, { 'content-type': type })
  for (const event of events) {
    await new Promise<void>((resolve) => out.write(event, () => resolve()))
    await pause(event)
  }
  out.end()
}

const reply = async (
  out: ServerResponse,
  request: LlmRequest,
  answer: unknown,
  { fault, pause }: { readonly fault: LlmFault | undefined; readonly pause: Standing['pause'] },
): Promise<void> => {
  const text = typeof answer === 'string' ? answer : JSON.stringify(answer)
  const type = request.stream ? 'text/event-stream' : 'application/json'
  const isOpenAi = request.api === 'openai'
  const whole = request.stream
    ? (isOpenAi ? openAiEvents : anthropicEvents)(request, text, fault).join('')
    : JSON.stringify((isOpenAi ? openAiReply : anthropicReply)(request, text, fault))
  if (pause !== undefined && fault === undefined && request.stream) {
    await writeSlowly(out, type, whole, pause)
    return
  }
  if (fault === 'cut') {
    writeHalf(out, type, whole)
    return
  }
  out.writeHead(200, { 'content-type': type })
  out.end(fault === 'early_end' ? firstHalf(whole, request.stream) : whole)
}

interface Standing {
  answer: LlmAnswer
  fault: LlmFault | undefined
  left: number
  pause: ((event: string) => Promise<void>) | undefined
  waitHeaders: WaitHeaders
}

const takeFault = (standing: Standing): LlmFault | undefined => {
  if (standing.left <= 0) return undefined
  standing.left -= 1
  return standing.fault
}

const serve = async (
  standing: Standing,
  requests: LlmRequest[],
  incoming: IncomingMessage,
  out: ServerResponse,
): Promise<void> => {
  const { url = '' } = incoming
  const read = url.endsWith('/chat/completions')
    ? readOpenAi
    : url.endsWith('/messages')
      ? readAnthropic
      : undefined
  if (read === undefined) {
    sendJson(out, 404, { error: { message: `nothing at ${url}` } })
    return
  }
  const request = read(await bodyOf(incoming), keyOf(incoming))
  requests.push(request)
  const fault = takeFault(standing)
  if (failBelow(out, { fault, waitHeaders: standing.waitHeaders }, request)) return
  await reply(out, request, await standing.answer(request), { fault, pause: standing.pause })
}

/** Starts one on a free port of this machine. */
export const startLlmSimulator = async (): Promise<LlmSimulator> => {
  const standing: Standing = {
    ...{ answer: () => ({}), fault: undefined, left: 0, pause: undefined, waitHeaders: aMinute },
  }
  const requests: LlmRequest[] = []
  let connections = 0
  const server = createServer((incoming, out) => {
    serve(standing, requests, incoming, out).catch((error: unknown) =>
      sendJson(out, 500, { error: { message: String(error) } }),
    )
  })
  server.on('connection', () => (connections += 1))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  const misbehave = (fault: LlmFault | undefined, times = Number.POSITIVE_INFINITY): void => {
    standing.fault = fault
    standing.left = fault === undefined ? 0 : times
  }
  return {
    baseUrl: `${origin}/v1`,
    anthropicUrl: origin,
    requests,
    connections: () => connections,
    answerWith: (answer) => void (standing.answer = answer),
    misbehave,
    pauseWith: (pause) => void (standing.pause = pause),
    askToWait: (headers) => void (standing.waitHeaders = headers),
    reset: () => {
      requests.length = 0
      standing.answer = () => ({})
      standing.pause = undefined
      standing.waitHeaders = aMinute
      misbehave(undefined)
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
