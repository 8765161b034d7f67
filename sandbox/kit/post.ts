import { request as httpRequest } from 'node:http'
import { request as httpsRequest } from 'node:https'
import type { ClientRequest, IncomingMessage } from 'node:http'

/** What came of a request to the callback. Durations are real milliseconds. */
export type PostResult =
  | {
      readonly kind: 'response'
      readonly status: number
      readonly headers: Readonly<Record<string, string>>
      readonly body: Buffer
      readonly durationMs: number
    }
  | { readonly kind: 'timeout'; readonly durationMs: number }
  | { readonly kind: 'refused'; readonly reason: string; readonly durationMs: number }

/** A prepared request. */
export interface RawRequest {
  readonly url: string
  readonly method: 'GET' | 'POST'
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Sends requests, each on a connection of its own: a reused one that dies would be a retry nobody counted. */
export interface Poster {
  post(request: RawRequest, timeoutMs: number): Promise<PostResult>
  /** Breaks everything off. */
  close(): void
}

const maxResponseBytes = 1024 * 1024

/** A client without redirects, cookies or retries: the callback sees exactly what it is given. */
export const createPoster = (): Poster => {
  const running = new Set<ClientRequest>()
  return {
    post: async (request, timeoutMs) => {
      const startedAt = performance.now()
      const elapsed = (): number => Math.round((performance.now() - startedAt) * 10) / 10
      const client = start(request)
      running.add(client)
      const state = { timedOut: false }
      const timer = setTimeout(() => {
        state.timedOut = true
        client.destroy()
      }, timeoutMs)
      try {
        const response = await respond(client, request.body)
        const body = await readBody(response)
        const status = response.statusCode ?? 0
        return { kind: 'response', status, headers: flatten(response), body, durationMs: elapsed() }
      } catch (error) {
        return state.timedOut
          ? { kind: 'timeout', durationMs: elapsed() }
          : { kind: 'refused', reason: codeOf(error), durationMs: elapsed() }
      } finally {
        clearTimeout(timer)
        running.delete(client)
      }
    },
    close: () => {
      for (const client of running) client.destroy()
    },
  }
}

const start = ({ url, method, headers }: RawRequest): ClientRequest =>
  url.startsWith('https:')
    ? httpsRequest(url, { method, headers, agent: false })
    : httpRequest(url, { method, headers, agent: false })

const respond = (client: ClientRequest, body: string): Promise<IncomingMessage> =>
  new Promise((resolve, reject) => {
    client.on('response', resolve)
    client.on('error', reject)
    client.end(body)
  })

const readBody = async (response: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of response) {
    if (!Buffer.isBuffer(chunk)) continue
    chunks.push(chunk)
    size += chunk.length
    if (size > maxResponseBytes) throw new Error('response larger than 1 MiB')
  }
  return Buffer.concat(chunks)
}

const flatten = (response: IncomingMessage): Record<string, string> =>
  Object.fromEntries(
    Object.entries(response.headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(', ') : (value ?? ''),
    ]),
  )

const codeOf = (error: unknown): string => {
  if (!(error instanceof Error)) return 'unknown'
  return 'code' in error && typeof error.code === 'string' ? error.code : error.message
}
