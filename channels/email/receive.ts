/**
 * The door for mail that a mail server hands over. A mail is acknowledged once it is stored, and no sooner.
 * Sources: RFC 2033 (LMTP), RFC 5321 (SMTP).
 */
import { once } from 'node:events'
import { createSecureContext } from 'node:tls'
import type { SMTPServer, SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Logger } from '../../src/core/log.ts'
import { ChannelError, TongdaError } from '../../src/core/errors.ts'
import { sameSecret } from '../kit/index.ts'
import type { OwnAddresses } from './addresses.ts'
import type { Intake } from './intake.ts'
import type { EmailConfig } from './manifest.ts'
import { mimeLimits } from './mime/tree.ts'
import { certificatePem, privateKeyPem, readPem } from './tls.ts'

export interface ReceiverDeps {
  readonly receiver: NonNullable<EmailConfig['receiver']>
  readonly host: Pick<ChannelHost, 'log' | 'clock'>
  readonly own: OwnAddresses
  readonly intake: Intake
}

export interface Receiver {
  start(): Promise<void>
  stop(): Promise<void>
}

/** An answer of the protocol; smtp-server writes the code and the text. */
const refusal = (responseCode: number, text: string): Error & { responseCode: number } =>
  Object.assign(new Error(text), { responseCode })

/** One line for the operator, then the refusal. */
const refused = (log: Logger, error: ReturnType<typeof refusal>, code: string) => {
  log.warn({ code, smtp: error.responseCode }, 'mail refused')
  return error
}

const addressOf = (value: { readonly address: string } | false): string =>
  value === false ? '' : value.address

/** What the mail server knows and the mail does not say: who it is for and whom it came from. */
const envelopeHeaders = ({ envelope }: SMTPServerSession): Buffer => {
  const line = (name: string, address: string): string => `${name}: <${address.replace(/[<>\r\n]/g, '')}>\r\n`
  return Buffer.from(
    line('Return-Path', addressOf(envelope.mailFrom)) +
      envelope.rcptTo.map(({ address }) => line('Delivered-To', address)).join(''),
    'utf8',
  )
}

/** Reads the mail; keeps nothing of what is over the limit, but hears it to its end. */
const readMail = async (stream: SMTPServerDataStream): Promise<Buffer | undefined> => {
  const chunks: Buffer[] = []
  let bytes = 0
  for await (const chunk of stream as AsyncIterable<Buffer>) {
    bytes += chunk.byteLength
    if (bytes > mimeLimits.bytes) chunks.length = 0
    else chunks.push(chunk)
  }
  return bytes > mimeLimits.bytes || stream.sizeExceeded ? undefined : Buffer.concat(chunks)
}

const cannotListen = ({ host, port }: ReceiverDeps['receiver'], cause: unknown): TongdaError =>
  new TongdaError(
    'bad_config',
    `the mail receiver cannot listen on ${host}:${port}; another program may have the port: choose another receiver.port`,
    {},
    cause,
  )

const hasHeader = (mail: Buffer): boolean =>
  /^(?:From [^\n]*\n)?[!-9;-~]{1,200}[ \t]*:/.test(mail.subarray(0, 2_000).toString('latin1'))

/** Stores one mail; throws the refusal that the other side gets. */
const createTake = ({ host, intake }: ReceiverDeps) => {
  const { log, clock } = host
  return async (stream: SMTPServerDataStream, session: SMTPServerSession): Promise<void> => {
    const mail = await readMail(stream)
    if (mail === undefined) throw refused(log, refusal(552, '5.3.4 message too large'), 'too_large')
    if (!hasHeader(mail)) throw refused(log, refusal(554, '5.6.0 not a mail'), 'malformed')
    const raw = new Uint8Array(Buffer.concat([envelopeHeaders(session), mail]))
    await intake.take(raw, clock.now()).catch((error: unknown) => {
      const facts = { code: 'not_accepted', error: error instanceof Error ? error.name : 'unknown' }
      log.error(facts, 'mail not stored')
      throw refusal(451, '4.3.0 try again')
    })
  }
}

type ReceiverTls = NonNullable<ReceiverDeps['receiver']['tls']>

/** Certificates are renewed while we run. */
const rereadMs = 3_600_000

