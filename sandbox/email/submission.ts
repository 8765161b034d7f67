/** Takes the product's mail for customers (RFC 6409): signs it in, looks for the mailbox, puts the mail there. */
import { simpleParser } from 'mailparser'
import type { ParsedMail } from 'mailparser'
import type { SMTPServerDataStream, SMTPServerSession } from 'smtp-server'
import { SMTPServer } from 'smtp-server'
import type { Clock } from '../../src/core/clock.ts'
import type { Trace } from '../kit/trace.ts'
import type { EmailAccount } from './account.ts'
import type { Faults } from './faults.ts'
import type { Mailboxes } from './mailboxes.ts'

export interface SubmissionDeps {
  readonly account: EmailAccount
  readonly port: number
  readonly mailboxes: Mailboxes
  readonly faults: Faults
  readonly trace: Trace
  readonly clock: Clock
  /** A mail for a user was taken. */
  readonly onMail: (mail: Submitted) => void
}

/** A mail the product handed in. */
export interface Submitted {
  readonly userKey: string
  readonly envelopeFrom: string
  readonly mail: ParsedMail
}

/** Largest mail taken, as most providers have it. */
const maxBytes = 26_214_400

type Answer = (error?: Error | null, message?: string) => void

const refusal = (responseCode: number, text: string): Error =>
  Object.assign(new Error(text), { responseCode })

const readAll = async (stream: SMTPServerDataStream): Promise<Buffer> => {
  const chunks: Buffer[] = []
  for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
  return Buffer.concat(chunks)
}

const addressOf = (value: { readonly address: string } | false): string =>
  value === false ? '' : value.address

/** Hears a mail to its end and does what the faults of the moment make of it. */
const createTake = (
  { mailboxes, faults, trace, clock, onMail }: SubmissionDeps,
  cut: (session: SMTPServerSession) => void,
) => {
  const refusalNow = (raw: Buffer): Error | undefined => {
    if (faults.has('api-500')) return refusal(451, '4.3.0 local error in processing')
    if (faults.has('api-429')) return refusal(450, '4.7.1 too many messages, slow down')
    return raw.byteLength > maxBytes ? refusal(552, '5.3.4 message too big') : undefined
  }
  return async (stream: SMTPServerDataStream, session: SMTPServerSession, answer: Answer): Promise<void> => {
    const raw = await readAll(stream)
    const to = session.envelope.rcptTo[0]?.address ?? ''
    const userKey = mailboxes.find(to)?.key ?? to
    const record = (status: string, problems: readonly string[] = []): void => {
      const request = raw.toString('utf8')
      const exchange = {
        kind: 'api',
        title: 'SMTP DATA',
        status,
        request,
        response: status,
        problems,
      } as const
      trace.add({ ...exchange, userKey, at: clock.now() })
    }
    const refused = refusalNow(raw)
    if (refused !== undefined) {
      record(refused.message, ['refused'])
      answer(refused)
    } else if (faults.has('api-hang')) {
      record('no answer', ['fault: api-hang'])
    } else {
      const mail = await simpleParser(raw, { skipImageLinks: true })
      onMail({ userKey, envelopeFrom: addressOf(session.envelope.mailFrom), mail })
      const isLost = faults.has('lost-answer')
      record(isLost ? 'taken, answer lost' : '250 queued', isLost ? ['fault: lost-answer'] : [])
      if (isLost) cut(session)
      else answer(null, 'queued')
    }
  }
}

export const openSubmission = (deps: SubmissionDeps) => {
  const { account, port, mailboxes, faults } = deps
  const domain = account.address.slice(account.address.lastIndexOf('@')).toLowerCase()
  const connections = new Map<number, { destroy(): void }>()
  const take = createTake(deps, ({ remotePort }) => connections.get(remotePort)?.destroy())

  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    size: maxBytes,
    onAuth: (auth, _session, callback) => {
      const right = auth.username === account.user && auth.password === account.password
      if (right && !faults.has('token-expired')) callback(null, { user: auth.username })
      else callback(refusal(535, 'Login Fail. Please enter your authorization code to login.'))
    },
    onMailFrom: ({ address }, _session, callback) => {
      const own = address === '' || address.toLowerCase().endsWith(domain)
      callback(own ? undefined : refusal(553, 'Mail from must equal authorized user'))
    },
    onRcptTo: ({ address }, _session, callback) => {
      callback(mailboxes.find(address) === undefined ? refusal(550, '5.1.1 mailbox not found') : undefined)
    },
    onData: (stream, session, callback) => {
      take(stream, session, callback).catch(() => callback(refusal(451, '4.3.0 local error')))
    },
  })
  server.on('error', () => undefined)
  server.server.on('connection', (socket) => {
    const { remotePort = 0 } = socket
    connections.set(remotePort, socket)
    socket.once('close', () => connections.delete(remotePort))
  })
  const ready = new Promise<void>((resolve, reject) => {
    server.server.once('error', reject)
    server.listen(port, '127.0.0.1', () => resolve())
  })
  return {
    ready,
    close: (): Promise<void> => new Promise((resolve) => server.close(() => resolve())),
  }
}
