import type {
  Claim,
  Decision,
  Escalation,
  Message,
  Quotes,
  TicketBrief,
  TicketDraft,
} from '../core/conversation.ts'
import { textOf, type ChannelName, type Part, type PartKind } from '../core/message.ts'
import { findEntities } from '../text/index.ts'
import type { PromiseTimes } from '../core/promise.ts'
import { describeTicket } from './describe-ticket.ts'

/** What a ticket is made of. The decision must be one that calls a person. */
export interface TicketFacts {
  readonly claim: Claim
  readonly decision: Decision
  /** What was said so far, oldest first; the pending messages may be among it. */
  readonly transcript: readonly Message[]
  /** The number the ticket will have. */
  readonly number: number
  readonly now: Date
  readonly channel: ChannelName
  readonly promise: PromiseTimes
}

/** Characters of a title and of one line of the summary; how many sayings the summary quotes of each side. */
const maxTitle = 40
const maxLine = 100
const maxQuotes = 10
/** Most things named in a brief. */
const maxThings = 12
/** UTF-16 units that are looked at for one character: emoji families take eleven, heaps of accents any number. */
const unitsPerCharacter = 12

const graphemes = new Intl.Segmenter('zh', { granularity: 'grapheme' })

/** The beginning of a text on one line, in characters as a reader counts them. */
const brief = (text: string, max: number): string => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (line.length <= max) return line
  const head = line.slice(0, max * unitsPerCharacter)
  const characters = Array.from(graphemes.segment(head), ({ segment }) => segment)
  if (head === line && characters.length <= max) return line
  // Where the head was cut, its last character may be half of one.
  return `${characters.slice(0, Math.min(max, characters.length) - 1).join('')}…`
}

const fillers: readonly RegExp[] = [
  /^(?:请|麻烦|等|有(?:了)?(?:进展|消息|结果)|(?:修|弄)?好|恢复|解决|了|再|就|一下|一声|告诉|通知|叫|回复|我|吧|谢谢)+$/u,
  /^(?:please)?(?:notifyme|letmeknow|keepmeposted|stopupdates)(?:please)?$/i,
  /^(?:你好|您好|在吗|我|要|请|帮|快|点|给|一下|转接?|找|叫|来|个)*(?:人工|真人|客服|服务)+(?:吧|呢|啊|谢谢)*$/u,
  /^(?:hi|hello|i|want|to|need|an?|please|talk|speak|with|connect|me|real|human|agent|person|operator)+$/i,
]

/** Words that say nothing of the matter: a greeting, a number, a wish for a person, or to hear how it goes on. */
const isFiller = (text: string): boolean => {
  const bare = text.replace(/[\s\p{P}\p{S}]/gu, '')
  return bare.length < 4 || (bare.length <= 60 && fillers.some((pattern) => pattern.test(bare)))
}

interface Said {
  readonly fromContact: boolean
  readonly words: string
  readonly parts: readonly Part[]
}

/** The conversation with what is pending, each message once. */
const dialogueOf = ({ claim, transcript }: TicketFacts): readonly Said[] => {
  const pending = new Set(claim.pending.map(({ id }) => id))
  const stored = transcript
    .filter(({ id, direction }) => !pending.has(id) && (direction === 'in' || direction === 'out'))
    .filter(({ delivery }) => delivery?.status !== 'withdrawn')
    .map(({ direction, parts }) => ({ fromContact: direction === 'in', parts, words: textOf(parts) }))
  const latest = claim.pending.map(({ parts }) => ({ fromContact: true, parts, words: textOf(parts) }))
  return [...stored, ...latest]
}

/** Kinds worth naming when they are all there is, or beside the words. */
const countedKinds: readonly PartKind[] = ['image', 'audio', 'video', 'file', 'location', 'unsupported']

const countAttachments = (said: readonly Said[]): TicketBrief['attachments'] => {
  const counts = new Map<PartKind, number>()
  for (const { kind } of said.filter(({ fromContact }) => fromContact).flatMap(({ parts }) => parts))
    if (countedKinds.includes(kind)) counts.set(kind, (counts.get(kind) ?? 0) + 1)
  return [...counts].map(([kind, count]) => ({ kind, count }))
}

/** What agents look up first: each thing the contact named, once, the newest last. */
const thingsNamed = (words: readonly string[]): NonNullable<TicketBrief['entities']> => {
  const found = words.flatMap((text) => findEntities(text)).map(({ kind, value }) => ({ kind, value }))
  return [...new Map(found.map((entity) => [`${entity.kind} ${entity.value}`, entity])).values()].slice(
    -maxThings,
  )
}

const wordsOfContact = (said: readonly Said[]): readonly string[] =>
  said.filter(({ fromContact, words }) => fromContact && words.trim() !== '').map(({ words }) => words)

const quote = (texts: readonly string[]): Quotes => ({
  earlier: Math.max(0, texts.length - maxQuotes),
  lines: texts.slice(-maxQuotes).map((text) => brief(text, maxLine)),
})

/** What there is to say about it, in no language yet. */
const briefOf = (said: readonly Said[], decision: Decision, escalation: Escalation): TicketBrief => {
  const words = wordsOfContact(said)
  // The newest words that tell the matter, else the newest words.
  const title = words.findLast((text) => !isFiller(text)) ?? words.at(-1)
  const answered = said
    .filter(({ fromContact, words: answer }) => !fromContact && answer !== '')
    .map(({ words: answer }) => answer)
  const answering = decision.say.map((parts) => textOf(parts)).filter((answer) => answer !== '')
  const { articleId, classification } = decision.record
  const entities = thingsNamed(words)
  return {
    reason: escalation.reason,
    ...(title === undefined ? {} : { title: brief(title, maxTitle) }),
    urgency: escalation.urgency,
    ...(classification === undefined
      ? {}
      : { mood: { emotion: classification.emotion, strength: classification.emotionStrength } }),
    attachments: countAttachments(said),
    ...(articleId === undefined ? {} : { articleId }),
    ...(entities.length === 0 ? {} : { entities }),
    ...(decision.form === undefined ? {} : { forms: [decision.form] }),
    said: quote(words),
    answered: quote([...answered, ...answering]),
  }
}

/**
 * The ticket an escalation opens: title in the contact's words, a summary for the agent, kind and priority as the
 * dialogue decided, times as they are promised. Pure. Throws when the decision calls no person.
 */
export const draftTicket = (facts: TicketFacts): TicketDraft => {
  const { escalation } = facts.decision
  if (escalation === undefined) throw new Error('a ticket needs a decision that calls a person')
  const { kind, topic, urgency } = escalation
  const { claim, channel, promise, now } = facts
  const tier = claim.tier === undefined ? {} : { tier: claim.tier }
  const told = briefOf(dialogueOf(facts), facts.decision, escalation)
  return {
    number: facts.number,
    kind,
    topic,
    priority: urgency,
    ...describeTicket(told, 'zh'),
    brief: told,
    ...promise({ kind, priority: urgency, channel, ...tier }, now),
  }
}
