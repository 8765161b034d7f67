import type { Message } from '../../src/core/conversation.ts'
import { textOf } from '../../src/core/message.ts'
import type { Part } from '../../src/core/message.ts'
import type { TranscriptContent, TranscriptEntry } from '../wechat/index.ts'

/** One thing the contact said or did, with everything that became of it. */
export interface Step {
  readonly messageId: string
  readonly conversationId: string
  readonly at: Date
  readonly said: string
  readonly kind: Part['kind']
  readonly decision?: Message['decision']
  readonly replies: readonly StepReply[]
  /** Tickets named in what followed. */
  readonly tickets: readonly string[]
  /** The line in the phone that this was, where one is known. */
  readonly entryId?: number
}

/** What was said back, as the product recorded it. */
export interface StepReply {
  readonly at: Date
  readonly author: Message['author']
  readonly agentName?: string
  readonly said: string
  readonly delivery?: Message['delivery']
}

/** Groups a thread by what the contact said, latest first. `lines` are the contact's own in the phone. */
export const toSteps = (messages: readonly Message[], lines: readonly TranscriptEntry[]): readonly Step[] => {
  const free = new Set(lines)
  const threads = new Set(messages.map(({ conversationId }) => conversationId))
  return [...threads]
    .flatMap((id) =>
      stepsOf(
        messages.filter(({ conversationId }) => conversationId === id),
        free,
      ),
    )
    .sort((one, other) => other.at.getTime() - one.at.getTime())
}

const stepsOf = (messages: readonly Message[], free: Set<TranscriptEntry>): readonly Step[] => {
  const inOrder = [...messages].sort((one, other) => one.seq - other.seq)
  const starts = inOrder.flatMap((message, index) => (message.direction === 'in' ? [index] : []))
  return starts
    .map((start, position) => {
      const message = inOrder[start]
      const following = inOrder.slice(start + 1, starts[position + 1] ?? inOrder.length)
      return message === undefined ? undefined : toStep(message, following, takeLine(message, free))
    })
    .filter((step) => step !== undefined)
    .reverse()
}

const toStep = (
  message: Message,
  following: readonly Message[],
  line: TranscriptEntry | undefined,
): Step => ({
  messageId: message.id,
  conversationId: message.conversationId,
  at: message.createdAt,
  said: shownText(message.parts),
  kind: message.parts[0]?.kind ?? 'text',
  replies: following.filter((each) => each.direction === 'out').map(toReply),
  tickets: ticketNumbers(following),
  ...(message.decision === undefined ? {} : { decision: message.decision }),
  ...(line === undefined ? {} : { entryId: line.id }),
})

const toReply = (message: Message): StepReply => ({
  at: message.createdAt,
  author: message.author,
  said: shownText(message.parts),
  ...(message.agentName === undefined ? {} : { agentName: message.agentName }),
  ...(message.delivery === undefined ? {} : { delivery: message.delivery }),
})

const ticketNumbers = (messages: readonly Message[]): readonly string[] => {
  const texts = messages.flatMap((message) => message.parts.map((part) => JSON.stringify(part)))
  return [...new Set(texts.flatMap((text) => text.match(/\bT-\d+\b/g) ?? []))]
}

const shownText = (parts: readonly Part[]): string => {
  const text = textOf(parts)
  if (text !== '') return text
  const [part] = parts
  return part?.kind === 'event' ? (part.value ?? part.name) : ''
}

const sameMomentMs = 30_000

/** Which kind of part a phone line becomes. */
const partKind: Readonly<Partial<Record<TranscriptContent['kind'], Part['kind']>>> = { voice: 'audio' }

/**
 * The phone line an inbound message was: the message log carries no provider id, so the closest unclaimed line
 * of the same kind and wording within thirty seconds is taken.
 */
const takeLine = (message: Message, free: Set<TranscriptEntry>): TranscriptEntry | undefined => {
  const distance = (line: TranscriptEntry): number =>
    Math.abs(line.at.getTime() - message.createdAt.getTime())
  const fits = [...free]
    .filter((line) => distance(line) <= sameMomentMs && resembles(message, line.content))
    .sort((one, other) => distance(one) - distance(other))
  const [line] = fits
  if (line !== undefined) free.delete(line)
  return line
}

const resembles = (message: Message, content: TranscriptContent): boolean => {
  const kinds = message.parts.map((part) => part.kind)
  if (content.kind === 'text') {
    // A click on a menu entry arrives as text and is stored as an event.
    return textOf(message.parts).trim() === content.text.trim() || kinds.includes('event')
  }
  return kinds.some((kind) => kind === (partKind[content.kind] ?? content.kind))
}
