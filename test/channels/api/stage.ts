import { createHmac } from 'node:crypto'
import { createServer } from 'node:http'
import { api } from '../../../channels/api/index.ts'
import type { Channel } from '../../../src/core/channel.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { Answer, ContractHost } from '../../contract/channel.ts'

export const secret = `whsec_${Buffer.alloc(32, 1).toString('base64')}`
export const otherSecret = `whsec_${Buffer.alloc(32, 2).toString('base64')}`
export const contactId = 'member-1'

/** The signature by the specification's words, not by the library the channel uses. */
export const signatureOf = (
  key: string,
  id: string,
  seconds: number | string,
  body: string | Buffer,
): string =>
  `v1,${createHmac('sha256', Buffer.from(key.slice('whsec_'.length), 'base64'))
    .update(`${id}.${seconds}.`)
    .update(body)
    .digest('base64')}`

export interface Signing {
  readonly now: Date
  readonly id?: string
  readonly secret?: string
  readonly headers?: Readonly<Record<string, string | undefined>>
}

/** A signed request; `headers` override, `undefined` takes one out. */
export const requestOf = (body: string | Buffer, { now, id = 'msg_1', ...more }: Signing): Request => {
  const seconds = Math.floor(now.getTime() / 1_000)
  const headers = new Headers({
    'content-type': 'application/json',
    'webhook-id': id,
    'webhook-timestamp': String(seconds),
    'webhook-signature': signatureOf(more.secret ?? secret, id, seconds, body),
  })
  for (const [name, value] of Object.entries(more.headers ?? {})) {
    headers.delete(name)
    if (value !== undefined) headers.set(name, value)
  }
  return new Request('https://desk.example/channels/forum/messages', {
    method: 'POST',
    body: typeof body === 'string' ? body : new Uint8Array(body),
    headers,
  })
}

/** A message of one part; `more` overrides. */
export const bodyOf = (part: unknown, more: Readonly<Record<string, unknown>> = {}): string =>
  JSON.stringify({ id: 'post-1', contact: { id: contactId }, parts: [part], ...more })

/** What the brand's server got. */
export interface Received {
  readonly headers: Headers
  readonly body: string
}

/** The brand's server. */
export interface Brand {
  readonly url: string
  readonly received: readonly Received[]
  /** What it answers from now on; null: nothing at all. */
  readonly answer: (given: { status: number; body?: string; headers?: Record<string, string> } | null) => void
  /** What a GET of a path gives. */
  readonly file: (path: string, status: number, bytes: Uint8Array) => void
  readonly close: () => Promise<void>
}

export const startBrand = async (): Promise<Brand> => {
  const received: Received[] = []
  const files = new Map<string, { status: number; bytes: Uint8Array }>()
  let answer: Parameters<Brand['answer']>[0] = { status: 200, body: '{"id":"reply-1"}' }
  const server = createServer((request, response) => {
    if (request.method === 'GET') {
      const file = files.get(request.url ?? '')
      response.writeHead(file?.status ?? 404).end(file?.bytes)
      return
    }
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const headers = new Headers(
        Object.entries(request.headers).map(([name, value]): [string, string] => [name, String(value)]),
      )
      received.push({ headers, body: Buffer.concat(chunks).toString('utf8') })
      if (answer !== null) response.writeHead(answer.status, answer.headers).end(answer.body)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const bound = server.address()
  return {
    url: `http://127.0.0.1:${typeof bound === 'object' && bound !== null ? bound.port : 0}`,
    received,
    answer: (given) => {
      answer = given
    },
    file: (path, status, bytes) => void files.set(path, { status, bytes }),
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}

/** An inbox with its brand. */
export interface Stage {
  readonly host: ContractHost
  readonly channel: Channel
  readonly brand: Brand
  readonly call: (request: Request) => Promise<Answer>
  /** Signs and sends a body. */
  readonly says: (body: string | Buffer, signing?: Partial<Signing>) => Promise<Answer>
  readonly close: () => Promise<void>
}

export const openStage = async (
  more: Readonly<Record<string, unknown>> = {},
  host = createContractHost(),
): Promise<Stage> => {
  const brand = await startBrand()
  const config = api.config.parse({
    secret,
    webhookUrl: `${brand.url}/hook`,
    allowLoopbackHttp: true,
    ...more,
  })
  const channel = api.create(config, host)
  await channel.start()
  const [route] = channel.routes
  const call = async (request: Request): Promise<Answer> => {
    const response = await route?.handle(request, {
      remoteAddress: '203.0.113.7',
      onFinished: () => undefined,
    })
    return { status: response?.status ?? 0, body: (await response?.text()) ?? '' }
  }
  let requests = 0
  return {
    host,
    channel,
    brand,
    call,
    says: (body, signing = {}) =>
      call(requestOf(body, { now: host.clock.now(), id: `msg_${(requests += 1)}`, ...signing })),
    close: async () => {
      await channel.stop()
      await brand.close()
    },
  }
}
