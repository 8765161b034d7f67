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
  /** Name under which the mail's HTML shows it; absent: it is attached below. */
  readonly cid?: string
}

/** A picture between the words; one that is not stored any more has no file, and its words stand for it. */
export interface ShownPicture {
  /** How many characters of the text stand before it. */
  readonly after: number
  readonly alt: string
  readonly file?: AttachedFile
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
  readonly pictures: readonly ShownPicture[]
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

/** A text cut where its pictures stand: words and pictures in turn. */
const piecesOf = (text: string, pictures: readonly ShownPicture[]): readonly (string | ShownPicture)[] => {
  const ends = [...pictures.map(({ after }) => after), text.length]
  return ends.flatMap((end, place) => {
    const words = text.slice(ends[place - 1] ?? 0, end).trim()
    const picture = pictures[place]
    return [...(words === '' ? [] : [words]), ...(picture === undefined ? [] : [picture])]
  })
}

const pictureWords = ({ alt }: ShownPicture): string => `[图片 / Picture] ${alt}`.trim()

const htmlOfPicture = (picture: ShownPicture): string =>
  picture.file?.cid === undefined
    ? htmlOf(pictureWords(picture))
    : `<p><img src="cid:${picture.file.cid}" alt="${escapeHtml(picture.alt)}" style="max-width:100%;height:auto"></p>`

/** The mail's two bodies: the same words and pictures. */
const bodiesOf = (text: string, pictures: readonly ShownPicture[]): Pick<OutgoingMail, 'text' | 'html'> => {
  if (pictures.length === 0) return { text, html: htmlOf(text) }
  const pieces = piecesOf(text, pictures)
  const isWords = (piece: string | ShownPicture): piece is string => typeof piece === 'string'
  return {
    text: pieces.map((piece) => (isWords(piece) ? piece : pictureWords(piece))).join('\n\n'),
    html: pieces.map((piece) => (isWords(piece) ? htmlOf(piece) : htmlOfPicture(piece))).join('\n'),
  }
}

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
  const { config, ids, tokenKey, mails, file, pictures } = context
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
    ...bodiesOf(text, pictures),
    files: [...(file === undefined ? [] : [file]), ...pictures.flatMap((picture) => picture.file ?? [])],
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
