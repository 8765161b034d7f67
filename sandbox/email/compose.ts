/** Mails as the clients of customers write them: quoted history as QQ Mail has it, reports as mail servers do. */
import { randomBytes } from 'node:crypto'
import MailComposer from 'nodemailer/lib/mail-composer/index.js'
import type { BoxedMail } from './mailboxes.ts'

/** A mail to be written. */
export interface Writing {
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly subject: string
  readonly text: string
  readonly date: Date
  /** The mail it answers. */
  readonly answers?: BoxedMail
  readonly file?: { readonly name: string; readonly bytes: Uint8Array; readonly contentType: string }
  /** Further header lines. */
  readonly headers?: Readonly<Record<string, string>>
}

export interface Written {
  readonly messageId: string
  readonly references: readonly string[]
  readonly raw: Buffer
}

const newId = (address: string): string =>
  `<tencent_${randomBytes(12).toString('hex').toUpperCase()}@${address.slice(address.lastIndexOf('@') + 1)}>`

const quote = ({ subject, text, line, replyTo }: BoxedMail): string =>
  [
    '',
    '',
    '------------------ 原始邮件 ------------------',
    `发件人: <${replyTo}>;`,
    `发送时间: ${line.at.toISOString().slice(0, 16).replace('T', ' ')}`,
    `主题: ${subject}`,
    '',
    text,
  ].join('\n')

const build = (mail: ConstructorParameters<typeof MailComposer>[0]): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    new MailComposer(mail).compile().build((error, raw) => (error === null ? resolve(raw) : reject(error)))
  })

/** Writes a mail with everything a client puts into it. */
export const write = async (writing: Writing): Promise<Written> => {
  const { from, to, subject, text, date, answers, file, headers = {} } = writing
  const messageId = newId(from.address)
  const references = answers === undefined ? [] : [...answers.references, answers.messageId]
  const raw = await build({
    from,
    to,
    subject,
    date,
    messageId,
    text: answers === undefined ? text : `${text}${quote(answers)}`,
    textEncoding: 'base64',
    headers: { 'X-Mailer': 'QQMail 2.x', ...headers },
    ...(answers === undefined ? {} : { inReplyTo: answers.messageId, references }),
    ...(file === undefined
      ? {}
      : {
          attachments: [
            { filename: file.name, content: Buffer.from(file.bytes), contentType: file.contentType },
          ],
        }),
  })
  return { messageId, references, raw }
}

/** A mail that could not be delivered. */
export interface Failure {
  readonly recipient: string
  readonly envelopeFrom: string
  readonly messageId: string
  readonly host: string
  readonly date: Date
}

/** The report of a mail server (RFC 3464) that a mailbox does not exist. */
export const writeReport = ({ recipient, envelopeFrom, messageId, host, date }: Failure): Buffer => {
  const boundary = `=_report_${randomBytes(8).toString('hex')}`
  const part = (type: string, ...lines: readonly string[]): string =>
    [`--${boundary}`, `Content-Type: ${type}`, '', ...lines, ''].join('\r\n')
  return Buffer.from(
    [
      `From: "Mail Delivery System" <MAILER-DAEMON@${host}>`,
      `To: ${envelopeFrom}`,
      'Subject: Undelivered Mail Returned to Sender',
      `Date: ${date.toUTCString().replace('GMT', '+0000')}`,
      `Message-ID: <dsn.${randomBytes(8).toString('hex')}@${host}>`,
      'Auto-Submitted: auto-replied',
      'MIME-Version: 1.0',
      `Content-Type: multipart/report; boundary="${boundary}"; report-type=delivery-status`,
      '',
      part('text/plain; charset=utf-8', 'I could not deliver your message.'),
      part(
        'message/delivery-status',
        `Reporting-MTA: dns; ${host}`,
        '',
        `Final-Recipient: rfc822; ${recipient}`,
        'Action: failed',
        'Status: 5.1.1',
        'Diagnostic-Code: smtp; 550 5.1.1 Mailbox not found',
      ),
      part('text/rfc822-headers', `Message-ID: ${messageId}`),
      `--${boundary}--`,
      '',
    ].join('\r\n'),
  )
}
