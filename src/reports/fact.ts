import type { ChannelName } from '../core/message.ts'
import type {
  CaseFact,
  FactTicket,
  FailureFact,
  ReplyFact,
  SessionFact,
  SuggestionFact,
  SurveyFact,
  TicketFact,
} from '../core/report.ts'

export type FactKind =
  'session' | 'ticket' | 'solving' | 'survey' | 'reply' | 'failure' | 'case' | 'suggestion'

/** What is true of a fact. `judged`: time enough has passed to say whether the mark beside it is. */
export type Mark =
  | 'asked'
  | 'answered'
  | 'handed-off'
  | 'unhelpful'
  | 'solved'
  | 'judged-strict'
  | 'strict'
  | 'replied'
  | 'judged-day'
  | 'within-day'
  | 'scored'
  | 'satisfied'
  | 'failed'
  | 'window-missed'
  | 'decided'
  | 'judged-due'
  | 'in-time'
  | 'appealed'
  | 'open'

export type Dimension = 'channel' | 'topic' | 'agent' | 'hour' | 'code' | 'theme' | 'case-kind' | 'verdict'

/** One thing that numbers count, whatever it is. */
export interface Fact {
  readonly kind: FactKind
  readonly id: string
  /** By this it belongs to a span. */
  readonly at: Date
  readonly by: Readonly<Partial<Record<Dimension, string>>>
  readonly marks: ReadonlySet<Mark>
  readonly channel?: ChannelName
  readonly conversationId?: string
  readonly ticket?: FactTicket
  readonly seconds?: number
}

const secondMs = 1_000
const hourMs = 3_600_000
const dayMs = 24 * hourMs
/** Who comes back within this was not helped for good. */
const repeatMs = 72 * hourMs

const marksOf = (marks: Readonly<Partial<Record<Mark, boolean>>>): ReadonlySet<Mark> =>
  new Set((Object.keys(marks) as Mark[]).filter((mark) => marks[mark] === true))

const weekdays = ['Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat', 'Sun']

/** The hour of the week in a zone: `1-09` is Monday, nine o'clock. */
const hourReader = (zone: string): ((at: Date) => string) => {
  const format = new Intl.DateTimeFormat('en-US', {
    ...{ timeZone: zone, weekday: 'short', hour: '2-digit', hourCycle: 'h23' },
  })
  const known = new Map<number, string>()
  // Offsets are whole quarters of an hour, so that all of one lie in the same hour.
  const quarterMs = hourMs / 4
  return (at) => {
    const quarter = Math.floor(at.getTime() / quarterMs)
    const before = known.get(quarter)
    if (before !== undefined) return before
    const parts = new Map(format.formatToParts(quarter * quarterMs).map(({ type, value }) => [type, value]))
    const day = weekdays.indexOf(parts.get('weekday') ?? '') + 1
    const hour = `${String(day)}-${parts.get('hour') ?? ''}`
    known.set(quarter, hour)
    return hour
  }
}

/** Sessions after which the same contact began another within three days. */
const repeatedIn = (sessions: readonly SessionFact[]): ReadonlySet<string> => {
  const begun = new Map<string, SessionFact[]>()
  for (const session of sessions)
    begun.set(session.contactId, [...(begun.get(session.contactId) ?? []), session])
  const repeated = sessions.filter(({ id, contactId, startedAt, endedAt }) =>
    (begun.get(contactId) ?? []).some(
      (other) =>
        other.id !== id &&
        other.asked &&
        other.startedAt > startedAt &&
        other.startedAt.getTime() <= endedAt.getTime() + repeatMs,
    ),
  )
  return new Set(repeated.map(({ id }) => id))
}

const placed = ({
  conversationId,
  channel,
  ticket,
}: Pick<SessionFact, 'conversationId' | 'channel' | 'ticket'>) => ({
  ...{ conversationId, channel },
  ...(ticket === undefined ? {} : { ticket }),
})

/** What facts are read by. */
export interface Reading {
  readonly zone: string
  readonly now: Date
  /** Milliseconds from one moment to a later one, on the wall or while it is open. */
  readonly elapsed: (from: Date, to: Date) => number
}

/** Sessions as facts; those that follow are needed to know of repetitions. */
export const sessionFacts = (sessions: readonly SessionFact[], { zone, now }: Reading): readonly Fact[] => {
  const repeated = repeatedIn(sessions)
  const hourOf = hourReader(zone)
  return sessions.map((session) => {
    const { id, startedAt, endedAt, topic, asked, answered, unhelpful, handedOff, channel } = session
    const solved = answered && !handedOff
    // What was not solved in the first place needs no waiting.
    const isOver = now.getTime() >= endedAt.getTime() + repeatMs
    const isStrict = solved && !unhelpful && !repeated.has(id)
    return {
      ...{ kind: 'session', id, at: startedAt, ...placed(session) },
      by: { channel, hour: hourOf(startedAt), ...(asked && topic !== undefined ? { topic } : {}) },
      marks: marksOf({
        ...{ asked, answered, solved, unhelpful, 'handed-off': handedOff },
        ...{ 'judged-strict': asked && isOver, strict: isStrict && isOver },
      }),
    }
  })
}