const readKeys = async ({ certFile, keyFile }: ReceiverTls) => {
  const cert = await readPem(certFile, 'receiver.tls.certFile', certificatePem)
  const key = await readPem(keyFile, 'receiver.tls.keyFile', privateKeyPem)
  try {
    createSecureContext({ cert, key })
  } catch {
    throw new ChannelError('email', 'needs_operator', 'receiver: certificate and key do not fit', {
      hint: 'receiver.tls.certFile 与 keyFile 不匹配或无法使用 / receiver.tls.certFile and keyFile do not belong together or cannot be used',
    })
  }
  return { cert, key, minVersion: 'TLSv1.2' as const }
}
type Keys = Awaited<ReturnType<typeof readKeys>>

type Checks = Pick<SMTPServerOptions, 'onAuth' | 'onMailFrom' | 'onRcptTo'>

/** Who may hand mail over, and for whom. */
const createChecks = ({ receiver, host: { log }, own }: ReceiverDeps): Checks => ({
  onAuth: ({ username, password }, _session, callback) => {
    const { user = '', password: expected = '' } = receiver
    const isRight = sameSecret(username ?? '', user) && sameSecret(password ?? '', expected)
    if (isRight) callback(null, { user })
    else callback(refused(log, refusal(535, '5.7.8 authentication failed'), 'unauthorized'))
  },
  onMailFrom: (_address, session, callback) => {
    if (receiver.tls === undefined || session.secure) callback()
    else callback(refused(log, refusal(530, '5.7.0 must issue a STARTTLS command first'), 'no_tls'))
  },
  onRcptTo: ({ address }, _session, callback) => {
    if (own.isOwn(address)) callback()
    else callback(refused(log, refusal(550, '5.1.1 no such mailbox here'), 'not_ours'))
  },
})

const optionsOf = (deps: ReceiverDeps, keys: Keys | undefined): SMTPServerOptions => {
  const { receiver } = deps
  const noAuth = receiver.password === undefined ? ['AUTH'] : []
  return {
    ...createChecks(deps),
    ...keys,
    secure: receiver.tls?.mode === 'implicit',
    lmtp: receiver.protocol === 'lmtp',
    size: mimeLimits.bytes,
    disabledCommands: keys === undefined ? [...noAuth, 'STARTTLS'] : noAuth,
    authOptional: receiver.password === undefined,
    allowInsecureAuth: keys === undefined,
    disableReverseLookup: true,
    logger: false,
    maxClients: 50,
    socketTimeout: 60_000,
    closeTimeout: 1_000,
    banner: 'ready',
  }
}

/** Takes renewed files; the old ones stay in use when the new ones cannot be read. */
const keepFresh = (server: SMTPServer, tls: ReceiverTls, log: Logger): NodeJS.Timeout => {
  const reread = async (): Promise<void> => {
    try {
      server.updateSecureContext(await readKeys(tls))
    } catch (error) {
      const hint = error instanceof ChannelError ? error.facts.hint : undefined
      log.error({ code: 'needs_operator', hint }, 'the certificate of the mail receiver cannot be renewed')
    }
  }
  return setInterval(() => void reread(), rereadMs).unref()
}

export const createReceiver = (deps: ReceiverDeps): Receiver => {
  const { receiver, host } = deps
  const take = createTake(deps)
  const underWay = new Set<Promise<unknown>>()
  const onData: NonNullable<SMTPServerOptions['onData']> = (stream, session, callback) => {
    const answer = (error: unknown): void => {
      stream.resume()
      callback(error instanceof Error ? error : refusal(451, '4.3.0 try again'))
    }
    const taking = take(stream, session)
      .then(() => callback(null, 'stored'), answer)
      .finally(() => underWay.delete(taking))
    underWay.add(taking)
  }
  let server: SMTPServer | undefined
  let rereading: NodeJS.Timeout | undefined
  return {
    start: async () => {
      const { tls, host: address, port, protocol } = receiver
      const { SMTPServer: Server } = await import('smtp-server')
      server = new Server({
        ...optionsOf(deps, tls === undefined ? undefined : await readKeys(tls)),
        onData,
      })
      // A connection that breaks is the other side's trouble.
      server.on('error', (error: NodeJS.ErrnoException) =>
        host.log.debug({ code: error.code ?? 'unknown' }, 'mail connection broke'),
      )
      await once(server.listen(port, address), 'listening').catch((error: unknown) => {
        throw cannotListen(receiver, error)
      })
      if (tls !== undefined) rereading = keepFresh(server, tls, host.log)
      host.log.info({ protocol, port, tls: tls?.mode ?? 'none' }, 'mail is taken')
    },
    stop: async () => {
      clearInterval(rereading)
      await Promise.allSettled(underWay)
      await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
    },
  }
}
