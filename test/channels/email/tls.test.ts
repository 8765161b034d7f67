import { connect, createServer, type Socket } from 'node:net'
import { connect as connectTls } from 'node:tls'
import { createTransport } from 'nodemailer'
import { SMTPServer } from 'smtp-server'
import { readFileSync, writeFileSync } from 'node:fs'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { email } from '../../../channels/email/index.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { Authority, CertificateFiles } from '../../support/certificates.ts'
import { createAuthority } from '../../support/certificates.ts'
import { createDovecot } from '../../support/dovecot.ts'
import { describeWith } from '../../support/services.ts'
import { configOf, contactKey, mailOf, openAccount, receiverLogin } from './account.ts'

let authority: Authority
let stranger: Authority
beforeAll(() => {
  authority = createAuthority()
  stranger = createAuthority()
})
afterAll(() => {
  authority.dispose()
  stranger.dispose()
})

const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Certificates a client must refuse, each with what is said about it. */
const refusedCertificates: readonly (readonly [
  name: string,
  make: () => CertificateFiles,
  ca: () => string | undefined,
  said: (server: string) => RegExp,
])[] = [
  [
    'a wrong name',
    () => authority.issue({ names: 'DNS:other.example' }),
    () => authority.caFile,
    (server) => new RegExp(`other\\.example.*${server}\\.host`),
  ],
  ['an expired one', () => authority.issue({ days: -1 }), () => authority.caFile, () => /已过期.*expired/],
  [
    'a self-signed one',
    () => authority.selfSigned(),
    () => undefined,
    (server) => new RegExp(`${server}\\.caFile`),
  ],
  ['an unknown CA', () => authority.issue(), () => undefined, (server) => new RegExp(`${server}\\.caFile`)],
  [
    'another CA than the file’s',
    () => authority.issue(),
    () => stranger.caFile,
    (server) => new RegExp(`${server}\\.caFile`),
  ],
]

describeWith('dovecot', 'a mailbox behind TLS', () => {
  const read = async (
    files: CertificateFiles | undefined,
    imap: (ports: { port: number; tlsPort: number }) => object,
  ) => {
    const server = await createDovecot(files)
    closers.push(() => server.dispose())
    await server.start()
    const host = createContractHost()
    const section = { host: '127.0.0.1', user: 'support', password: 'secret', pollMs: 1_000, ...imap(server) }
    const channel = email.create(configOf({ receiver: undefined, imap: section }), host)
    closers.push(() => channel.stop())
    await channel.start()
    return host
  }
  const standing = (host: Awaited<ReturnType<typeof read>>) => expect.poll(() => host.reported.at(-1))

  it.each(['implicit', 'starttls'] as const)('is read with a private CA by %s', async (tls) => {
    const host = await read(authority.issue(), ({ port, tlsPort }) => ({
      port: tls === 'implicit' ? tlsPort : port,
      tls,
      caFile: authority.caFile,
    }))
    await standing(host).toEqual({ state: 'running' })
  })

  it('is read when its own self-signed certificate is the file', async () => {
    const files = authority.selfSigned()
    const host = await read(files, ({ tlsPort }) => ({
      port: tlsPort,
      tls: 'implicit',
      caFile: files.certFile,
    }))
    await standing(host).toEqual({ state: 'running' })
  })

  it.each(
    refusedCertificates.flatMap((each) => [[...each, 'implicit'] as const, [...each, 'starttls'] as const]),
  )('is not read with %s (%#)', async (_name, make, ca, said, tls) => {
    const caFile = ca()
    const host = await read(make(), ({ port, tlsPort }) => ({
      port: tls === 'implicit' ? tlsPort : port,
      tls,
      ...(caFile === undefined ? {} : { caFile }),
    }))
    await standing(host).toMatchObject({ state: 'failing', reason: expect.stringMatching(said('imap')) })
  })

  it('says which port or protection is wrong', async () => {
    const clear = await read(undefined, ({ port }) => ({ port, tls: 'starttls' }))
    await standing(clear).toMatchObject({ reason: expect.stringMatching(/STARTTLS.*imap\.tls: implicit/) })
    const early = await read(authority.issue(), ({ port }) => ({ port, tls: 'implicit' }))
    await standing(early).toMatchObject({ reason: expect.stringMatching(/imap\.tls: starttls/) })
  })

  it('says when the CA file is not there', async () => {
    const host = await read(authority.issue(), ({ tlsPort }) => ({
      port: tlsPort,
      tls: 'implicit',
      caFile: '/nowhere/ca.pem',
    }))
    await standing(host).toMatchObject({ reason: expect.stringMatching(/imap\.caFile.*ENOENT/) })
  })
})

