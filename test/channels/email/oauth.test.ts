import { createServer } from 'node:http'
import { afterEach, describe, expect, it } from 'vitest'
import { SMTPServer } from 'smtp-server'
import { createContractHost, outbound } from '../../contract/channel.ts'
import { contactKey, openAccount } from './account.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

/** An authority that gives numbered tokens for one refresh token. */
const startAuthority = async () => {
  const asked: URLSearchParams[] = []
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk: Buffer) => {
      body += chunk.toString('utf8')
    })
    request.on('end', () => {
      const form = new URLSearchParams(body)
      asked.push(form)
      const known = form.get('refresh_token') === 'refresh-1'
      response.writeHead(known ? 200 : 400, { 'content-type': 'application/json' })
      response.end(
        JSON.stringify(known ? { access_token: `token-${asked.length}`, expires_in: 3_600 } : { error: 'x' }),
      )
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => server.close())
  const address = server.address()
  return { asked, port: typeof address === 'object' && address !== null ? address.port : 0 }
}

/** A mail server that lets one token in at a time. */
const startServer = async () => {
  let valid = 'token-1'
  const taken: string[] = []
  const server = new SMTPServer({
    authMethods: ['XOAUTH2'],
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    logger: false,
    closeTimeout: 50,
    onAuth: ({ accessToken, username }, _session, callback) => {
      if (accessToken === valid) callback(null, { user: username })
      else callback(null, { data: { status: '401', schemes: 'bearer', scope: 'mail' } })
    },
    onData: (stream, session, callback) => {
      stream.resume()
      stream.on('end', () => {
        taken.push(session.envelope.rcptTo[0]?.address ?? '')
        callback()
      })
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  closing.push(() => new Promise<void>((resolve) => server.close(() => resolve())))
  const address = server.server.address()
  return {
    taken,
    port: typeof address === 'object' && address !== null ? address.port : 0,
    revoke: () => {
      valid = 'token-2'
    },
  }
}

const open = async (refreshToken = 'refresh-1') => {
  const [authority, server] = [await startAuthority(), await startServer()]
  const account = await openAccount(
    {
      smtp: { host: '127.0.0.1', port: server.port, tls: 'none' },
      oauth: {
        tokenUrl: `http://127.0.0.1:${authority.port}/token`,
        clientId: 'app',
        refreshToken,
        scope: 'mail',
      },
    },
    createContractHost(),
  )
  closing.push(() => account.close())
  const sends = (id: string): Promise<unknown> =>
    account.channel
      .deliver(outbound({ kind: 'text', text: '在' }, { id, contactKey, author: 'agent' }))
      .catch((error: unknown) => error)
  return { authority, server, sends }
}

describe('signing in with OAuth 2.0', () => {
  it('fetches one token for many mails, and a new one when it was refused', async () => {
    const { authority, server, sends } = await open()
    await Promise.all(['1', '2', '3'].map(sends))
    expect(server.taken).toHaveLength(3)
    expect(authority.asked).toHaveLength(1)
    expect(authority.asked[0]?.get('scope')).toBe('mail')
    server.revoke()
    expect(await sends('4')).toMatchObject({ code: 'needs_operator' })
    expect(await sends('4')).toMatchObject({ providerId: expect.stringContaining('out.4.') })
    expect(authority.asked).toHaveLength(2)
  })

  it('says what to look at when no token is given', async () => {
    const error = await (await open('stale-refresh-token')).sends('1')
    expect(error).toMatchObject({ code: 'needs_operator' })
    expect(JSON.stringify(error)).toMatch(/oauth\.refreshToken/)
    expect(JSON.stringify(error)).not.toContain('stale-refresh-token')
  })
})
