import type { Clock } from '../core/clock.ts'
import type { EventLog, EventPlace, LoggedEvent } from '../core/event-log.ts'
import type { RecogniseSuggestions } from '../core/feedback.ts'
import { textOf } from '../core/message.ts'
import { readOn } from '../core/read-on.ts'
import type {
  Collected,
  CollectedSuggestion,
  FormSuggestion,
  HeardMessage,
  PublicLanguage,
  SuggestionIntake,
} from '../core/suggestions.ts'

export interface CollectorOptions {
  readonly events: Pick<EventLog, 'read'>
  readonly intake: SuggestionIntake
  readonly recognise: () => RecogniseSuggestions
  readonly languageOf: (text: string) => PublicLanguage
  /** Takes out of a text what tells who wrote it. */
  readonly mask: (text: string) => string
  readonly clock: Clock
}

const atOnce = 500
/** A message that nobody has thought about for so long is read as it is: one must not hold up all others. */
const patienceMs = 600_000
/** Of a form's answer so much is kept as one suggestion. */
const mostLetters = 500

const idOf = ({ data }: LoggedEvent): string => (typeof data.messageId === 'string' ? data.messageId : '')
const isForm = ({ type, data }: LoggedEvent): boolean => type === 'ticket.opened' && data.kind === 'feedback'

/** What a form asked for is the form's; what began one was said freely. */
const isFormAnswer = ({ decision }: HeardMessage): boolean =>
  decision?.kind === 'collect' && decision.rule !== 'form-start'

/** Whether the bot found nothing to say to it, so that what may be a suggestion was one. */
const wentUnanswered = ({ decision }: HeardMessage): boolean => decision?.kind === 'clarify'

/** Up to the first that the bot is still about to think of. */
const settledPart = (
  events: readonly LoggedEvent[],
  messages: ReadonlyMap<string, HeardMessage>,
  now: Date,
): readonly LoggedEvent[] => {
  const waits = events.findIndex((event) => {
    const message = messages.get(idOf(event))
    return message?.isPending === true && now.getTime() - message.receivedAt.getTime() < patienceMs
  })
  return waits < 0 ? events : events.slice(0, waits)
}

const fromMessage = (
  message: HeardMessage,
  { recognise, languageOf }: CollectorOptions,
): readonly CollectedSuggestion[] => {
  if (!message.wantsReply || isFormAnswer(message)) return []
  const { messageId, conversationId, saidAt } = message
  return recognise()
    .suggestionsIn(textOf(message.parts))
    .filter(({ isSure }) => isSure || wentUnanswered(message))
    .map(({ sentence, cues }, at) => ({
      ...{ sentence, cues, conversationId, saidAt },
      language: languageOf(sentence),
      from: { messageId, ordinal: at + 1 },
    }))
}

const fromForm = (
  { ticketId, conversationId, saidAt, text }: FormSuggestion,
  { languageOf, mask }: CollectorOptions,
): CollectedSuggestion => {
  const sentence = mask(text.slice(0, mostLetters)).trim()
  const from = { ticketId }
  return { sentence, cues: ['form'], conversationId, saidAt, language: languageOf(sentence), from }
}

const collect = async (
  read: readonly LoggedEvent[],
  before: EventPlace,
  options: CollectorOptions,
): Promise<Collected | undefined> => {
  const { intake, clock, recognise } = options
  const ids = read.filter(({ type }) => type === 'message.received').map(idOf)
  const heard = new Map((await intake.messages(ids)).map((message) => [message.messageId, message]))
  const events = settledPart(read, heard, clock.now())
  const last = events.at(-1)
  if (last === undefined) return undefined
  const messages = events.flatMap((event) => heard.get(idOf(event)) ?? [])
  const tickets = events.filter(isForm).flatMap(({ ticketId }) => ticketId ?? [])
  const forms = tickets.length === 0 ? [] : await intake.forms(tickets)
  return {
    before,
    after: last.id,
    suggestions: [
      ...messages.flatMap((message) => fromMessage(message, options)),
      ...forms.map((form) => fromForm(form, options)).filter(({ sentence }) => sentence !== ''),
    ],
    refusals: messages
      .filter(({ parts }) => recognise().saysStop(textOf(parts)))
      .map(({ messageId, conversationId }) => ({ messageId, conversationId })),
  }
}

/**
 * Reads on in the log what contacts wrote, and keeps what they suggest. Where it was broken off it goes on: what is kept
 * and how far was read take effect together.
 */
export const createCollector =
  (options: CollectorOptions) =>
  /** Gives how many suggestions were kept. */
  (signal: AbortSignal): Promise<number> => {
    const { events, intake, clock } = options
    return readOn(
      {
        ...{ events, types: ['message.received', 'ticket.opened'] },
        ...{ limit: atOnce, place: () => intake.place() },
        take: async (read, before) => {
          const collected = await collect(read, before, options)
          return collected === undefined ? undefined : (await intake.keep(collected, clock.now()))?.length
        },
      },
      signal,
    )
  }
