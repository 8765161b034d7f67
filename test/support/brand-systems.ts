import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request that a system of the brand received. */
export interface Received {
  readonly method: string
  readonly path: string
  readonly headers: IncomingMessage['headers']
  readonly body: string
}

/** What the system answers; `hang`: nothing, ever. */
export type Answering = (
  request: Received,
) =>
  | { readonly status?: number; readonly type?: string; readonly body?: string; readonly location?: string }
  | 'hang'

/** A system of the brand on this machine. */
export interface BrandSystem {
  readonly url: string
  readonly received: readonly Received[]
  answers(answering: Answering): void
  close(): Promise<void>
}

const readAll = async (request: IncomingMessage): Promise<string> => {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

/** Starts one; it answers 404 until it is told otherwise. */
export const startBrandSystem = async (): Promise<BrandSystem> => {
  const received: Received[] = []
  let answering: Answering = () => ({ status: 404 })
  const server = createServer((request, response) => {
    void (async () => {
      const { method = '', url: path = '', headers } = request
      const one = { method, path, headers, body: await readAll(request) }
      received.push(one)
      const answer = answering(one)
      if (answer === 'hang') return
      const { status = 200, type = 'application/json', body = '{}', location } = answer
      response.writeHead(status, { 'content-type': type, ...(location === undefined ? {} : { location }) })
      response.end(body)
    })()
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    url: `http://127.0.0.1:${String(port)}`,
    received,
    answers: (next) => {
      answering = next
    },
    close: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
