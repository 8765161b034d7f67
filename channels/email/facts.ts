/** What is kept of a mail beside its words: a message part that the desk shows and answers are made from. */
import { z } from 'zod'
import type { Message } from '../../src/core/conversation.ts'
import type { EventPart, Original, Part } from '../../src/core/message.ts'
import { mailClasses } from './classify.ts'

/** The name of the part. */
const partName = 'mail'

export const threadings = ['token', 'references', 'in-reply-to', 'own-mail', 'new'] as const

const MailFacts = z.object({
  class: z.enum(mailClasses),
  subject: z.string(),
  /** Without brackets. */
  messageId: z.string(),
  references: z.array(z.string()),
  /** The author's address as written; a claim unless `sender` is `verified`. */
  from: z.string(),
  fromName: z.string(),
  /** Where an answer goes, when that is not the author. */
  replyTo: z.string().optional(),
  to: z.array(z.string()),
  cc: z.array(z.string()),
  sender: z.enum(['verified', 'unverified', 'failed']),
  spf: z.string().optional(),
  dkim: z.string().optional(),
  dmarc: z.string().optional(),
  /** How the conversation was found. */
  thread: z.enum(threadings),
  /** False when a token in the address was wrong. */
  tokenValid: z.boolean().optional(),
  /** False when somebody new joined a conversation by its address. */
  participant: z.boolean(),
  /** All words, where the message leaves some out. */
  fullText: z.string().optional(),
  /** What a machine's report said. */
  report: z.string().optional(),
})
export type MailFacts = z.infer<typeof MailFacts>

export const factsPart = (facts: MailFacts, original?: Original): EventPart => ({
  kind: 'event',
  name: partName,
  value: facts.subject,
  data: facts,
  ...(original === undefined ? {} : { original }),
})

const factsIn = (parts: readonly Part[]): MailFacts | undefined => {
  for (const part of parts) {
    if (part.kind !== 'event' || part.name !== partName) continue
    const parsed = MailFacts.safeParse(part.data)
    if (parsed.success) return parsed.data
  }
  return undefined
}

/** The mails of a conversation among its messages, latest first. */
export const mailsOf = (messages: readonly Message[]): readonly MailFacts[] =>
  messages
    .filter(({ direction }) => direction === 'in')
    .flatMap(({ parts }) => factsIn(parts) ?? [])
    .reverse()