describe('sending over TLS', () => {
  const startSmtp = async ({ certFile, keyFile }: CertificateFiles, secure: boolean) => {
    let taken = 0
    const server = new SMTPServer({
      secure,
      cert: readFileSync(certFile),
      key: readFileSync(keyFile),
      authOptional: true,
      disableReverseLookup: true,
      logger: false,
      closeTimeout: 100,
      onData: (stream, session, callback) => {
        stream.resume()
        stream.on('end', () => {
          taken += session.secure ? 1 : 0
          callback(null, 'queued')
        })
      },
    })
    server.on('error', () => undefined)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    closers.push(() => new Promise((resolve) => server.close(() => resolve())))
    const address = server.server.address()
    return { port: typeof address === 'object' && address !== null ? address.port : 0, taken: () => taken }
  }
  const send = (smtp: object): Promise<unknown> => {
    const channel = email.create(configOf({ smtp: { host: '127.0.0.1', ...smtp } }), createContractHost())
    return channel.deliver(outbound({ kind: 'text', text: '已发货' }, { contactKey, threadKey: 'c1' }))
  }

  it.each(['implicit', 'starttls'] as const)('works with a private CA by %s', async (tls) => {
    const server = await startSmtp(authority.issue(), tls === 'implicit')
    await send({ port: server.port, tls, caFile: authority.caFile })
    expect(server.taken()).toBe(1)
  })

  it.each(
    refusedCertificates.flatMap((each) => [[...each, 'implicit'] as const, [...each, 'starttls'] as const]),
  )('is refused with %s (%#)', async (_name, make, ca, said, tls) => {
    const server = await startSmtp(make(), tls === 'implicit')
    const caFile = ca()
    const error = await send({ port: server.port, tls, ...(caFile === undefined ? {} : { caFile }) }).catch(
      (thrown: unknown) => thrown,
    )
    expect(error).toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringMatching(said('smtp')) },
    })
    expect(server.taken()).toBe(0)
  })
})