/** Tickets by when they were opened. */
export const ticketFacts = (tickets: readonly TicketFact[], { now, elapsed }: Reading): readonly Fact[] =>
  tickets.map(({ id, number, conversationId, channel, topic, agentId, createdAt, firstRepliedAt }) => {
    const took = elapsed(createdAt, firstRepliedAt ?? now)
    const isReplied = firstRepliedAt !== undefined
    return {
      ...{
        kind: 'ticket',
        id,
        at: createdAt,
        ...placed({ conversationId, channel, ticket: { id, number } }),
      },
      by: { channel, topic, ...(agentId === undefined ? {} : { agent: agentId }) },
      marks: marksOf({
        replied: isReplied,
        'judged-day': isReplied || took > dayMs,
        'within-day': isReplied && took <= dayMs,
      }),
      ...(isReplied ? { seconds: Math.round(took / secondMs) } : {}),
    }
  })

/** The same tickets by when they were solved. */
export const solvingFacts = (tickets: readonly TicketFact[]): readonly Fact[] =>
  tickets.flatMap(({ id, number, conversationId, channel, topic, agentId, solvedAt }) =>
    solvedAt === undefined
      ? []
      : [
          {
            ...{ kind: 'solving' as const, id, at: solvedAt, marks: marksOf({}) },
            ...placed({ conversationId, channel, ticket: { id, number } }),
            by: { channel, topic, ...(agentId === undefined ? {} : { agent: agentId }) },
          },
        ],
  )

/** 4 and 5. */
const satisfiedFrom = 4

export const surveyFacts = (surveys: readonly SurveyFact[]): readonly Fact[] =>
  surveys.map((survey) => ({
    ...{ kind: 'survey', id: survey.id, at: survey.askedAt, ...placed(survey) },
    by: { channel: survey.channel, ...(survey.agentId === undefined ? {} : { agent: survey.agentId }) },
    marks: marksOf({
      scored: survey.score !== undefined,
      satisfied: (survey.score ?? 0) >= satisfiedFrom,
    }),
  }))

export const replyFacts = (replies: readonly ReplyFact[]): readonly Fact[] =>
  replies.map((reply) => ({
    ...{ kind: 'reply', id: `${reply.agentId} ${reply.ticket.id}`, at: reply.at, ...placed(reply) },
    ...{ by: { channel: reply.channel, agent: reply.agentId }, marks: marksOf({}) },
  }))

const windowCodes: readonly string[] = ['window_closed', 'quota_exhausted', 'expired']

export const failureFacts = (failures: readonly FailureFact[]): readonly Fact[] =>
  failures.map((failure) => {
    const isMissed = windowCodes.includes(failure.code)
    return {
      ...{ kind: 'failure', id: failure.id, at: failure.at, ...placed(failure) },
      by: { channel: failure.channel, code: failure.code },
      // What waits for the contact to write again has missed its window, but has not failed.
      marks: marksOf({ failed: failure.status !== 'waiting', 'window-missed': isMissed }),
    }
  })

const ended: readonly string[] = ['decided', 'final', 'withdrawn']

export const caseFacts = (cases: readonly CaseFact[], { now, elapsed }: Reading): readonly Fact[] =>
  cases.map(({ id, kind, state, appealed, createdAt, dueAt, decidedAt, verdict, ...rest }) => ({
    ...{ kind: 'case', id, at: createdAt, ...placed(rest) },
    by: { channel: rest.channel, 'case-kind': kind, ...(verdict === undefined ? {} : { verdict }) },
    marks: marksOf({
      ...{ appealed, open: !ended.includes(state), decided: decidedAt !== undefined },
      'judged-due': decidedAt !== undefined || (!ended.includes(state) && dueAt <= now),
      'in-time': decidedAt !== undefined && decidedAt <= dueAt,
    }),
    ...(decidedAt === undefined ? {} : { seconds: Math.round(elapsed(createdAt, decidedAt) / secondMs) }),
  }))

export const suggestionFacts = (suggestions: readonly SuggestionFact[]): readonly Fact[] =>
  suggestions.map(({ id, saidAt, channel, conversationId, themeId, ticket }) => ({
    ...{ kind: 'suggestion', id, at: saidAt, marks: marksOf({}) },
    by: {
      ...(channel === undefined ? {} : { channel }),
      ...(themeId === undefined ? {} : { theme: themeId }),
    },
    ...(channel === undefined ? {} : { channel }),
    ...(conversationId === undefined ? {} : { conversationId }),
    ...(ticket === undefined ? {} : { ticket }),
  }))
