/** Which conversation a mail belongs to: a signed address, else our own Message-ID and the same contact, else a new one. */
import { createHash } from 'node:crypto'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { OwnAddresses } from './addresses.ts'
import { base32, comparable, readReplyToken } from './addresses.ts'
import type { threadings } from './facts.ts'
import { mailsOf } from './facts.ts'
import type { MessageIds } from './message-id.ts'
import type { ParsedMail } from './mime/mail.ts'

/** The conversation found, and how. */
export interface Thread {
  readonly threadKey: string
  readonly by: (typeof threadings)[number]
  /** Set when the address held a token: whether its signature was right. */
  readonly tokenValid?: boolean
  /** False: the address named the conversation, but its contact never wrote from here. */
  readonly participant: boolean
}

export interface ThreadDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'secret' | 'sent' | 'messageLog'>
  readonly own: OwnAddresses
  readonly ids: MessageIds
}

/** References that are looked up, counted from the latest. */
const maxLookups = 20
/** Other tags behind our address are the contact's business. */
const tokenShape = /^[a-z0-9]{1,30}\.[a-z2-7]{16}$/i
const recipients: ReadonlySet<string> = new Set(['delivered-to', 'x-original-to', 'envelope-to'])

/** A conversation's key: letters and digits that can stand in an address, unguessable from the contact alone. */
const newKey = (inboxId: string, contactKey: string, messageId: string): string => {
  const hash = createHash('sha256').update(`${inboxId}\n${contactKey}\n${messageId}`).digest()
  return `c${base32(hash).slice(0, 16)}`
}

const tagsOf = (mail: ParsedMail, own: OwnAddresses): readonly string[] => {
  const envelope = mail.headers
    .filter(([name]) => recipients.has(name))
    .map(([, value]) => value.replace(/[<>]/g, '').trim())
  const named = [...mail.to, ...mail.cc].map(({ address }) => address)
  return [...envelope, ...named].flatMap((address) => own.tagOf(address) ?? [])
}

/** Ids a mail answers, the most telling first. */
const answeredIds = ({ inReplyTo, references }: ParsedMail): readonly string[] => [
  ...new Set([...inReplyTo, ...[...references].reverse()]),
]

export const createFindThread = ({ host, own, ids }: ThreadDeps) => {
  const key = host.secret('email-reply-token')
  // Asked for at once and awaited later: a failure is the first mail's, not the process's.
  key.catch(() => undefined)

  const byToken = async (mail: ParsedMail, contactKey: string): Promise<Thread | 'forged' | undefined> => {
    const tags = tagsOf(mail, own).filter((tag) => tokenShape.test(tag))
    if (tags.length === 0) return undefined
    for (const tag of tags) {
      const threadKey = readReplyToken(await key, tag)
      if (threadKey === undefined) continue
      const said = await host.messageLog.latest({ inboxId: host.inboxId, threadKey, limit: 50 })
      const known = mailsOf(said)
      const participant = known.length === 0 || known.some(({ from }) => comparable(from) === contactKey)
      return { threadKey, by: 'token', tokenValid: true, participant }
    }
    return 'forged'
  }

  const byOurId = async (mail: ParsedMail, contactKey: string): Promise<Thread | undefined> => {
    for (const id of answeredIds(mail).slice(0, maxLookups)) {
      const outboundId = ids.outboundIdOf(id)
      const sent = outboundId === undefined ? undefined : await host.sent.find(outboundId)
      // Another contact's id, copied or guessed, opens nothing.
      if (sent === undefined || comparable(sent.contactKey) !== contactKey) continue
      const by = mail.references.includes(id) ? 'references' : 'in-reply-to'
      return { threadKey: sent.threadKey, by, participant: true }
    }
    return undefined
  }

  /** A contact who answers a mail of their own before we did. The key holds the contact: nobody else's is found. */
  const byTheirId = async (mail: ParsedMail, contactKey: string): Promise<Thread | undefined> => {
    for (const id of answeredIds(mail).slice(0, maxLookups)) {
      const threadKey = newKey(host.inboxId, contactKey, id)
      const said = await host.messageLog.latest({ inboxId: host.inboxId, threadKey, limit: 1 })
      if (said.length > 0) return { threadKey, by: 'own-mail', participant: true }
    }
    return undefined
  }

  return async (mail: ParsedMail, contactKey: string): Promise<Thread> => {
    const token = await byToken(mail, contactKey)
    if (token !== undefined && token !== 'forged') return token
    const found = (await byOurId(mail, contactKey)) ?? (await byTheirId(mail, contactKey))
    const thread = found ?? {
      threadKey: newKey(host.inboxId, contactKey, mail.messageId),
      by: 'new' as const,
      participant: true,
    }
    return token === 'forged' ? { ...thread, tokenValid: false } : thread
  }
}
export type FindThread = ReturnType<typeof createFindThread>