describe('sending by STARTTLS', () => {
  /** A server that answers as told once STARTTLS is asked for. */
  const send = async (answerStartTls: (socket: Socket, said: string) => void): Promise<unknown> => {
    const server = createServer((socket) => {
      socket.on('error', () => undefined)
      socket.write('220 ready\r\n')
      socket.on('data', (said) => {
        if (/^EHLO/.test(said.toString())) socket.write('250-hello\r\n250 STARTTLS\r\n')
        else answerStartTls(socket, said.toString())
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
    closers.push(() => new Promise((resolve) => server.close(() => resolve())))
    const address = server.address()
    const port = typeof address === 'object' && address !== null ? address.port : 0
    const smtp = { host: '127.0.0.1', port, tls: 'starttls' }
    return email
      .create(configOf({ smtp }), createContractHost())
      .deliver(outbound({ kind: 'text', text: '已发货' }, { contactKey, threadKey: 'c1' }))
      .catch((error: unknown) => error)
  }

  it.each<[string, (socket: Socket, said: string) => void]>([
    ['is reset', (socket) => socket.resetAndDestroy()],
    ['is closed', (socket) => socket.end()],
    ['breaks after the agreement', (socket) => socket.write('220 go\r\n', () => socket.destroy())],
    [
      'is reset in the handshake',
      (socket, said) => (/^STARTTLS/.test(said) ? socket.write('220 go\r\n') : socket.resetAndDestroy()),
    ],
    [
      'is closed in the handshake',
      (socket, said) => (/^STARTTLS/.test(said) ? socket.write('220 go\r\n') : socket.end()),
    ],
    ['is put off', (socket) => socket.write('454 4.7.0 TLS not available now\r\n')],
  ])('is tried again when the line %s', async (_name, answer) => {
    expect(await send(answer)).toMatchObject({
      code: expect.stringMatching(/temporary|rate_limited/) as unknown,
    })
  })

  it('tells the operator when the server does not have it', async () => {
    expect(await send((socket) => socket.write('502 5.5.1 not implemented\r\n'))).toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringMatching(/STARTTLS.*smtp\.tls: implicit/) as unknown },
    })
  })
})

describe('the receiver over TLS', () => {
  const mail = { raw: mailOf('在吗'), envelope: { from: contactKey, to: 'support@shop.example' } }
  const transportTo = (port: number, more: object = {}) =>
    createTransport({ host: '127.0.0.1', port, tls: { ca: readFileSync(authority.caFile) }, ...more })
  const open = async (more: object) => {
    const { certFile, keyFile } = authority.issue()
    const account = await openAccount({ receiver: { protocol: 'smtp', tls: { certFile, keyFile }, ...more } })
    closers.push(() => account.close())
    return { ...account, certFile, keyFile }
  }

  it('takes mail once STARTTLS was used, and none in clear', async () => {
    const { port, host, gets } = await open({})
    expect(await gets(mailOf('在吗'), { protocol: 'smtp' })).toMatchObject({ code: 530 })
    expect(host.accepted).toHaveLength(0)
    await transportTo(port, { requireTLS: true }).sendMail(mail)
    expect(host.accepted).toHaveLength(1)
  })

  it('takes mail over TLS from the start', async () => {
    const { certFile, keyFile } = authority.issue()
    const { port, host } = await open({ tls: { certFile, keyFile, mode: 'implicit' } })
    await transportTo(port, { secure: true }).sendMail(mail)
    expect(host.accepted).toHaveLength(1)
  })

  it('hears no password in clear', async () => {
    const { port, host, gets } = await open(receiverLogin)
    const said = await gets(mailOf('在吗'), { protocol: 'smtp', login: receiverLogin })
    expect(said.code).toBeGreaterThanOrEqual(500)
    const auth = { user: receiverLogin.user, pass: receiverLogin.password }
    await transportTo(port, { requireTLS: true, auth }).sendMail(mail)
    expect(host.accepted).toHaveLength(1)
  })

  it('speaks TLS 1.2 at least', async () => {
    const { certFile, keyFile } = authority.issue()
    const { port } = await open({ tls: { certFile, keyFile, mode: 'implicit' } })
    const outcome = await new Promise<string>((resolve) => {
      const socket = connectTls(
        {
          port,
          host: '127.0.0.1',
          maxVersion: 'TLSv1.1',
          minVersion: 'TLSv1',
          rejectUnauthorized: false,
          ciphers: 'DEFAULT@SECLEVEL=0',
        },
        () => resolve('connected'),
      )
      socket.on('error', () => resolve('refused'))
    })
    expect(outcome).toBe('refused')
    // Plain bytes on the same port get nothing either.
    const plain = connect(port, '127.0.0.1')
    plain.on('error', () => undefined)
    plain.destroy()
  })

  it('does not start with files that do not fit, and says so', async () => {
    const [one, other] = [authority.issue(), authority.issue()]
    const start = (tls: object) => openAccount({ receiver: { tls } }).catch((error: unknown) => error)
    expect(await start({ certFile: one.certFile, keyFile: other.keyFile })).toMatchObject({
      facts: { hint: expect.stringMatching(/receiver\.tls\.certFile.*keyFile/) },
    })
    expect(await start({ certFile: '/nowhere', keyFile: one.keyFile })).toMatchObject({
      facts: { hint: expect.stringMatching(/receiver\.tls\.certFile.*ENOENT/) },
    })
    writeFileSync(other.certFile, 'not a certificate')
    expect(await start(other)).toMatchObject({ facts: { hint: expect.stringContaining('PEM') } })
  })
})
