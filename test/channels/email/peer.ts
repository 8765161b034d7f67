import { setTimeout as sleep } from 'node:timers/promises'
import type { ParsedMail } from 'mailparser'
import { simpleParser } from 'mailparser'
import { SMTPServer } from 'smtp-server'

/** One mail as the provider took it. */
export interface TakenMail {
  readonly from: string
  readonly to: readonly string[]
  readonly raw: string
  readonly mail: ParsedMail
}

/** How the provider answers the next mails. */
export type Refusal =
  | { readonly at: 'auth' | 'recipient' | 'data'; readonly code: number; readonly text: string }
  /** `hang`: takes the mail and never answers; `cut`: takes it and drops the line; both have it. */
  | { readonly at: 'hang' | 'cut' }

/** A real SMTP server on loopback: takes everything, or refuses as told. */
export interface SmtpPeer {
  readonly port: number
  readonly taken: readonly TakenMail[]
  /** Refuses every mail from now on; undefined: takes them again. */
  refuse(refusal: Refusal | undefined): void
  /** Refuses the next mail alone. */
  refuseOnce(refusal: Refusal): void
  close(): Promise<void>
}

const errorOf = ({ code, text }: { readonly code: number; readonly text: string }): Error =>
  Object.assign(new Error(text), { responseCode: code })

export interface PeerOptions {
  readonly user?: string
  readonly password?: string
  readonly onMail?: (mail: TakenMail) => void
}

export const startSmtpPeer = async ({ user, password, onMail }: PeerOptions = {}): Promise<SmtpPeer> => {
  const taken: TakenMail[] = []
  let always: Refusal | undefined
  let once: Refusal | undefined
  const planned = (at: Refusal['at']) => {
    const refusal = once ?? always
    return refusal?.at === at ? refusal : undefined
  }
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS'],
    authOptional: user === undefined,
    allowInsecureAuth: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onAuth: (auth, _session, callback) => {
      const refusal = planned('auth')
      if (refusal !== undefined && 'code' in refusal) callback(errorOf(refusal))
      else if (user !== undefined && (auth.username !== user || auth.password !== password))
        callback(errorOf({ code: 535, text: 'Login Fail. Please enter your authorization code to login.' }))
      else callback(null, { user: auth.username })
    },
    onRcptTo: (_address, _session, callback) => {
      const refusal = planned('recipient')
      if (refusal === undefined || !('code' in refusal)) callback()
      else callback(errorOf(refusal))
    },
    onData: (stream, session, callback) => {
      const read = async (): Promise<void> => {
        const chunks: Buffer[] = []
        for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
        const refusal = planned('data')
        if (refusal !== undefined && 'code' in refusal) {
          once = undefined
          callback(errorOf(refusal))
          return
        }
        const raw = Buffer.concat(chunks)
        const { mailFrom, rcptTo } = session.envelope
        const mail: TakenMail = {
          from: mailFrom === false ? '' : mailFrom.address,
          to: rcptTo.map(({ address }) => address),
          raw: raw.toString('utf8'),
          mail: await simpleParser(raw, { skipImageLinks: true }),
        }
        taken.push(mail)
        onMail?.(mail)
        if (planned('hang') !== undefined) await sleep(60_000, undefined, { ref: false })
        else if (planned('cut') !== undefined) {
          once = undefined
          for (const connection of server.connections) connection._socket.destroy()
        } else callback(null, 'queued')
      }
      void read()
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    taken,
    refuse: (refusal) => {
      always = refusal
    },
    refuseOnce: (refusal) => {
      once = refusal
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
