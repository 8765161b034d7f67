import SMTPConnection from 'nodemailer/lib/smtp-connection/index.js'
import { SMTPServer } from 'smtp-server'

/** A mail on its way. */
export interface RelayedMail {
  readonly from: string
  readonly to: string
  readonly raw: string
}

/** Carries the mails of products to one another. */
export interface MailRelay {
  /** Where products hand their mails in. */
  readonly port: number
  /** Brings somebody else's mail to the product of its domain. Rejects when it is not taken. */
  bring(mail: RelayedMail): Promise<void>
  /** Mails that went from one product to another. */
  between(): number
  /** Whom the products wrote to beside each other, once for each mail. */
  outside(): readonly string[]
  close(): Promise<void>
}

/** Takes header lines out of a mail, folded ones whole. */
const without = (raw: string, names: readonly string[]): string => {
  if (names.length === 0) return raw
  const end = raw.search(/\r?\n\r?\n/)
  const pattern = new RegExp(`^(?:${names.join('|')}):[^\\n]*\\n(?:[ \\t][^\\n]*\\n)*`, 'gim')
  return `${`${raw.slice(0, end)}\r\n`.replace(pattern, '')}\r\n${raw.slice(end).trimStart()}`
}

/** Hands a mail to the product that listens at `port`, as its mail server does. */
const handIn = (port: number, { from, to, raw }: RelayedMail): Promise<void> =>
  new Promise((resolve, reject) => {
    const connection = new SMTPConnection({ host: '127.0.0.1', port, lmtp: true, ignoreTLS: true })
    connection.on('error', reject)
    connection.connect(() => {
      connection.send({ from, to: [to] }, raw, (error, info) => {
        connection.close()
        const refused = error ?? info.rejectedErrors?.[0]
        if (refused === undefined) resolve()
        else reject(refused)
      })
    })
  })

/** Opens a relay between products by their domains; it takes headers of these names away. */
export const openMailRelay = async (
  receivers: ReadonlyMap<string, number>,
  stripped: readonly string[],
): Promise<MailRelay> => {
  let between = 0
  const outside: string[] = []
  const portOf = (to: string): number | undefined => receivers.get(to.split('@')[1] ?? '')
  const carry = (from: string, to: string, raw: string): void => {
    const port = portOf(to)
    if (port === undefined) {
      outside.push(to)
      return
    }
    between += 1
    // A product that refuses ends the talk by that; the relay would tell the sender, which is no machine's mail.
    handIn(port, { from, to, raw: without(raw, stripped) }).catch(() => undefined)
  }
  const server = new SMTPServer({
    disabledCommands: ['STARTTLS', 'AUTH'],
    authOptional: true,
    disableReverseLookup: true,
    logger: false,
    closeTimeout: 100,
    onData: (stream, { envelope: { mailFrom, rcptTo } }, callback) => {
      const read = async (): Promise<void> => {
        const chunks: Buffer[] = []
        for await (const chunk of stream as AsyncIterable<Buffer>) chunks.push(chunk)
        callback(null, 'queued')
        const from = mailFrom === false ? '' : mailFrom.address
        carry(from, rcptTo[0]?.address ?? '', Buffer.concat(chunks).toString('utf8'))
      }
      read().catch(() => callback(new Error('the mail broke off')))
    },
  })
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', () => resolve()))
  const address = server.server.address()
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    bring: (mail) => handIn(portOf(mail.to) ?? 0, mail),
    between: () => between,
    outside: () => outside,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
}
