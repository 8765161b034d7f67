/** Handing mail to the SMTP server. Source: RFC 6409 (submission), RFC 8314 (TLS). */
import { domainToASCII } from 'node:url'
import { ChannelError } from '../../src/core/errors.ts'
import type { OutgoingMail } from './encode.ts'
import type { Login, Logins } from './login.ts'
import { loginHint } from './login-hint.ts'
import type { EmailConfig } from './manifest.ts'
import { protectionOf } from './manifest.ts'
import type { SmtpFailure } from './smtp-errors.ts'
import { smtpError } from './smtp-errors.ts'
import { tlsError, tlsOptionsOf } from './tls.ts'

/** Sends one mail. Throws `ChannelError` for every refusal. */
export type SendMail = (mail: OutgoingMail, attempt: number) => Promise<void>

const timeoutMs = 30_000

const authOf = (login: Login) =>
  'pass' in login
    ? { user: login.user, pass: login.pass }
    : { type: 'OAuth2' as const, user: login.user, accessToken: login.accessToken }

/** An address as SMTP carries it: the domain in ASCII. Letters beyond ASCII before the @ need an extension few have. */
const asciiAddress = (address: string): string => {
  const at = address.lastIndexOf('@')
  const local = address.slice(0, at)
  const domain = domainToASCII(address.slice(at + 1))
  if (at < 1 || domain === '' || !/^[!-~]{1,64}$/.test(local) || /[\s<>"(),:;\\]/.test(local))
    throw new ChannelError(
      'email',
      'unreachable',
      'send: the contact has no address that mail can be sent to',
    )
  return `${local}@${domain}`
}

const factsOf = (error: unknown): SmtpFailure => {
  const field = (name: string): unknown =>
    typeof error === 'object' && error !== null ? Reflect.get(error, name) : undefined
  const [code, responseCode, response] = [field('code'), field('responseCode'), field('response')]
  return {
    ...(typeof code === 'string' ? { code } : {}),
    ...(typeof responseCode === 'number' && responseCode > 0 ? { responseCode } : {}),
    ...(typeof response === 'string' ? { response } : {}),
  }
}

/** A mail as nodemailer wants it. */
const composed = (mail: OutgoingMail, to: string) => {
  const { files, envelope, references, headers, ...rest } = mail
  return {
    ...rest,
    to: { name: '', address: to },
    envelope: { from: envelope.from, to },
    headers: { ...headers },
    ...(references === undefined ? {} : { references: [...references] }),
    textEncoding: 'base64' as const,
    attachments: files.map(({ name, contentType, bytes, cid }) => ({
      filename: name,
      contentType,
      content: Buffer.from(bytes),
      ...(cid === undefined ? {} : { cid, contentDisposition: 'inline' as const }),
    })),
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** The bytes of a mail, for a copy of what was sent. */
export const rawOf = async (mail: OutgoingMail): Promise<Buffer> => {
  const { createTransport } = await import('nodemailer')
  const transport = createTransport({ streamTransport: true, buffer: true, newline: 'windows' })
  const { message } = await transport.sendMail(composed(mail, asciiAddress(mail.to)))
  return Buffer.isBuffer(message) ? message : Buffer.alloc(0)
}

const openTransport = async ({ smtp }: EmailConfig, login: Login | undefined) => {
  const { createTransport } = await import('nodemailer')
  const protection = protectionOf(smtp, 465)
  return createTransport({
    tls: await tlsOptionsOf({ server: 'smtp', ...smtp }),
    host: smtp.host,
    port: smtp.port,
    secure: protection === 'implicit',
    requireTLS: protection === 'starttls',
    ignoreTLS: protection === 'none',
    ...(login === undefined ? {} : { auth: authOf(login) }),
    // What stands in a mail is data: no file or address in it is ever fetched.
    disableFileAccess: true,
    disableUrlAccess: true,
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    logger: false,
  })
}

const failureOf = (
  { smtp }: EmailConfig,
  login: Login | undefined,
  { error, attempt }: { readonly error: unknown; readonly attempt: number },
): ChannelError => {
  const facts = factsOf(error)
  // Refusing the command that begins TLS is no refusal of the mail.
  const isAboutTls = facts.responseCode === undefined || (facts.code === 'ETLS' && facts.responseCode >= 500)
  return (
    tlsError({ server: 'smtp', ...smtp }, isAboutTls ? error : undefined) ??
    smtpError(facts, { attempt, loginHint: loginHint('smtp', smtp.host, login) })
  )
}

/** Signs in to the SMTP server and leaves again. Throws `ChannelError`. */
export const trySmtp = async (config: EmailConfig, logins: Logins): Promise<void> => {
  const login = await logins.get(config.smtp)
  const transport = await openTransport(config, login)
  try {
    await transport.verify()
  } catch (error) {
    throw failureOf(config, login, { error, attempt: 1 })
  } finally {
    transport.close()
  }
}

/** A connection a mail: answers are few, and a connection that was kept may be dead. */
export const createSendMail =
  (config: EmailConfig, logins: Logins): SendMail =>
  async (mail, attempt) => {
    const to = asciiAddress(mail.to)
    const login = await logins.get(config.smtp)
    const transport = await openTransport(config, login)
    try {
      await transport.sendMail(composed(mail, to))
    } catch (error) {
      if (factsOf(error).code === 'EAUTH') await logins.refused(login)
      throw failureOf(config, login, { error, attempt })
    } finally {
      transport.close()
    }
  }
