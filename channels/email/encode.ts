/** A message of ours as a mail: addressed, threaded, marked as a machine's where one speaks. Pure. */
import type { OutboundMessage, Part } from '../../src/core/message.ts'
import { textOf } from '../../src/core/message.ts'
import { comparable, replyToken, withTag } from './addresses.ts'
import type { MailFacts } from './facts.ts'
import type { EmailConfig } from './manifest.ts'
import type { MessageIds } from './message-id.ts'
import { harmlessName } from './mime/names.ts'
import { headerText, replySubject } from './subject.ts'

/** A file to be attached. */
export interface AttachedFile {
  readonly name: string
  readonly contentType: string
  readonly bytes: Uint8Array
}

/** A mail as the SMTP client takes it. Every header value is one line. */
export interface OutgoingMail {
  readonly envelope: { readonly from: string; readonly to: string }
  readonly from: { readonly name: string; readonly address: string }
  readonly to: string
  readonly replyTo?: string
  readonly subject: string
  readonly messageId: string
  readonly inReplyTo?: string
  readonly references?: readonly string[]
  readonly date: Date
  readonly headers: Readonly<Record<string, string>>
  readonly text: string
  readonly html: string
  readonly files: readonly AttachedFile[]
}

export interface EncodeContext {
  readonly config: EmailConfig
  readonly ids: MessageIds
  /** Signs the address that answers come to. */
  readonly tokenKey: string
  /** The contact's mails in this conversation, latest first. */
  readonly mails: readonly MailFacts[]
  readonly file: AttachedFile | undefined
}

const maxReferences = 20

/** First and last ids; whoever threads looks at the ends. */
const shorten = (ids: readonly string[]): readonly string[] =>
  ids.length <= maxReferences ? ids : [...ids.slice(0, 1), ...ids.slice(1 - maxReferences)]

const bracket = (id: string): string => `<${headerText(id).replace(/[<>\s]/g, '')}>`

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }
const escapeHtml = (text: string): string => text.replace(/[&<>"]/g, (character) => escapes[character] ?? '')

/** Plain words as HTML of the same words. */
const htmlOf = (text: string): string =>
  text
    .split(/\n{2,}/)
    .map((paragraph) => `<p>${escapeHtml(paragraph).replaceAll('\n', '<br>\n')}</p>`)
    .join('\n')

const wordsOf = (part: Part, file: AttachedFile | undefined): string =>
  file === undefined ? textOf([part]) : `附件 / Attachment: ${file.name}`

/** Where the answer goes: the contact's own address, in the letters they wrote it with, or their Reply-To. */
export const recipientOf = (contactKey: string, mails: readonly MailFacts[]): string => {
  const theirs = mails.filter(({ from }) => comparable(from) === contactKey)
  return theirs.find(({ replyTo }) => replyTo !== undefined)?.replyTo ?? theirs[0]?.from ?? contactKey
}

const machineHeaders = { 'Auto-Submitted': 'auto-replied', 'X-Auto-Response-Suppress': 'All' } as const

/** The mail for a message; the same for every try. */
export const encode = (message: OutboundMessage, context: EncodeContext): OutgoingMail => {
  const { config, ids, tokenKey, mails, file } = context
  const answered = mails.find(({ class: kind }) => kind === 'customer')
  const to = headerText(recipientOf(message.contactKey, mails))
  const token = config.plusAddressing ? replyToken(tokenKey, message.threadKey) : undefined
  const messageId = ids.of(message.id)
  const text = wordsOf(message.part, file)
  const idTag = messageId.slice(0, messageId.lastIndexOf('@'))
  return {
    envelope: {
      from: config.bounceAddress === undefined ? config.address : withTag(config.bounceAddress, idTag),
      to,
    },
    from: { name: headerText(config.name), address: config.address },
    to,
    subject: replySubject(answered?.subject ?? '', config.subject),
    messageId: bracket(messageId),
    ...(answered === undefined
      ? {}
      : {
          inReplyTo: bracket(answered.messageId),
          references: shorten([...answered.references, answered.messageId]).map(bracket),
        }),
    ...(token === undefined ? {} : { replyTo: withTag(config.address, token) }),
    date: message.createdAt,
    headers: { 'X-Loop': config.address, ...(message.author === 'agent' ? {} : machineHeaders) },
    text,
    html: htmlOf(text),
    files: file === undefined ? [] : [file],
  }
}

/** The name under which a file goes out. */
export const nameOfPart = (part: Part, contentType: string): string => {
  const end = contentType.split('/')[1]?.replace(/[^a-z0-9]/gi, '') ?? 'bin'
  return harmlessName(
    part.kind === 'file' ? part.name : part.kind === 'image' ? part.alt : undefined,
    `${part.kind}.${end}`,
  )
}
