/** A mail as plain data: what the parser's thread hands over, before anything is decided about it. */

/** A mailbox as a header names it. */
export interface Mailbox {
  /** As written, for sending; compare in lower case. */
  readonly address: string
  readonly name: string
}

/** A file inside a mail. */
export interface MailFile {
  /** Made harmless. */
  readonly name: string
  /** The sender's word; content is typed by its bytes. */
  readonly declaredType: string
  readonly bytes: Uint8Array
  /** Content-ID without brackets. */
  readonly cid?: string
  /** True when the HTML shows it in its text. */
  readonly shown: boolean
}

/** What a report about a mail of ours says of one recipient (RFC 3464). */
export interface DeliveryGroup {
  readonly recipient?: string
  readonly action?: string
  readonly status?: string
  readonly diagnostic?: string
}

/** A machine's report (RFC 3464, RFC 8098). */
export interface MailReport {
  readonly kind: 'delivery' | 'disposition'
  readonly groups: readonly DeliveryGroup[]
  /** Message-ID of the mail it is about, without brackets. */
  readonly originalId?: string
}

export interface ParsedMail {
  /** Every header in order, names in lower case, values unfolded and readable. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly from: readonly Mailbox[]
  readonly replyTo: readonly Mailbox[]
  readonly to: readonly Mailbox[]
  readonly cc: readonly Mailbox[]
  readonly subject: string
  /** Without brackets; synthesised from the content when there is none. */
  readonly messageId: string
  /** Ids without brackets. */
  readonly inReplyTo: readonly string[]
  readonly references: readonly string[]
  readonly date?: Date
  /** What the sender wrote now. */
  readonly text: string
  /** All of it, quoted history included. */
  readonly fullText: string
  /** Cleaned, quoted history folded; empty when the mail has none. */
  readonly html: string
  /** How many pictures of the HTML lie elsewhere. */
  readonly remotePictures: number
  readonly files: readonly MailFile[]
  readonly report?: MailReport
  /** True for an invitation or an answer to one. */
  readonly calendar: boolean
  /** The type of a mail that is nothing but content of a kind we do not know. */
  readonly unknownType?: string
  /** Message-IDs anywhere in the raw text, for returned mails that say it in words only. */
  readonly mentionedIds: readonly string[]
  /** SHA-256 of the body, hexadecimal: tells two mails of one id apart. */
  readonly bodyHash: string
}
