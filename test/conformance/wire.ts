import { createServer, request as call } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'

/** One push as it went over the wire. */
export interface Push {
  readonly method: string
  readonly path: string
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

/** What the product answered. */
export interface Answer {
  readonly status: number
  readonly headers: OutgoingHttpHeaders
  readonly body: Buffer
}

/** The way from a provider to the product: what passes can be doubled, lost, cut off and sent again byte by byte. */
export interface Wire {
  readonly url: string
  /** Every push so far, copies left out. */
  readonly pushes: readonly Push[]
  /** Each push goes so many times at once; the provider hears the first answer. */
  copies: number
  /** So many of the next answers get lost on their way back. */
  loseAnswers: number
  /** So many of the next pushes do not pass. */
  cuts: number
  send(push: Push): Promise<Answer>
  close(): void
}

const readAll = async (incoming: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

/** The request's headers in a form that can be sent again; a body of known length needs no chunks. */
const headersOf = (incoming: IncomingMessage, body: Buffer): OutgoingHttpHeaders => {
  const headers: OutgoingHttpHeaders = { ...incoming.headers }
  delete headers['transfer-encoding']
  delete headers['connection']
  return incoming.method === 'POST' ? { ...headers, 'content-length': String(body.length) } : headers
}

/** Opens a way to the product that listens, now or later, on `port` of this machine. */
export const openWire = async (port: number): Promise<Wire> => {
  const pushes: Push[] = []
  const send = ({ method, path, headers, body }: Push): Promise<Answer> =>
    new Promise((resolve, reject) => {
      const outgoing = call({ host: '127.0.0.1', port, method, path, headers }, (incoming) => {
        readAll(incoming).then(
          (read) =>
            resolve({ status: incoming.statusCode ?? 0, headers: headersOf(incoming, read), body: read }),
          reject,
        )
      })
      outgoing.on('error', reject)
      outgoing.end(body)
    })
  const server = createServer((incoming, outgoing) => {
    const pass = async (): Promise<void> => {
      const body = await readAll(incoming)
      const { method = 'GET', url: path = '/' } = incoming
      const push: Push = { method, path, headers: headersOf(incoming, body), body }
      if (wire.cuts > 0) {
        wire.cuts -= 1
        throw new Error('the wire is cut')
      }
      pushes.push(push)
      const [first] = await Promise.all(Array.from({ length: wire.copies }, () => send(push)))
      if (wire.loseAnswers > 0) {
        wire.loseAnswers -= 1
        throw new Error('the answer is lost')
      }
      if (first === undefined) throw new Error('nothing was sent')
      outgoing.writeHead(first.status, first.headers).end(first.body)
    }
    pass().catch(() => outgoing.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const wire: Wire = {
    url: `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}`,
    pushes,
    copies: 1,
    loseAnswers: 0,
    cuts: 0,
    send,
    close: () => {
      server.close()
      server.closeAllConnections()
    },
  }
  return wire
}
