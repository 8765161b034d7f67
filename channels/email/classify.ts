/** What kind of mail this is: a person's, or one of the machines that must never be answered. */
import type { OwnAddresses } from './addresses.ts'
import { comparable } from './addresses.ts'
import type { MessageIds } from './message-id.ts'
import type { ParsedMail } from './mime/mail.ts'

export const mailClasses = [
  'customer',
  'auto-reply',
  'bounce',
  'list',
  'bulk',
  'receipt',
  'own-loop',
  'unreadable',
] as const
export type MailClass = (typeof mailClasses)[number]

export interface ClassifyContext {
  readonly own: OwnAddresses
  readonly ids: MessageIds
}

/** Everything but the class that decides about an answer. */
export interface Classified {
  readonly class: MailClass
  /** False: no automatic answer, whatever it says. */
  readonly answerable: boolean
}

const autoSubject =
  /^(?:re[:：]\s*)?(?:自动回复|自动答复|自動回覆|自動回复|Automatic reply|Auto(?:matic)? ?(?:reply|response)?\s*[:：]|Out of (?:the )?Office|Abwesenheit)/i
const bounceSubject =
  /退信|无法投递|無法投遞|未送达|投递失败|Undeliver|Delivery Status Notification|Delivery (?:has )?fail|Mail delivery failed|Returned mail|failure notice/i
const daemon = /^(?:mailer-daemon|postmaster|mail-?daemon)$/i
const silentLocal =
  /^(?:no-?_?\.?reply|do-?_?not-?_?reply|donotreply|mailer-daemon|postmaster|bounces?)(?:[+._-].*)?$/i

const localOf = (address: string): string => address.slice(0, address.lastIndexOf('@'))

const createHeaders = ({ headers }: ParsedMail) => ({
  first: (name: string): string | undefined => headers.find(([given]) => given === name)?.[1],
  all: (name: string): readonly string[] =>
    headers.filter(([given]) => given === name).map(([, value]) => value),
  has: (...names: readonly string[]): boolean => headers.some(([given]) => names.includes(given)),
})
type Headers = ReturnType<typeof createHeaders>

const isOwnLoop = (mail: ParsedMail, headers: Headers, { own, ids }: ClassifyContext): boolean =>
  headers.all('x-loop').some((value) => own.isOwn(value)) ||
  ids.outboundIdOf(mail.messageId) !== undefined ||
  mail.from.some(({ address }) => own.isOwn(address))

/** A Return-Path that is there and names nobody: the sender wants no answer (RFC 5321 4.5.5). */
const hasNullPath = (headers: Headers): boolean => /^<?\s*>?$/.test(headers.first('return-path') ?? 'unknown')

const isBounce = (mail: ParsedMail, headers: Headers): boolean => {
  if (mail.report?.kind === 'delivery') return true
  const byDaemon = mail.from.some(({ address }) => daemon.test(localOf(address)))
  return bounceSubject.test(mail.subject) && (byDaemon || hasNullPath(headers))
}

const isAutoReply = ({ subject }: ParsedMail, headers: Headers): boolean => {
  const submitted = headers.first('auto-submitted')?.trim().toLowerCase() ?? 'no'
  if (!/^no\b/.test(submitted)) return true
  if (headers.has('x-autoreply', 'x-autorespond', 'x-autoresponder', 'x-ms-exchange-inbox-rules-loop'))
    return true
  const precedence = headers.first('precedence')?.trim().toLowerCase() ?? ''
  return precedence === 'auto_reply' || autoSubject.test(subject.trim()) || hasNullPath(headers)
}

const isList = (headers: Headers): boolean =>
  headers.has('list-id', 'list-post') || headers.first('precedence')?.trim().toLowerCase() === 'list'

const isBulk = (headers: Headers): boolean =>
  headers.has('list-unsubscribe', 'list-unsubscribe-post', 'feedback-id', 'x-campaign') ||
  /^(?:bulk|junk)$/i.test(headers.first('precedence')?.trim() ?? '')

/** Asks not to be answered by a machine without being one (Exchange). */
const suppressesReplies = (headers: Headers): boolean =>
  /\b(?:all|autoreply|oof)\b/i.test(headers.first('x-auto-response-suppress') ?? '')

/** The class of a mail, by its headers first and its words last. */
export const classify = (mail: ParsedMail, context: ClassifyContext): Classified => {
  const headers = createHeaders(mail)
  const silent = (name: MailClass): Classified => ({ class: name, answerable: false })
  if (isOwnLoop(mail, headers, context)) return silent('own-loop')
  if (isBounce(mail, headers)) return silent('bounce')
  if (mail.report?.kind === 'disposition') return silent('receipt')
  if (isAutoReply(mail, headers)) return silent('auto-reply')
  if (isList(headers)) return silent('list')
  if (isBulk(headers)) return silent('bulk')
  const author = comparable(mail.from[0]?.address ?? '')
  const answerable =
    author !== '' && !silentLocal.test(localOf(author)) && !suppressesReplies(headers) && !mail.calendar
  return { class: 'customer', answerable }
}

export interface Reception {
  readonly own: OwnAddresses
  /** It belongs to a conversation that was there before. */
  readonly joined: boolean
}

/**
 * Whether a person should look at a mail that no machine may answer. A conversation's own mail always; lists, when the
 * mail was written to us; a person's mail that asks for no automatic answer. The rest is noise that stands in its
 * conversation.
 */
export const isForPerson = (
  mail: ParsedMail,
  { class: kind, answerable }: Classified,
  { own, joined }: Reception,
): boolean => {
  if (answerable) return false
  switch (kind) {
    case 'customer':
      return joined || !silentLocal.test(localOf(mail.from[0]?.address ?? ''))
    case 'list':
      return joined || [...mail.to, ...mail.cc].some(({ address }) => own.isOwn(address))
    case 'bulk':
      return joined
    case 'auto-reply':
    case 'bounce':
    case 'receipt':
    case 'own-loop':
    case 'unreadable':
      return false
    default:
      return kind satisfies never
  }
}
