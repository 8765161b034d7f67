import {
  createDecipheriv,
  createECDH,
  createPublicKey,
  hkdfSync,
  randomBytes,
  verify,
  type ECDH,
} from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'

/** What a browser gives away of a subscription. */
export interface GivenSubscription {
  readonly endpoint: string
  readonly keys: { readonly p256dh: string; readonly auth: string }
  readonly language: 'zh' | 'en'
}

/** One call of the push service, as the browser opens it. */
export interface Pushed {
  readonly path: string
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** What the push service answers next; without it 201. */
interface Answer {
  readonly status: number
  readonly retryAfter?: string
}

/** A browser's half of a subscription: it alone opens what is sealed for it. */
export interface PushedBrowser {
  readonly given: GivenSubscription
  open(body: Buffer): unknown
}

const info = (text: string, ...more: readonly Buffer[]): Buffer =>
  Buffer.concat([Buffer.from(`${text}\0`), ...more])

/** RFC 8188 and 8291, written from their text: one record, `aes128gcm`. */
const decrypt = (pair: ECDH, auth: Buffer, body: Buffer): string => {
  const salt = body.subarray(0, 16)
  const keyEnd = 21 + body.readUInt8(20)
  const theirs = body.subarray(21, keyEnd)
  const sealed = body.subarray(keyEnd)
  const webPush = info('WebPush: info', pair.getPublicKey(), theirs)
  const secret = Buffer.from(hkdfSync('sha256', pair.computeSecret(theirs), auth, webPush, 32))
  const part = (name: string, bytes: number): Buffer =>
    Buffer.from(hkdfSync('sha256', secret, salt, info(`Content-Encoding: ${name}`), bytes))
  const decipher = createDecipheriv('aes-128-gcm', part('aes128gcm', 16), part('nonce', 12))
  decipher.setAuthTag(sealed.subarray(-16))
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()])
  const end = padded.lastIndexOf(2)
  return padded.subarray(0, end).toString('utf8')
}

const createPushedBrowser = (endpoint: string, language: 'zh' | 'en'): PushedBrowser => {
  const pair = createECDH('prime256v1')
  pair.generateKeys()
  const auth = randomBytes(16)
  const keys = { p256dh: pair.getPublicKey('base64url'), auth: auth.toString('base64url') }
  return {
    given: { endpoint, keys, language },
    open: (body) => JSON.parse(decrypt(pair, auth, body)) as unknown,
  }
}

/** The claims of a call's VAPID token. Throws unless the key that browsers were given signed it (RFC 8292). */
export const vapidClaims = ({ headers }: Pushed, publicKey: string): Readonly<Record<string, unknown>> => {
  const [, token = '', key = ''] =
    /^vapid t=([\w.-]+), ?k=([\w-]+)$/.exec(String(headers.authorization)) ?? []
  if (key !== publicKey) throw new Error('signed under another key')
  const [head = '', claims = '', signature = ''] = token.split('.')
  const point = Buffer.from(publicKey, 'base64url')
  const jwk = {
    ...{ kty: 'EC', crv: 'P-256' },
    x: point.subarray(1, 33).toString('base64url'),
    y: point.subarray(33).toString('base64url'),
  }
  const isSigned = verify(
    'sha256',
    Buffer.from(`${head}.${claims}`),
    { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  )
  if (!isSigned) throw new Error('the signature is wrong')
  return JSON.parse(Buffer.from(claims, 'base64url').toString('utf8')) as Readonly<Record<string, unknown>>
}

/** A push service on this machine. */
export const openPushService = async () => {
  const pushed: Pushed[] = []
  const answers: Answer[] = []
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      pushed.push({ path: request.url ?? '', headers: request.headers, body: Buffer.concat(chunks) })
      const { status, retryAfter } = answers.shift() ?? { status: 201 }
      response.writeHead(status, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const origin = `http://127.0.0.1:${String(typeof address === 'object' ? address?.port : '')}`
  let browsers = 0
  return {
    origin,
    pushed,
    /** Answers that come next, in this order. */
    answers,
    subscribe: (language: 'zh' | 'en' = 'zh'): PushedBrowser => {
      browsers += 1
      return createPushedBrowser(
        `${origin}/push/${String(browsers)}-${randomBytes(8).toString('hex')}`,
        language,
      )
    },
    stop: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
export type PushService = Awaited<ReturnType<typeof openPushService>>
