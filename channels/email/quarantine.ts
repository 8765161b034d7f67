/** Mail that cannot be read: its raw text is kept and shown, and the next one is read. */
import { createHash } from 'node:crypto'
import type { InboundMessage } from '../../src/core/message.ts'
import { base32, comparable } from './addresses.ts'
import { factsPart } from './facts.ts'
import type { SaveFile } from './files.ts'
import type { MailFaultCode } from './mime/fault.ts'

export interface Unreadable {
  readonly inboxId: string
  /** As it came, or as much of it as was fetched. */
  readonly raw: Uint8Array
  readonly fault: MailFaultCode | 'not_storable'
  readonly receivedAt: Date
  /** The whole mail's size where `raw` is only its beginning. */
  readonly bytes?: number
}

/** Looked through without any parser, because one has just failed. */
const headBytes = 32_768

const headOf = (raw: Uint8Array): string => {
  const head = Buffer.from(raw.subarray(0, headBytes)).toString('latin1')
  const end = head.search(/\r?\n\r?\n/)
  return end === -1 ? head : head.slice(0, end)
}

const machine =
  /^(?:auto-submitted[ \t]*:[ \t]*(?!no)|list-|precedence[ \t]*:|return-path[ \t]*:[ \t]*<[ \t]*>|x-auto|x-loop|feedback-id)/im
const author = /^from[ \t]*:[^\n]{0,500}?([^\s<>"@,;:()]{1,64}@[^\s<>"@,;:()]{1,255})/im
const silent = /^(?:no-?reply|mailer-daemon|postmaster|bounce)/i

/** The message that stands for an unreadable mail: who it is from as far as can be told, and the raw mail as a file. */
export const quarantined = async (unreadable: Unreadable, save: SaveFile): Promise<InboundMessage> => {
  const { inboxId, raw, fault, receivedAt, bytes = raw.byteLength } = unreadable
  const head = headOf(raw)
  const from = author.exec(head)?.[1]
  const contactKey = from === undefined ? 'unknown@invalid' : comparable(from)
  const hash = createHash('sha256').update(raw).digest()
  const media = await save(raw)
  const isMachine = machine.test(head)
  return {
    inboxId,
    dedupKey: `mail:unreadable:${hash.toString('hex').slice(0, 40)}`,
    contactKey,
    threadKey: `c${base32(hash).slice(0, 16)}`,
    parts: [
      factsPart({
        class: 'unreadable',
        subject: '',
        messageId: `${hash.toString('hex').slice(0, 32)}@no-id.local`,
        references: [],
        from: from ?? '',
        fromName: '',
        to: [],
        cc: [],
        sender: 'unverified',
        thread: 'new',
        participant: true,
      }),
      { kind: 'unsupported', type: 'mail', raw: { reason: fault, bytes } },
      { kind: 'file', media, name: 'mail.eml' },
      // Nobody to ask for other words: a person looks.
      ...(from === undefined && !isMachine ? [{ kind: 'event', name: 'for-person' } as const] : []),
    ],
    sentAt: receivedAt,
    mayContinue: false,
    // The bot can only ask for other words; machines are asked nothing.
    wantsReply: from !== undefined && !isMachine && !silent.test(from),
    passiveBudgetMs: 0,
  }
}
