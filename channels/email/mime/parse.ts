/** Raw bytes to a `ParsedMail`. Runs in a thread of its own: hostile mail may take long, and is ended there. */
import { createHash } from 'node:crypto'
import type { AddressObject, Attachment, EmailAddress } from 'mailparser'
import { simpleParser } from 'mailparser'
import { cleanText } from '../../kit/index.ts'
import { MailFault } from './fault.ts'
import { foldQuotes } from './fold.ts'
import { cleanHtml, remotePicturesIn, wordsOfHtml } from './html.ts'
import type { Mailbox, MailFile, ParsedMail } from './mail.ts'
import { harmlessName } from './names.ts'
import { freshWords } from './quotes.ts'
import { bodyOf, repair } from './repair.ts'
import { readReport } from './report.ts'
import type { Tnef, TnefBudget } from './tnef.ts'
import { isTnef, tnefBudget, unpackTnef } from './tnef.ts'
import type { MimePart } from './tree.ts'
import { headerOf, mimeLimits, ownParts, parameterOf, readTree } from './tree.ts'

/** Longest text that is kept, in characters. */
const maxText = 200_000
const maxAddresses = 100

const flatten = (list: readonly EmailAddress[]): readonly EmailAddress[] =>
  list.flatMap((entry) => (entry.group === undefined ? [entry] : entry.group))

const mailboxes = (value: AddressObject | AddressObject[] | undefined): readonly Mailbox[] =>
  flatten((value === undefined ? [] : [value].flat()).flatMap((object) => object.value))
    .map(({ address = '', name }) => ({ address: cleanText(address).trim(), name: cleanText(name).trim() }))
    .filter(({ address }) => /^[^\s@<>]{1,64}@[^\s@<>]{1,255}$/.test(address))
    .slice(0, maxAddresses)

/** Message-IDs in a header, without brackets; junk between them is passed over. */
export const idsIn = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(/[\s,]+/)
    .map((token) => /^<?([^<>\s]{3,250})>?$/.exec(token)?.[1] ?? '')
    .filter((id) => id !== '' && (id.includes('@') || /\.\w/.test(id)))
    .slice(-200)

/** Parts that belong to the mail's form, not to what the sender wanted to hand over. */
const formal: ReadonlySet<string> = new Set([
  'application/pkcs7-signature',
  'application/x-pkcs7-signature',
  'application/pgp-signature',
  'text/rfc822-headers',
  'message/delivery-status',
  'message/disposition-notification',
  'message/global-delivery-status',
])

const namesOfTypes: ReadonlyMap<string, string> = new Map([
  ['message/rfc822', 'forwarded.eml'],
  ['text/calendar', 'invitation.ics'],
  ['application/ms-tnef', 'winmail.dat'],
])

const tnefTypes: ReadonlySet<string> = new Set(['application/ms-tnef', 'application/vnd.ms-tnef'])

/** What mailparser calls an attachment, or what Outlook packed into one. */
type Enclosed = Pick<Attachment, 'content' | 'contentType' | 'cid' | 'filename'>

const isShown = (cid: string, html: string): boolean =>
  html.includes(`cid:${cid}`) || html.includes(`cid:${encodeURIComponent(cid)}`)

const fileOf = (attachment: Enclosed, html: string, place: number): MailFile => {
  const { content, contentType, cid, filename } = attachment
  const fallback = namesOfTypes.get(contentType) ?? (isTnef(content) ? 'winmail.dat' : `file-${place + 1}`)
  return {
    name: harmlessName(filename, fallback),
    declaredType: contentType,
    bytes: new Uint8Array(content),
    shown: cid !== undefined && isShown(cid, html),
    ...(cid === undefined ? {} : { cid: cid.slice(0, 250) }),
  }
}

/** Outlook's packets, opened; those that are damaged, hold nothing, or more than the mail may have, stay files. */
const openPackets = (attachments: readonly Attachment[]) => {
  const packets: Tnef[] = []
  let { files, bytes: size }: TnefBudget = tnefBudget
  const enclosed = attachments.flatMap((attachment): readonly Enclosed[] => {
    if (!tnefTypes.has(attachment.contentType) && !isTnef(attachment.content)) return [attachment]
    const packet = unpackTnef(attachment.content, { files, bytes: size })
    if (packet === undefined) return [attachment]
    packets.push(packet)
    files -= packet.files.length
    for (const { bytes } of packet.files) size -= bytes.byteLength
    return packet.files.map(({ name, declaredType, bytes, cid }) => ({
      content: Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength),
      contentType: declaredType,
      ...(name === undefined ? {} : { filename: name }),
      ...(cid === undefined ? {} : { cid }),
    }))
  })
  const said = (kind: 'text' | 'html'): string =>
    cleanText(packets.map((packet) => packet[kind]).find((words) => words !== '') ?? '')
  return { enclosed, text: said('text'), html: said('html') }
}

const filesOf = (attachments: readonly Enclosed[], html: string): readonly MailFile[] =>
  attachments
    .filter(({ contentType }) => !formal.has(contentType))
    .map((attachment, place) => fileOf(attachment, html, place))

