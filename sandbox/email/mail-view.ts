import type { ParsedMail } from 'mailparser'
import type { ShownLine } from '../simulator.ts'
import type { BoxedMail } from './mailboxes.ts'

/** A picture or file that came with a mail, for the client to fetch. */
export interface ShelvedFile {
  readonly name: string
  readonly contentType: string
  readonly bytes: Buffer
}

const listOf = (value: string | readonly string[] | undefined): readonly string[] =>
  value === undefined ? [] : [value].flat()

/** A mail of the account as it lies in a user's mailbox. */
export const boxedOf = (mail: ParsedMail): Omit<BoxedMail, 'line'> => ({
  messageId: mail.messageId ?? '',
  references: listOf(mail.references),
  subject: mail.subject ?? '',
  text: (mail.text ?? '').trim(),
  replyTo: mail.replyTo?.value[0]?.address ?? mail.from?.value[0]?.address ?? '',
})

/** What the client shows of it; `shelve` keeps a file and tells where it can be fetched. */
export const lineOf = (
  mail: ParsedMail,
  at: Date,
  shelve: (file: ShelvedFile) => string,
): Omit<ShownLine, 'id'> => {
  const { subject, text, replyTo } = boxedOf(mail)
  const [file] = mail.attachments
  const name = file?.filename ?? 'file'
  const path =
    file === undefined ? undefined : shelve({ name, contentType: file.contentType, bytes: file.content })
  const isPicture = /^image\/(?:png|jpeg|gif|webp)$/.test(file?.contentType ?? '')
  const automatic = mail.headers.get('auto-submitted')
  return {
    at,
    from: 'account',
    subject,
    text,
    replyTo,
    ...(path === undefined ? {} : isPicture ? { picturePath: path } : { fileName: name }),
    ...(typeof automatic === 'string' ? { note: automatic } : {}),
  }
}
