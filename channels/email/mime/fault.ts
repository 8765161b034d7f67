/** Why a mail cannot be read. */
export type MailFaultCode =
  'too_large' | 'too_many_parts' | 'too_deep' | 'headers_too_large' | 'not_a_mail' | 'timeout' | 'unreadable'

/** A mail that cannot be read, whoever tries: it is set aside and never tried again. */
export class MailFault extends Error {
  readonly code: MailFaultCode

  constructor(code: MailFaultCode) {
    super(`unreadable mail: ${code}`)
    this.name = 'MailFault'
    this.code = code
  }
}
