import { v7 as uuid } from 'uuid'
import {
  pastAgents,
  pastQuestions,
  pastStories,
  type PastAgent,
  type PastStory,
} from '../../sandbox/index.ts'
import type { Agent } from '../core/agent.ts'
import type { DecisionRecord, TicketBrief } from '../core/conversation.ts'
import type { Part } from '../core/message.ts'
import type { PastChange, PastKeeper, PastMessage, PastTicket } from '../core/past.ts'
import type { PromisedTimes } from '../core/promise.ts'
import { announce } from '../dialogue/index.ts'
import { describeTicket } from '../tickets/index.ts'
import { decideStory } from './demo-bot.ts'
import type { PastParts } from './demo-parts.ts'
import { madeUpKey, pastTalks } from './demo-talks.ts'
import { beginOf, timesOf } from './demo-times.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
/** From the last word to an agent's claim that it is settled, and from there to the contact's rating. */
const solvingMs = 10 * minuteMs
const ratingMs = 25 * minuteMs

const agentId = (agent: PastAgent): string => `demo-${agent}`

/** The agents of the demo brand. */
export const demoAgents: readonly Agent[] = (['liran', 'wangke'] as const).map((word) => ({
  id: agentId(word),
  ...pastAgents[word],
}))

const speakers = {
  user: { direction: 'in', author: 'contact' },
  bot: { direction: 'out', author: 'bot' },
  calls: { direction: 'out', author: 'bot' },
  agent: { direction: 'out', author: 'agent' },
  note: { direction: 'note', author: 'agent' },
} as const

const isEnglish = (text: string): boolean => !/\p{Script=Han}/u.test(text)

/** A story with its moments and its number. */
interface Told {
  readonly story: PastStory
  readonly number: number
  readonly times: readonly Date[]
  readonly openedAt: Date
  readonly promised: PromisedTimes
}

const tell = (story: PastStory, { config, clock, promise }: PastParts): Omit<Told, 'number'> => {
  const times = timesOf(
    story.lines.map((line) => (line[0] === 'calls' ? line[1] : line[2])),
    beginOf(story.began, clock.now(), config.dialogue.timezone),
  )
  const openedAt = times[story.lines.findIndex(([who]) => who === 'calls')] ?? clock.now()
  const { kind, priority = 'normal', channel } = story
  return { story, times, openedAt, promised: promise({ kind, priority, channel }, openedAt) }
}

/** What the bot says when it hands over. */
const handsOver = ({ story, number, openedAt, promised }: Told, { config, hours }: PastParts) =>
  announce(
    {
      escalation: {
        ...{ reason: story.reason, topic: story.topic, kind: story.kind },
        urgency: story.priority ?? 'normal',
      },
      ...{ ticketNumber: number, firstReplyDueAt: promised.firstReplyDueAt, now: openedAt, again: false },
      language: isEnglish(story.title) ? 'en' : 'zh',
    },
    config.dialogue,
    hours,
  )

type Decisions = ReadonlyMap<number, DecisionRecord>

const messagesOf = (told: Told, decisions: Decisions, parts: PastParts): readonly PastMessage[] =>
  told.story.lines.map((line, place) => {
    const [who] = line
    const { agent, channel } = told.story
    const speaker = speakers[who]
    const said: readonly Part[] = who === 'calls' ? handsOver(told, parts) : [{ kind: 'text', text: line[1] }]
    const decision = decisions.get(place)
    return {
      id: uuid(),
      ...speaker,
      ...(speaker.author === 'agent' && agent !== undefined ? { agentId: agentId(agent) } : {}),
      parts: said,
      at: told.times[place] ?? told.openedAt,
      ...(decision === undefined ? {} : { decision }),
      ...(speaker.direction === 'out'
        ? { rendered: parts.compose(parts.inboxOf(channel), said, speaker.author).rendered }
        : {}),
    }
  })

const quote = (messages: readonly PastMessage[], author: PastMessage['author'], until: Date) => ({
  earlier: 0,
  lines: messages
    .filter((message) => message.author === author && message.at < until)
    .flatMap(({ parts }) => parts.flatMap((part) => (part.kind === 'text' ? [part.text] : []))),
})

const angryMood = { emotion: 'angry', strength: 0.86 } as const

const briefOf = ({ story, openedAt }: Told, messages: readonly PastMessage[]): TicketBrief => ({
  ...{ reason: story.reason, title: story.title, urgency: story.priority ?? 'normal', attachments: [] },
  ...(story.reason.code === 'angry' ? { mood: angryMood } : {}),
  said: quote(messages, 'contact', openedAt),
  answered: quote(messages, 'bot', openedAt),
})