/** A lone part of a kind nobody displays and that carries no name. */
const unknownTypeOf = (root: MimePart): string | undefined => {
  const disposition = headerOf(root, 'content-disposition') ?? ''
  const named = parameterOf(root.contentType, 'name') ?? parameterOf(disposition, 'filename')
  const known = /^(?:text|multipart|image|audio|video)\/|^message\/rfc822$/.test(root.type)
  return known || named !== undefined ? undefined : root.type.slice(0, 64)
}

interface Words {
  readonly text: string
  readonly fullText: string
  readonly html: string
  readonly remotePictures: number
}

const wordsOf = (plain: string, rawHtml: string, senderName: string): Words => {
  const html = rawHtml === '' ? '' : cleanHtml(rawHtml)
  const page = { html: foldQuotes(html), remotePictures: remotePicturesIn(html) }
  if (plain.trim() !== '' || html === '') {
    const fullText = plain.replaceAll('\r\n', '\n').trim().slice(0, maxText)
    return { text: freshWords(plain, senderName), fullText, ...page }
  }
  const { full, fresh } = wordsOfHtml(html)
  // Clients without a container for what they quote write it as text, which the rules for text find.
  const text = freshWords(fresh === '' ? full : fresh, senderName)
  return { text, fullText: full.slice(0, maxText), ...page }
}

const sha256 = (...parts: readonly string[]): string => {
  const hash = createHash('sha256')
  for (const part of parts) hash.update(part).update('\n')
  return hash.digest('hex')
}

const readable = (binary: string): string => cleanText(Buffer.from(binary, 'latin1').toString('utf8'))

const isCalendar = (root: MimePart): boolean =>
  [...ownParts(root)].some(
    ({ type, contentType }) => type === 'text/calendar' && parameterOf(contentType, 'method') !== undefined,
  )

/** The text parts as one: reports are added to it by the parser and taken off again. */
const plainOf = (text: string | undefined, root: MimePart, raw: string): string => {
  if (!root.type.startsWith('multipart/report')) return text ?? ''
  const first = [...ownParts(root)].find(({ type }) => type === 'text/plain')
  return first === undefined ? '' : bodyOf(raw, first).toString('utf8')
}

/** Reads a mail. Throws `MailFault` for what is beyond the limits or no mail at all. */
export const parseMail = async (bytes: Uint8Array): Promise<ParsedMail> => {
  if (bytes.byteLength > mimeLimits.bytes) throw new MailFault('too_large')
  const given = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
  const givenRoot = readTree(given)
  if (givenRoot.headers.length === 0) throw new MailFault('not_a_mail')
  const raw = repair(given, givenRoot)
  const root = readTree(raw)
  const parsed = await simpleParser(Buffer.from(raw, 'latin1'), {
    skipImageLinks: true,
    skipHtmlToText: true,
    skipTextToHtml: true,
    skipTextLinks: true,
  })
  const header = (name: string): string | undefined => headerOf(root, name)
  const from = mailboxes(parsed.from)
  const subject = cleanText(parsed.subject ?? '').slice(0, 500)
  const packed = openPackets(parsed.attachments)
  // A packet repeats the mail's words; they count where the mail has none of its own.
  const ownHtml = typeof parsed.html === 'string' ? cleanText(parsed.html) : ''
  const ownPlain = cleanText(plainOf(parsed.text, root, raw))
  const isWordless = ownHtml === '' && ownPlain.trim() === ''
  const rawHtml = isWordless ? packed.html : ownHtml
  const plain = isWordless ? packed.text : ownPlain
  const bodyHash = sha256(given.slice(givenRoot.bodyStart).trimEnd())
  const [
    messageId = `${sha256(header('date') ?? '', header('from') ?? '', subject, bodyHash).slice(0, 32)}@no-id.local`,
  ] = idsIn(header('message-id'))
  const report = readReport(root, raw)
  const unknownType = plain === '' && rawHtml === '' ? unknownTypeOf(root) : undefined
  return {
    headers: root.headers.map(({ name, value }) => [name, readable(value)] as const),
    from,
    replyTo: mailboxes(parsed.replyTo),
    to: mailboxes(parsed.to),
    cc: mailboxes(parsed.cc),
    subject,
    messageId,
    inReplyTo: idsIn(header('in-reply-to')),
    references: idsIn(header('references')),
    ...wordsOf(plain, rawHtml, from[0]?.name ?? ''),
    files: filesOf(packed.enclosed, rawHtml),
    calendar: isCalendar(root),
    mentionedIds: [
      ...new Set(idsIn(`${plain} ${rawHtml}`.slice(0, maxText).replace(/&lt;|&gt;|["'<>]/g, ' '))),
    ],
    bodyHash,
    ...(parsed.date === undefined || Number.isNaN(parsed.date.getTime()) ? {} : { date: parsed.date }),
    ...(report === undefined ? {} : { report }),
    ...(unknownType === undefined ? {} : { unknownType }),
  }
}
