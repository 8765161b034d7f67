/**
 * The door for mail that a mail server hands over. A mail is acknowledged once it is stored, and no sooner.
 * Sources: RFC 2033 (LMTP), RFC 5321 (SMTP).
 */
import { once } from 'node:events'
import type { SMTPServer, SMTPServerDataStream, SMTPServerOptions, SMTPServerSession } from 'smtp-server'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Logger } from '../../src/core/log.ts'
import { TongdaError } from '../../src/core/errors.ts'
import { sameSecret } from '../kit/index.ts'
import type { OwnAddresses } from './addresses.ts'
import type { Intake } from './intake.ts'
import type { EmailConfig } from './manifest.ts'
import { mimeLimits } from './mime/tree.ts'

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

type Checks = Pick<SMTPServerOptions, 'onAuth' | 'onRcptTo'>

/** Who may hand mail over, and for whom. */
const createChecks = ({ receiver, host: { log }, own }: ReceiverDeps): Checks => ({
  onAuth: ({ username, password }, _session, callback) => {
    const { user = '', password: expected = '' } = receiver
    const isRight = sameSecret(username ?? '', user) && sameSecret(password ?? '', expected)
    if (isRight) callback(null, { user })
    else callback(refused(log, refusal(535, '5.7.8 authentication failed'), 'unauthorized'))
  },
  onRcptTo: ({ address }, _session, callback) => {
    if (own.isOwn(address)) callback()
    else callback(refused(log, refusal(550, '5.1.1 no such mailbox here'), 'not_ours'))
  },
})

export const createReceiver = (deps: ReceiverDeps): Receiver => {
  const { receiver, host } = deps
  const take = createTake(deps)
  const underWay = new Set<Promise<unknown>>()
  const options: SMTPServerOptions = {
    ...createChecks(deps),
    lmtp: receiver.protocol === 'lmtp',
    size: mimeLimits.bytes,
    disabledCommands: receiver.password === undefined ? ['AUTH', 'STARTTLS'] : ['STARTTLS'],
    authOptional: receiver.password === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    maxClients: 50,
    socketTimeout: 60_000,
    closeTimeout: 1_000,
    banner: 'ready',
    onData: (stream, session, callback) => {
      const answer = (error: unknown): void => {
        stream.resume()
        callback(error instanceof Error ? error : refusal(451, '4.3.0 try again'))
      }
      const taking = take(stream, session)
        .then(() => callback(null, 'stored'), answer)
        .finally(() => underWay.delete(taking))
      underWay.add(taking)
    },
  }
  let server: SMTPServer | undefined
  return {
    start: async () => {
      const { SMTPServer: Server } = await import('smtp-server')
      server = new Server(options)
      // A connection that breaks is the other side's trouble.
      server.on('error', (error: NodeJS.ErrnoException) =>
        host.log.debug({ code: error.code ?? 'unknown' }, 'mail connection broke'),
      )
      await once(server.listen(receiver.port, receiver.host), 'listening').catch((error: unknown) => {
        throw cannotListen(receiver, error)
      })
      host.log.info({ protocol: receiver.protocol, port: receiver.port }, 'mail is taken')
    },
    stop: async () => {
      await Promise.allSettled(underWay)
      await new Promise<void>((resolve) => (server === undefined ? resolve() : server.close(() => resolve())))
    },
  }
}
