/** A read mail as the message the router gets. Pure: everything that had to be looked up is handed in. */
import { createHash } from 'node:crypto'
import type { InboundMessage, Original, Part } from '../../src/core/message.ts'
import { comparable } from './addresses.ts'
import type { Classified } from './classify.ts'
import type { MailFacts } from './facts.ts'
import { factsPart } from './facts.ts'
import type { StoredFiles } from './files.ts'
import type { ParsedMail } from './mime/mail.ts'
import { saidInSubject } from './subject.ts'
import type { Thread } from './thread.ts'
import type { Authentication } from './verify.ts'

/** Longest HTML that is kept with a message; longer mail has its words and its files. */
const maxHtml = 200_000
const maxKeptIds = 50

/** Same id, same author, same content: the same mail, by whichever way it came. */
export const dedupKeyOf = ({ messageId, from, bodyHash }: ParsedMail): string =>
  `mail:${createHash('sha256')
    .update([messageId, comparable(from[0]?.address ?? ''), bodyHash].join('\n'))
    .digest('hex')
    .slice(0, 40)}`

/** The author's key on the inbox. Mail without an author has one for all. */
export const contactKeyOf = ({ from }: Pick<ParsedMail, 'from'>): string =>
  from[0] === undefined ? 'unknown@invalid' : comparable(from[0].address)

export interface Decoded {
  readonly inboxId: string
  readonly receivedAt: Date
  readonly mail: ParsedMail
  readonly classified: Classified
  readonly thread: Thread
  readonly auth: Authentication
  readonly files: StoredFiles
  /** No machine may answer, and a person should look. */
  readonly forPerson: boolean
  /** The bot has said enough here for today: a person takes over. */
  readonly callsPerson: boolean
  /** Whose conversation it belongs to, when that is not the author. */
  readonly contactKey?: string
}

const weekMs = 7 * 86_400_000
const skewMs = 600_000

/** The sender's clock, unless it is plainly wrong. */
const sentAtOf = (date: Date | undefined, receivedAt: Date): Date => {
  const age = receivedAt.getTime() - (date?.getTime() ?? Number.NaN)
  return date !== undefined && age < weekMs && age > -skewMs ? date : receivedAt
}

/** Reply-To is honoured only from who began the conversation or is proven: else it would draw answers away. */
const replyToOf = ({ mail, thread, auth }: Decoded): string | undefined => {
  const [one, ...more] = mail.replyTo
  const trusted = thread.by === 'new' || auth.trust === 'verified'
  return one !== undefined && more.length === 0 && trusted ? one.address : undefined
}

const factsOf = (decoded: Decoded): MailFacts => {
  const { mail, classified, thread, auth } = decoded
  const replyTo = replyToOf(decoded)
  return {
    class: classified.class,
    subject: mail.subject,
    messageId: mail.messageId,
    references: mail.references.slice(-maxKeptIds),
    from: mail.from[0]?.address ?? '',
    fromName: mail.from[0]?.name.slice(0, 200) ?? '',
    to: mail.to.slice(0, 20).map(({ address }) => address),
    cc: mail.cc.slice(0, 20).map(({ address }) => address),
    sender: auth.trust,
    ...auth.results,
    thread: thread.by,
    participant: thread.participant,
    ...(thread.tokenValid === undefined ? {} : { tokenValid: thread.tokenValid }),
    ...(replyTo === undefined ? {} : { replyTo }),
    ...(mail.fullText === mail.text ? {} : { fullText: mail.fullText }),
  }
}

const originalOf = ({ mail, files }: Decoded): Original | undefined =>
  mail.html === '' || mail.html.length > maxHtml
    ? undefined
    : { html: mail.html, inline: files.inline, remotePictures: mail.remotePictures }

const asText = (text: string): readonly Part[] => (text === '' ? [] : [{ kind: 'text', text }])

const unknownPart = ({ unknownType }: ParsedMail, files: readonly Part[]): Part | undefined => {
  const [file] = files
  if (unknownType === undefined || file?.kind !== 'file' || files.length > 1) return undefined
  return { kind: 'unsupported', type: unknownType, raw: { ...file.media } }
}

/** What the subject adds: it opens a conversation; later ones only repeat it. */
const subjectWords = ({ mail, thread }: Decoded): string =>
  thread.by === 'new' ? saidInSubject(mail.subject).slice(0, 300) : ''

const wordsOf = (decoded: Decoded): readonly Part[] => {
  const { mail, files } = decoded
  const unknown = unknownPart(mail, files.parts)
  if (unknown !== undefined) return [...asText(subjectWords(decoded)), unknown]
  return [...asText(subjectWords(decoded)), ...asText(mail.text), ...files.parts]
}

/** What makes one person of an address on several inboxes: only an address that is proven, and only a person's mail. */
const unionKeyOf = ({ mail, auth, classified }: Decoded): string | undefined =>
  auth.proven && classified.class === 'customer' && classified.answerable
    ? `mail:${contactKeyOf(mail)}`
    : undefined

export const decode = (decoded: Decoded): InboundMessage => {
  const { inboxId, receivedAt, mail, classified, thread, callsPerson, forPerson } = decoded
  const name = mail.from[0]?.name.slice(0, 100) ?? ''
  const unionKey = unionKeyOf(decoded)
  return {
    inboxId,
    dedupKey: dedupKeyOf(mail),
    contactKey: decoded.contactKey ?? contactKeyOf(mail),
    threadKey: thread.threadKey,
    parts: [
      factsPart(factsOf(decoded), originalOf(decoded)),
      ...wordsOf(decoded),
      ...(forPerson ? [{ kind: 'event', name: 'for-person' } as const] : []),
      ...(callsPerson ? [{ kind: 'event', name: 'choice', value: 'human' } as const] : []),
    ],
    sentAt: sentAtOf(mail.date, receivedAt),
    providerId: mail.messageId,
    ...(unionKey === undefined ? {} : { unionKey }),
    ...(name === '' ? {} : { displayName: name }),
    mayContinue: true,
    wantsReply: classified.answerable,
    passiveBudgetMs: 0,
  }
}
