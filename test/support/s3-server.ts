import { createHash, createHmac } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'

/** An object store on loopback that checks every signature by its own reading of AWS's document. */
export interface S3Server {
  readonly endpoint: string
  readonly keyId: string
  readonly secret: string
  /** Requests so far, as `PUT /bucket/key`. */
  readonly asked: readonly string[]
  /** Answers the next requests with these statuses before it behaves again. */
  failNext(...statuses: number[]): void
  stop(): void
}

const hex = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex')
const hmac = (key: string | Buffer, text: string): Buffer => createHmac('sha256', key).update(text).digest()

const readAll = async (request: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const headerOf = ({ headers }: IncomingMessage, name: string): string => String(headers[name] ?? '')

/**
 * The signature a request should carry. Source: docs.aws.amazon.com, "Signature Version 4: create a signed request".
 * Paths here hold nothing that would need encoding.
 */
const signatureOf = (request: IncomingMessage, secret: string, parts: RegExpExecArray): string => {
  const [, , date = '', region = '', signedHeaders = ''] = parts
  const headers = signedHeaders.split(';').map((name) => `${name}:${headerOf(request, name).trim()}\n`)
  const canonical = [
    request.method,
    request.url,
    '',
    headers.join(''),
    signedHeaders,
    headerOf(request, 'x-amz-content-sha256'),
  ].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const toSign = ['AWS4-HMAC-SHA256', headerOf(request, 'x-amz-date'), scope, hex(canonical)].join('\n')
  const key = hmac(hmac(hmac(hmac(`AWS4${secret}`, date), region), 's3'), 'aws4_request')
  return createHmac('sha256', key).update(toSign).digest('hex')
}

const pattern =
  /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([\w;-]+), Signature=([0-9a-f]{64})$/

const faultOf = (
  request: IncomingMessage,
  body: Buffer,
  { keyId, secret }: { keyId: string; secret: string },
) => {
  const parts = pattern.exec(headerOf(request, 'authorization'))
  if (parts === null) return 'AccessDenied'
  if (parts[1] !== keyId) return 'InvalidAccessKeyId'
  const signed = (parts[4] ?? '').split(';')
  if (!['host', 'x-amz-content-sha256', 'x-amz-date'].every((name) => signed.includes(name)))
    return 'AccessDenied'
  if (headerOf(request, 'x-amz-content-sha256') !== hex(body)) return 'XAmzContentSHA256Mismatch'
  return parts[5] === signatureOf(request, secret, parts) ? undefined : 'SignatureDoesNotMatch'
}

/** Starts it with one bucket, `files`. */
export const startS3Server = async (): Promise<S3Server> => {
  const account = { keyId: 'AKIATEST', secret: 'test+secret/of-the-bucket' }
  const objects = new Map<string, Buffer>()
  const asked: string[] = []
  const failures: number[] = []
  const answer = async (request: IncomingMessage): Promise<readonly [number, Buffer | string]> => {
    const body = await readAll(request)
    const { method = '', url = '' } = request
    asked.push(`${method} ${url}`)
    const failure = failures.shift()
    if (failure !== undefined) return [failure, '']
    const fault = faultOf(request, body, account)
    if (fault !== undefined) return [403, `<Error><Code>${fault}</Code></Error>`]
    if (!url.startsWith('/files/')) return [404, '<Error><Code>NoSuchBucket</Code></Error>']
    if (method === 'PUT') {
      objects.set(url, body)
      return [200, '']
    }
    if (method === 'DELETE') {
      objects.delete(url)
      return [204, '']
    }
    const found = objects.get(url)
    return found === undefined ? [404, '<Error><Code>NoSuchKey</Code></Error>'] : [200, found]
  }
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => response.writeHead(status).end(body))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return {
    endpoint: `http://127.0.0.1:${String(port)}`,
    ...account,
    asked,
    failNext: (...statuses) => void failures.push(...statuses),
    stop: () => {
      server.close()
      server.closeAllConnections()
    },
  }
}
