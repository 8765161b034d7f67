import { createHash, createHmac, createSign, generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** What the provider says of whoever signs in there. */
export type Person = Readonly<Record<string, unknown>> & { readonly sub: string }

/** How the next answer goes wrong. */
export type Twist =
  | 'audience'
  | 'denied'
  | 'expired'
  | 'issuer'
  | 'nonce'
  | 'no-id-token'
  | 'secret-as-key'
  | 'signature'
  | 'state'
  | 'strange-key'
  | 'token-error'
  | 'unsigned'
  | 'user-info-of-another'

/** A provider of OpenID Connect on loopback that checks what it is asked, and can be told to lie. */
export interface IdentityProvider {
  readonly issuer: string
  readonly clientId: string
  readonly clientSecret: string
  /** Who signs in there from now on; `aside`: claims that only its userinfo endpoint tells. */
  is(person: Person, aside?: Readonly<Record<string, unknown>>): void
  twist(twist: Twist | undefined): void
  /** Answers nothing but errors while it is true. */
  down: boolean
  /** Does there what a browser does: gives the address that it is sent back to. */
  visit(url: string): Promise<string>
  /** Codes and tokens that were given out. */
  readonly given: readonly string[]
  stop(): Promise<void>
}

interface Grant {
  readonly nonce: string
  readonly challenge: string
  readonly redirectUri: string
  readonly person: Person
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const random = (): string => randomBytes(24).toString('base64url')
const makeKey = () => generateKeyPairSync('rsa', { modulusLength: 2_048 })

const readForm = async (incoming: IncomingMessage): Promise<URLSearchParams> => {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return new URLSearchParams(Buffer.concat(chunks).toString('utf8'))
}

/** What it answers with: a body, or where the browser goes on. */
type Reply = { readonly status: number; readonly body: unknown } | { readonly location: string }

const write = (outgoing: ServerResponse, reply: Reply): void => {
  if ('location' in reply) outgoing.writeHead(302, { location: reply.location }).end()
  else
    outgoing
      .writeHead(reply.status, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      .end(JSON.stringify(reply.body))
}

const refused = (status: number, error: string): Reply => ({ status, body: { error } })

/** Starts a provider that knows one client. */
export const startIdentityProvider = async (): Promise<IdentityProvider> => {
  const [own, strange] = [makeKey(), makeKey()]
  const [clientId, clientSecret, kid] = ['tongda-test', random(), 'key-1']
  const grants = new Map<string, Grant>()
  const tokens = new Map<string, Person>()
  const given: string[] = []
  let person: Person = { sub: 'nobody' }
  let aside: Readonly<Record<string, unknown>> = {}
  let twist: Twist | undefined
  let issuer = ''
  const state = { down: false }

  const sign = (claims: object): string => {
    const head = (alg: string) => `${encode({ alg, kid, typ: 'JWT' })}.${encode(claims)}`
    if (twist === 'unsigned') return `${head('none')}.`
    if (twist === 'secret-as-key')
      return `${head('HS256')}.${createHmac('sha256', clientSecret).update(head('HS256')).digest('base64url')}`
    const signed = createSign('RSA-SHA256').update(head('RS256'))
    const signature = signed.sign(twist === 'strange-key' ? strange.privateKey : own.privateKey, 'base64url')
    return `${head('RS256')}.${twist === 'signature' ? `AAAA${signature.slice(4)}` : signature}`
  }

  const idToken = ({ nonce, person: who }: Grant): string => {
    const now = Math.floor(Date.now() / 1_000) - (twist === 'expired' ? 7_200 : 0)
    return sign({
      ...who,
      iss: twist === 'issuer' ? 'https://evil.example' : issuer,
      aud: twist === 'audience' ? 'another-client' : clientId,
      nonce: twist === 'nonce' ? 'another' : nonce,
      ...{ iat: now, exp: now + 3_600 },
    })
  }

  const authorize = (query: URLSearchParams): Reply => {
    const asked = (name: string): string => query.get(name) ?? ''
    const sane =
      asked('client_id') === clientId &&
      asked('response_type') === 'code' &&
      asked('code_challenge_method') === 'S256' &&
      asked('scope').split(' ').includes('openid') &&
      asked('nonce').length >= 16
    if (!sane) return refused(400, 'invalid_request')
    const back = new URL(asked('redirect_uri'))
    back.searchParams.set('state', twist === 'state' ? random() : asked('state'))
    if (twist === 'denied') {
      back.searchParams.set('error', 'access_denied')
      return { location: back.href }
    }
    const code = random()
    given.push(code)
    const [nonce, challenge, redirectUri] = [asked('nonce'), asked('code_challenge'), asked('redirect_uri')]
    grants.set(code, { nonce, challenge, redirectUri, person })
    back.searchParams.set('code', code)
    return { location: back.href }
  }

  const isClient = ({ headers }: IncomingMessage, form: URLSearchParams): boolean => {
    const basic = Buffer.from((headers.authorization ?? '').replace(/^Basic /, ''), 'base64').toString('utf8')
    // RFC 6749, 2.3.1: both halves are encoded as in a form.
    const [id = '', secret = ''] = basic.split(':').map(decodeURIComponent)
    return (
      (id === clientId && secret === clientSecret) ||
      (form.get('client_id') === clientId && form.get('client_secret') === clientSecret)
    )
  }

  const token = async (incoming: IncomingMessage): Promise<Reply> => {
    const form = await readForm(incoming)
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const proof = createHash('sha256')
      .update(form.get('code_verifier') ?? '')
      .digest('base64url')
    if (!isClient(incoming, form)) return refused(401, 'invalid_client')
    const good = grant?.challenge === proof && grant.redirectUri === form.get('redirect_uri')
    if (grant === undefined || !good || twist === 'token-error') return refused(400, 'invalid_grant')
    const access = random()
    tokens.set(access, grant.person)
    const made = twist === 'no-id-token' ? {} : { id_token: idToken(grant) }
    given.push(access, ...Object.values(made))
    return { status: 200, body: { access_token: access, token_type: 'Bearer', expires_in: 300, ...made } }
  }

  const userInfo = ({ headers }: IncomingMessage): Reply => {
    const who = tokens.get((headers.authorization ?? '').replace(/^Bearer /, ''))
    if (who === undefined) return refused(401, 'invalid_token')
    const sub = twist === 'user-info-of-another' ? 'another' : who.sub
    return { status: 200, body: { ...aside, sub } }
  }

  const document = () => ({
    issuer,
    ...{ authorization_endpoint: `${issuer}/authorize`, token_endpoint: `${issuer}/token` },
    ...{ userinfo_endpoint: `${issuer}/userinfo`, jwks_uri: `${issuer}/jwks` },
    end_session_endpoint: `${issuer}/end`,
    ...{ response_types_supported: ['code'], subject_types_supported: ['public'] },
    id_token_signing_alg_values_supported: ['RS256'],
    code_challenge_methods_supported: ['S256'],
  })
  const jwks = () => ({
    keys: [{ ...own.publicKey.export({ format: 'jwk' }), kid, use: 'sig', alg: 'RS256' }],
  })

  const serve = async (incoming: IncomingMessage): Promise<Reply> => {
    const { pathname, searchParams } = new URL(incoming.url ?? '/', issuer)
    if (state.down) return refused(500, 'server_error')
    switch (pathname) {
      case '/.well-known/openid-configuration':
        return { status: 200, body: document() }
      case '/jwks':
        return { status: 200, body: jwks() }
      case '/authorize':
        return authorize(searchParams)
      case '/token':
        return token(incoming)
      case '/userinfo':
        return userInfo(incoming)
      default:
        return refused(404, 'not_found')
    }
  }

  const server = createServer((incoming, outgoing) => {
    void serve(incoming).then((reply) => write(outgoing, reply))
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  issuer = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  return {
    ...{ issuer, clientId, clientSecret, given },
    get down() {
      return state.down
    },
    set down(is) {
      state.down = is
    },
    is: (who, more = {}) => {
      person = who
      aside = more
    },
    twist: (next) => {
      twist = next
    },
    visit: async (url) => {
      const response = await fetch(url, { redirect: 'manual' })
      const location = response.headers.get('location')
      if (location === null) throw new Error(`the provider refused: ${await response.text()}`)
      return location
    },
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
