import type { Claim, Decision, Escalation, Message, TicketDraft } from '../core/conversation.ts'
import { textOf, type Part, type PartKind } from '../core/message.ts'
import type { Emotion, Urgency } from '../core/understanding.ts'
import type { TicketsConfig } from './config.ts'
import { promisedTimes } from './promised-times.ts'

/** What a ticket is made of. The decision must be one that calls a person. */
export interface TicketFacts {
  readonly claim: Claim
  readonly decision: Decision
  /** What was said so far, oldest first; the pending messages may be among it. */
  readonly transcript: readonly Message[]
  /** The number the ticket will have. */
  readonly number: number
  readonly now: Date
  readonly policy: TicketsConfig
}

/** Characters of a title and of one line of the summary; how many sayings the summary quotes of each side. */
const maxTitle = 40
const maxLine = 100
const maxQuotes = 10
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
  /^(?:你好|您好|在吗|我|要|请|帮|快|点|给|一下|转接?|找|叫|来|个)*(?:人工|真人|客服|服务)+(?:吧|呢|啊|谢谢)*$/u,
  /^(?:hi|hello|i|want|to|need|an?|please|talk|speak|with|connect|me|real|human|agent|person|operator)+$/i,
]

/** Words that say nothing of the matter: a greeting, a number, a wish for a person. */
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

const attachmentNames: Partial<Readonly<Record<PartKind, string>>> = {
  image: '图片',
  audio: '语音',
  video: '视频',
  file: '文件',
  location: '位置',
  unsupported: '未知类型',
}

const countAttachments = (said: readonly Said[]): string => {
  const counts = new Map<string, number>()
  for (const part of said.filter(({ fromContact }) => fromContact).flatMap(({ parts }) => parts)) {
    const name = attachmentNames[part.kind]
    if (name !== undefined) counts.set(name, (counts.get(name) ?? 0) + 1)
  }
  return [...counts].map(([name, count]) => `${name} ${count}`).join('、')
}

const wordsOfContact = (said: readonly Said[]): readonly string[] =>
  said.filter(({ fromContact, words }) => fromContact && words.trim() !== '').map(({ words }) => words)

/** The newest words that tell the matter, else the newest words, else what was sent, else the reason. */
const titleOf = (said: readonly Said[], reason: string): string => {
  const words = wordsOfContact(said)
  const attachments = countAttachments(said)
  const chosen = words.findLast((text) => !isFiller(text)) ?? words.at(-1)
  return brief(chosen ?? (attachments === '' ? reason : `[${attachments}]`), maxTitle)
}

const emotions: Readonly<Record<Emotion, string>> = {
  neutral: '平静',
  happy: '愉快',
  sad: '难过',
  anxious: '着急',
  angry: '生气',
}
const urgencies: Readonly<Record<Urgency, string>> = { normal: '普通', high: '较急', urgent: '紧急' }

const quoted = (heading: string, texts: readonly string[]): readonly string[] => {
  if (texts.length === 0) return []
  const left = texts.length - maxQuotes
  const shown = texts.slice(-maxQuotes).map((text, place) => `${place + 1}. ${brief(text, maxLine)}`)
  return [left > 0 ? `${heading}（前面还有 ${left} 条）：` : `${heading}：`, ...shown]
}

const moodOf = ({ record: { classification } }: Decision): string => {
  if (classification === undefined) return '未知'
  const { emotion, emotionStrength } = classification
  return emotion === 'neutral' ? emotions.neutral : `${emotions[emotion]}（强度 ${emotionStrength}/3）`
}

/** Why and how it stands first, then what was said, both sides in order. */
const summaryOf = (said: readonly Said[], decision: Decision, escalation: Escalation): string => {
  const answered = said
    .filter(({ fromContact, words }) => !fromContact && words !== '')
    .map(({ words }) => words)
  const answering = decision.say.map((parts) => textOf(parts)).filter((words) => words !== '')
  const attachments = countAttachments(said)
  const { articleId } = decision.record
  return [
    `转人工原因：${escalation.reason}`,
    `情绪：${moodOf(decision)}；紧急程度：${urgencies[escalation.urgency]}`,
    ...(attachments === '' ? [] : [`附件：${attachments}`]),
    ...(articleId === undefined ? [] : [`最近的文章：${articleId}`]),
    ...quoted('联系人说了', wordsOfContact(said)),
    ...quoted('已经回复', [...answered, ...answering]),
  ].join('\n')
}

/**
 * The ticket an escalation opens: title in the contact's words, a summary for the agent, kind and priority as the
 * dialogue decided, promised times by the policy. Pure. Throws when the decision calls no person.
 */
export const draftTicket = (facts: TicketFacts): TicketDraft => {
  const { escalation } = facts.decision
  if (escalation === undefined) throw new Error('a ticket needs a decision that calls a person')
  const { kind, topic, urgency, reason } = escalation
  const said = dialogueOf(facts)
  return {
    number: facts.number,
    kind,
    topic,
    priority: urgency,
    title: titleOf(said, reason),
    summary: summaryOf(said, facts.decision, escalation),
    reason,
    ...promisedTimes(urgency, facts.now, facts.policy),
  }
}
