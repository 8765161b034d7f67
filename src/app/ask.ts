import { randomUUID } from 'node:crypto'
import { z } from 'zod'
import { buildCalendars } from '../calendar/index.ts'
import type { Config } from '../config.ts'
import type { Capabilities } from '../core/capabilities.ts'
import { initialDialogue, type Claim, type Decision, type DecisionKind } from '../core/conversation.ts'
import type { Dialogue } from '../core/dialogue.ts'
import type { ModelHelp } from '../core/model-help.ts'
import type { PromiseTimes } from '../core/promise.ts'
import { TongdaError } from '../core/errors.ts'
import { textOf, type ChannelName } from '../core/message.ts'
import type { Spoken } from '../core/understanding.ts'
import { createDialogue } from '../dialogue/index.ts'
import { render } from '../outbox/index.ts'
import { createPromiseTimes } from '../promises/index.ts'
import { decideWithHelp, startTime } from '../router/index.ts'
import { findCalendar } from './calendars.ts'
import type { Content } from './content.ts'
import { createServiceHours } from './service-hours.ts'

/** Channels by name. */
export const channelNames = [
  'wechat',
  'wecom',
  'weibo',
  'email',
  'web',
  'telegram',
  'botframework',
  'wechaty',
  'api',
] as const

/** One question. Lines of the same `conversation` remember each other; without it each stands alone. */
export const Question = z.strictObject({
  text: z.string().max(20_000),
  conversation: z.string().min(1).max(200).optional(),
  channel: z.enum(channelNames).default('web'),
})
export type Question = z.infer<typeof Question>

/** What the bot makes of a question. */
export interface Answer {
  readonly text: string
  readonly kind: DecisionKind
  /** The rule that fired, e.g. `clarify`. */
  readonly rule: string
  /** Why, as codes. */
  readonly reasons: readonly string[]
  readonly article: string | null
  /** All articles that it gives, or is written from. */
  readonly articles: readonly string[]
  readonly topic: string
  readonly intent: string
  readonly confidence: number
  readonly candidates: readonly { readonly article: string; readonly topic: string; readonly score: number }[]
  readonly urgency: string
  readonly emotion: string
  readonly language: string
  /** What the reply is written in. */
  readonly spoken: Spoken
  readonly reply: string
  readonly ms: number
}

/** Reads one line of JSON. Throws `bad_input` naming the line. */
export const parseQuestion = (line: string, number: number): Question => {
  try {
    return Question.parse(JSON.parse(line))
  } catch (error) {
    const why = error instanceof z.ZodError ? z.prettifyError(error) : 'not JSON'
    throw new TongdaError(
      'bad_input',
      `line ${String(number)}: ${why}; write {"text": "…", "conversation": "a", "channel": "wechat"}, the last two optional`,
    )
  }
}

