import { createServer } from 'node:http'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { readLimited } from '../../../channels/kit/read-body.ts'
import { Readable } from 'node:stream'

/** One call as the provider saw it. */
export interface ProviderCall {
  readonly method: string
  readonly path: string
  readonly query: URLSearchParams
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What the provider answers: JSON data, or bytes with a content type; or it breaks the connection off. */
export type ProviderAnswer =
  | { readonly json: unknown; readonly status?: number; readonly headers?: Record<string, string> }
  | { readonly file: Uint8Array; readonly contentType: string }
  | { readonly breaks: true }

type Handler = (call: ProviderCall) => ProviderAnswer | Promise<ProviderAnswer>

/** A tiny api.weixin.qq.com on loopback: scripted by path, remembering every call. */
export interface Provider {
  readonly url: string
  readonly calls: readonly ProviderCall[]
  callsTo(path: string): readonly ProviderCall[]
  /** Bodies sent to a path, parsed. */
  sent(path: string): readonly unknown[]
  on(path: string, handler: Handler): void
  /** The next calls to a path get these errcodes, one each; then it works again. */
  refuse(path: string, ...errcodes: readonly number[]): void
  close(): Promise<void>
}

export const sendPath = '/cgi-bin/message/custom/send'
export const typingPath = '/cgi-bin/message/custom/typing'
export const tokenPath = '/cgi-bin/stable_token'
export const uploadPath = '/cgi-bin/media/upload'
export const mediaPath = '/cgi-bin/media/get'

const ok: ProviderAnswer = { json: { errcode: 0, errmsg: 'ok' } }

const readCall = async (request: IncomingMessage): Promise<ProviderCall> => {
  const url = new URL(request.url ?? '/', 'http://provider')
  const stream: ReadableStream<Uint8Array> = Readable.toWeb(request)
  const bytes = await readLimited(stream, 32 * 1_048_576)
  return {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
    body: Buffer.from(bytes ?? []).toString('latin1'),
  }
}

const write = (response: ServerResponse, answer: ProviderAnswer): void => {
  if ('breaks' in answer) {
    response.destroy()
    return
  }
  if ('file' in answer) {
    response.writeHead(200, { 'content-type': answer.contentType, 'content-disposition': 'attachment' })
    response.end(answer.file)
    return
  }
  // WeChat labels some of its JSON as text.
  response.writeHead(answer.status ?? 200, { 'content-type': 'text/plain', ...answer.headers })
  response.end(typeof answer.json === 'string' ? answer.json : JSON.stringify(answer.json))
}

const parse = (body: string): unknown => JSON.parse(Buffer.from(body, 'latin1').toString('utf8'))

/** Starts a provider with one valid token at a time and no opinion about messages. */
export const startProvider = async (): Promise<Provider> => {
  const calls: ProviderCall[] = []
  const refusals = new Map<string, number[]>()
  const handlers = new Map<string, Handler>()
  let issued = 0
  handlers.set(tokenPath, () => {
    issued += 1
    return { json: { access_token: `token-${issued}-${'x'.repeat(500)}`, expires_in: 7200 } }
  })
  handlers.set(uploadPath, ({ query }) => {
    const field = query.get('type') === 'thumb' ? 'thumb_media_id' : 'media_id'
    return { json: { type: query.get('type'), [field]: `uploaded-${calls.length}`, created_at: 1 } }
  })

  const answer = async (call: ProviderCall): Promise<ProviderAnswer> => {
    const errcode = refusals.get(call.path)?.shift()
    if (errcode !== undefined) return { json: { errcode, errmsg: `refused rid: 1-${errcode}` } }
    return (await handlers.get(call.path)?.(call)) ?? ok
  }
  const server = createServer((request, response) => {
    void readCall(request).then(async (call) => {
      calls.push(call)
      write(response, await answer(call))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  const callsTo = (path: string): readonly ProviderCall[] => calls.filter((call) => call.path === path)
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    callsTo,
    sent: (path) => callsTo(path).map(({ body }) => parse(body)),
    on: (path, handler) => void handlers.set(path, handler),
    refuse: (path, ...errcodes) => void refusals.set(path, [...errcodes]),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