/** Moments that the states of a ticket left behind. */
const momentsOf = ({ story, times, openedAt }: Told, messages: readonly PastMessage[], parts: PastParts) => {
  const replied = messages.find(({ author, direction }) => author === 'agent' && direction === 'out')
  const last = times.at(-1) ?? openedAt
  const solvedAt = new Date(last.getTime() + solvingMs)
  const closedAt = new Date(solvedAt.getTime() + parts.config.tickets.reopenHours * hourMs)
  const isSolved = story.state === 'solved'
  return {
    ...(replied === undefined ? {} : { firstRepliedAt: replied.at }),
    ...(isSolved ? { solvedAt } : {}),
    ...(isSolved && closedAt <= parts.clock.now() ? { closedAt } : {}),
    last,
  }
}

type Moments = ReturnType<typeof momentsOf>

const changeOf = (message: PastMessage): PastChange['change'] =>
  message.direction === 'in' ? 'contact-wrote' : message.direction === 'note' ? 'noted' : 'replied'

const historyOf = (
  { story, openedAt }: Told,
  messages: readonly PastMessage[],
  moments: Moments,
  brief: TicketBrief,
): readonly PastChange[] => {
  const by = story.agent === undefined ? {} : { agentId: agentId(story.agent) }
  const later = messages.filter(({ at }) => at > openedAt)
  const touched = later.find(({ author }) => author === 'agent')
  const { solvedAt, closedAt, last } = moments
  const none = {}
  const lines: readonly (PastChange | undefined)[] = [
    { at: openedAt, actor: 'bot', change: 'opened', detail: { brief } },
    touched && {
      at: new Date(touched.at.getTime() - 1_000),
      actor: 'agent',
      ...by,
      change: 'taken',
      detail: none,
    },
    ...later.map((message): PastChange => ({
      at: message.at,
      actor: message.author,
      ...(message.agentId === undefined ? {} : { agentId: message.agentId }),
      change: changeOf(message),
      detail: { messageId: message.id },
    })),
    story.state === 'on_hold'
      ? { at: last, actor: 'agent', ...by, change: 'held', detail: { reason: story.holdReason } }
      : undefined,
    solvedAt && { at: solvedAt, actor: 'agent', ...by, change: 'solved', detail: none },
    closedAt && { at: closedAt, actor: 'system', change: 'closed', detail: none },
  ]
  return lines.filter((line) => line !== undefined)
}

const toTicket = async (told: Told, parts: PastParts): Promise<PastTicket> => {
  const { story, number, openedAt, promised, times } = told
  const { channel, kind, topic, priority = 'normal', tags = [], score } = story
  const ids = { id: uuid(), conversationId: uuid(), contactId: uuid() }
  const { id, ...of } = ids
  const thread = { ...of, inboxId: parts.inboxOf(channel) }
  const decisions = await decideStory(parts.bot, story, thread, { times, ticket: { id, number } })
  const messages = messagesOf(told, decisions, parts)
  const brief = briefOf(told, messages)
  const moments = momentsOf(told, messages, parts)
  const { last, ...reached } = moments
  const { solvedAt, closedAt } = moments
  const key = story.address ?? madeUpKey(channel, String(number).padStart(8, '0'))
  return {
    ...{
      id,
      number,
      messages,
      brief,
      kind,
      topic,
      priority,
      tags,
      openedAt,
      ...promised,
      ...reached,
    },
    ...describeTicket(brief, 'zh'),
    contact: { id: thread.contactId, name: story.contact, key },
    conversation: { id: thread.conversationId, channel, inboxId: thread.inboxId, threadKey: key },
    state: closedAt === undefined ? story.state : 'closed',
    ...(story.holdReason === undefined ? {} : { holdReason: story.holdReason }),
    ...(story.agent === undefined ? {} : { assigneeId: agentId(story.agent) }),
    updatedAt: closedAt ?? solvedAt ?? last,
    history: historyOf(told, messages, moments, brief),
    ...(score === undefined || solvedAt === undefined
      ? {}
      : { rating: { score, at: new Date(solvedAt.getTime() + ratingMs) } }),
  }
}

/** Gives a demo that has just begun two weeks of work done, so that desk and reports have something to show. */
export const beginPast = async (keeper: PastKeeper, parts: PastParts): Promise<void> => {
  const numbers = await keeper.numbers(pastStories.length)
  const told = pastStories
    .map((story) => tell(story, parts))
    .sort((one, other) => one.openedAt.getTime() - other.openedAt.getTime())
  const tickets: PastTicket[] = []
  for (const [place, each] of told.entries())
    tickets.push(await toTicket({ ...each, number: numbers[place] ?? 0 }, parts))
  await keeper.begin({ agents: demoAgents, tickets, talks: await pastTalks(pastQuestions, parts) })
}
