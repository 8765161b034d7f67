import type { Clock } from '../core/clock.ts'
import type { EventLog, EventPlace, LoggedEvent } from '../core/event-log.ts'
import type { CollectedFailures, FailureIntake, HeardTurn, NewFailure } from '../core/learning.ts'
import { textOf } from '../core/message.ts'
import { readOn } from '../core/read-on.ts'
import { judge, type Judged } from './judge.ts'
import { mostCandidates, sentenceOf } from './sentence.ts'

export interface CollectorOptions {
  readonly events: Pick<EventLog, 'read'>
  readonly intake: FailureIntake
  /** Takes out of a text what tells who wrote it. */
  readonly mask: (text: string) => string
  readonly clock: Clock
}

const types = ['message.received', 'quality.bot-answer-wrong', 'knowledge.answer-judged'] as const
const atOnce = 200
/** A message that nobody has thought about for so long is read as it is: one must not hold up all others. */
const patienceMs = 600_000

const textAt = ({ data }: LoggedEvent, name: string): string | undefined => {
  const value = data[name]
  return typeof value === 'string' ? value : undefined
}
const idOf = (event: LoggedEvent): string => textAt(event, 'messageId') ?? ''

/** Up to the first that the bot is still about to think of. */
const settledPart = (
  events: readonly LoggedEvent[],
  turns: ReadonlyMap<string, HeardTurn>,
  now: Date,
): readonly LoggedEvent[] => {
  const waits = events.findIndex((event) => {
    const heard = turns.get(idOf(event))
    return heard?.isPending === true && now.getTime() - heard.receivedAt.getTime() < patienceMs
  })
  return waits < 0 ? events : events.slice(0, waits)
}

/** What people found of answers, each message once: the latest word stands. */
const judgedLast = (events: readonly LoggedEvent[]): ReadonlyMap<string, LoggedEvent> =>
  new Map(
    events.filter(({ type }) => type === 'knowledge.answer-judged').map((event) => [idOf(event), event]),
  )

const clearedBy = (judged: ReadonlyMap<string, LoggedEvent>): CollectedFailures['cleared'] =>
  [...judged].flatMap(([messageId, event]) => {
    const why = textAt(event, 'verdict')
    return why === 'right' || why === 'withdrawn' ? [{ messageId, why }] : []
  })

const reviewed = (event: LoggedEvent, { turn }: HeardTurn): readonly Judged[] => {
  if (turn === undefined) return []
  const given = textAt(event, 'articleId') ?? turn.decision.articleId
  return [{ kind: 'reviewed-wrong', question: turn, given, right: textAt(event, 'rightArticleId') }]
}

const failureOf = (
  { kind, question, given, right }: Judged,
  mask: CollectorOptions['mask'],
): readonly NewFailure[] => {
  const sentence = sentenceOf(textOf(question.parts), mask)
  if (sentence === '') return []
  const { messageId, conversationId, saidAt, decision } = question
  const candidates = (decision.classification?.candidates ?? [])
    .slice(0, mostCandidates)
    .map(({ articleId, score }) => ({ articleId, score }))
  const answerAt = decision.thresholds.answer ?? 1
  return [{ kind, sentence, messageId, conversationId, saidAt, given, candidates, answerAt, right }]
}

const collect = async (
  read: readonly LoggedEvent[],
  before: EventPlace,
  { intake, mask, clock }: CollectorOptions,
): Promise<CollectedFailures | undefined> => {
  const heard = await intake.turns([...new Set(read.map(idOf))].filter((id) => id !== ''))
  const turns = new Map(heard.map((one) => [one.messageId, one]))
  const events = settledPart(read, turns, clock.now())
  const last = events.at(-1)
  if (last === undefined) return undefined
  const verdicts = judgedLast(events)
  const isOver = (event: LoggedEvent): boolean =>
    event.type === 'knowledge.answer-judged' &&
    (verdicts.get(idOf(event)) !== event || textAt(event, 'verdict') !== 'wrong')
  const judged = events.flatMap((event) => {
    const turn = turns.get(idOf(event))
    if (turn === undefined || isOver(event)) return []
    return event.type === 'message.received' ? judge(turn) : reviewed(event, turn)
  })
  const failures = judged.flatMap((one) => failureOf(one, mask))
  return { before, after: last.id, failures, cleared: clearedBy(verdicts) }
}

/**
 * Reads on in the log what contacts wrote and reviewers found, and keeps the questions that went wrong. Where it was
 * broken off it goes on: what is kept and how far was read take effect together.
 */
export const createCollector =
  (options: CollectorOptions) =>
  /** Gives how many questions were kept or added to. */
  (signal: AbortSignal): Promise<number> => {
    const { events, intake, clock } = options
    return readOn(
      {
        ...{ events, types },
        ...{ limit: atOnce, place: () => intake.place() },
        take: async (read, before) => {
          const collected = await collect(read, before, options)
          return collected === undefined ? undefined : intake.keep(collected, clock.now())
        },
      },
      signal,
    )
  }