/** What shows text alone, as long as an agent may write. */
export const plain: Capabilities = {
  text: { max: 4_000, unit: 'characters', markup: 'plain' },
  parts: ['text'],
  choices: { style: 'numbered', max: 10 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: false,
  sendsPerSecond: 1,
}

/** An article's answer as plain text. */
export const plainText = (answer: string): string =>
  render([{ kind: 'text', text: answer }], plain)
    .map((part) => textOf([part]))
    .join('\n\n')

/** With four decimals. */
export const round = (value: number): number => Math.round(value * 10_000) / 10_000

// There is no ticket behind a question asked here; the text names the first number there will be.
const exampleTicket = 1_001

const articlesIn = ({ record: { articleId }, dialogue: { given } }: Decision): readonly string[] =>
  given ?? (articleId === undefined ? [] : [articleId])

const spokenIn = ({ dialogue, record }: Decision): Spoken =>
  dialogue.spoken ?? (record.classification?.language === 'en' ? 'en' : 'zh')

const toAnswer = (text: string, decision: Decision, reply: string, ms: number): Answer => {
  const { kind, rule, reasons, articleId, classification } = decision.record
  return {
    text,
    ...{ kind, rule },
    reasons: reasons.map((one) => (typeof one === 'string' ? one : one.code)),
    article: articleId ?? null,
    articles: articlesIn(decision),
    topic: classification?.topic ?? 'vague',
    intent: classification?.intent ?? '',
    confidence: round(classification?.confidence ?? 0),
    candidates: (classification?.candidates ?? []).map((candidate) => ({
      article: candidate.articleId,
      topic: candidate.topic,
      score: round(candidate.score),
    })),
    urgency: classification?.urgency ?? 'normal',
    emotion: classification?.emotion ?? 'neutral',
    language: classification?.language ?? 'zh',
    spoken: spokenIn(decision),
    reply,
    ms,
  }
}

/** Here an inbox is called like its channel. */
const channelOf = (inboxId: string): ChannelName => channelNames.find((name) => name === inboxId) ?? 'api'

/** A conversation that lives in memory only. */
const freshClaim = (conversation: string, channel: ChannelName): Claim => ({
  conversationId: conversation,
  fence: 1,
  inboxId: channel,
  contactId: conversation,
  mode: 'bot',
  dialogue: initialDialogue,
  pending: [],
})

/** What is said and, when a person is asked for, what the contact hears about that. */
const speak = (
  dialogue: Dialogue,
  promise: PromiseTimes | undefined,
  claim: Claim,
  decision: Decision,
): string => {
  const now = new Date()
  const { escalation } = decision
  const notice =
    escalation === undefined || promise === undefined
      ? []
      : dialogue.announce({
          escalation,
          ticketNumber: exampleTicket,
          firstReplyDueAt: promise(
            { kind: escalation.kind, priority: escalation.urgency, channel: channelOf(claim.inboxId) },
            now,
          ).firstReplyDueAt,
          now,
          again: claim.ticket !== undefined,
          language: escalation.language ?? spokenIn(decision),
        })
  return render([...decision.say.flat(), ...notice, ...(decision.after ?? [])], plain)
    .map((part) => textOf([part]))
    .join('\n\n')
}

const hear = (claim: Claim, channel: ChannelName, text: string): Claim => ({
  ...claim,
  inboxId: channel,
  pending: [
    {
      id: String(claim.fence),
      seq: claim.fence,
      parts: [{ kind: 'text', text }],
      sentAt: new Date(),
      wantsReply: true,
      mayContinue: true,
    },
  ],
})

const after = (claim: Claim, { dialogue, escalation }: Decision): Claim => ({
  ...claim,
  fence: claim.fence + 1,
  dialogue,
  ...(escalation === undefined
    ? {}
    : { mode: 'human', ticket: { id: claim.conversationId, number: exampleTicket, state: 'new' } }),
})

/** How the bot is asked. */
export interface AskOptions {
  /** The reply names a person that is called, with a ticket number as an example. Default true. */
  readonly announces?: boolean
  /** A language model is asked where it would be in a conversation. Absent: none is. */
  readonly help?: ModelHelp | undefined
  /** How conversations stand, by their name. Default: an empty one. */
  readonly memory?: Map<string, Claim>
}

/** Asks the bot without a database: the same understanding, rules and words as in a conversation. */
export const createAsk = (
  config: Config,
  content: Content,
  { announces = true, help, memory: claims = new Map<string, Claim>() }: AskOptions = {},
): ((question: Question) => Promise<Answer>) => {
  // As configured: what was imported stands in the database.
  const all = buildCalendars(config.calendars, [])
  const calendars = { get: (name: string) => findCalendar(all, name), list: () => all }
  const dialogue = createDialogue({
    knowledge: () => content.knowledge(),
    forms: () => content.forms(),
    ...(config.feedback.collect ? { suggestions: () => content.suggestions() } : {}),
    replies: content.replies,
    channelOf,
    config: config.dialogue,
    hours: createServiceHours(config, calendars),
    thresholds: () => content.thresholds(),
  })
  const promise = announces ? createPromiseTimes(config.promises, calendars) : undefined
  return async ({ text, conversation = randomUUID(), channel }) => {
    const startedAt = performance.now()
    const claim = hear(claims.get(conversation) ?? freshClaim(conversation, channel), channel, text)
    const left = startTime(claim)
    const heard = dialogue.hear(claim)
    const understood = heard === undefined ? undefined : await content.understand(heard.text, heard.context)
    const input = { claim, understood, now: new Date() }
    const decision = await decideWithHelp({ dialogue, help }, input, left)
    const reply = speak(dialogue, promise, claim, decision)
    claims.set(conversation, after(claim, decision))
    return toAnswer(text, decision, reply, round(performance.now() - startedAt))
  }
}
