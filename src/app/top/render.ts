import pc from 'picocolors'
import type { Frame, NodeLine } from './frame.ts'
import type { TopWords } from './words.ts'

const seconds = (value: number | undefined): string => {
  if (value === undefined) return '–'
  if (value < 1) return `${String(Math.round(value * 1_000))} ms`
  if (value < 120) return `${value.toFixed(1)} s`
  return value < 7_200 ? `${String(Math.round(value / 60))} min` : `${String(Math.round(value / 3_600))} h`
}

const rate = (value: number): string => value.toFixed(1)
const megabytes = (bytes: number): string => `${String(Math.round(bytes / 1_048_576))} MB`

/** Marks by sign and colour what somebody should look at. */
const marked = (text: string, isBad: boolean): string => (isBad ? pc.red(`! ${text}`) : text)

const slowLoop = 0.2

const nodeLine = (
  { url, problem, memoryBytes = 0, eventLoopSeconds = 0, messagesPerSecond = 0 }: NodeLine,
  words: TopWords,
): string =>
  problem === undefined
    ? `  ${url}  ${words.memory} ${megabytes(memoryBytes)}  ${marked(`${words.loop} ${seconds(eventLoopSeconds)}`, eventLoopSeconds > slowLoop)}  ${words.messages} ${rate(messagesPerSecond)}`
    : `  ${marked(`${url}  ${words.down}: ${problem}`, true)}`

const stateWord = (state: string, words: TopWords): string => {
  const known: Readonly<Record<string, string>> = {
    queued: words.queued,
    sending: words.sending,
    window: words.window,
    quota: words.quota,
    waiting: words.unsentWaiting,
  }
  return known[state] ?? state
}

const stores = ({ databaseUp, redisUp }: Frame, words: TopWords): string => {
  const word = (name: string, isUp: boolean): string => marked(`${name} ${isUp ? '✓' : words.down}`, !isUp)
  return [word(words.database, databaseUp), ...(redisUp === undefined ? [] : [word('Redis', redisUp)])].join(
    '  ',
  )
}

const inboxes = ({ paused, failing }: Frame, words: TopWords): readonly string[] => [
  marked(`${words.paused}  ${paused.length === 0 ? words.none : paused.join(', ')}`, paused.length > 0),
  marked(`${words.failing}  ${failing.length === 0 ? words.none : failing.join(', ')}`, failing.length > 0),
]

/** A frame as lines for a terminal. */
export const renderFrame = (frame: Frame, words: TopWords): readonly string[] => {
  const { perSecond, acknowledge, turn, queue, outbox, jobs, people } = frame
  return [
    `${pc.bold(words.title)}  ${frame.at}  ${words.nodes} ${String(frame.nodesKnown)}  ${stores(frame, words)}`,
    ...frame.nodes.map((node) => nodeLine(node, words)),
    '',
    `${words.messages} ${rate(perSecond.messages)}   ${words.turns} ${rate(perSecond.turns)}   ${words.sends} ${rate(perSecond.sends)}`,
    `${words.acknowledge}  p50 ${seconds(acknowledge.p50)}  p95 ${seconds(acknowledge.p95)}   ${words.turn}  p50 ${seconds(turn.p50)}  p95 ${seconds(turn.p95)}`,
    `${words.queue} ${String(queue.conversations)}  ${words.oldest} ${seconds(queue.oldestSeconds)}`,
    `${words.outbox}${outbox.length === 0 ? `  ${words.none}` : ''}`,
    ...outbox.map(
      ({ channel, state, messages, oldestSeconds }) =>
        `  ${channel}  ${stateWord(state, words)} ${String(messages)}  ${words.oldest} ${seconds(oldestSeconds)}`,
    ),
    ...inboxes(frame, words),
    `${words.jobs}  ${words.waiting} ${String(jobs.waiting)}  ${words.running} ${String(jobs.running)}  ${marked(`${words.dead} ${String(jobs.dead)}`, jobs.dead > 0)}  ${words.late} ${seconds(jobs.lateSeconds)}`,
    `${words.people} ${String(people.online)}  ${words.away} ${String(people.away)}   ${marked(`${words.overdue} ${String(frame.ticketsOverdue)}`, frame.ticketsOverdue > 0)}`,
  ]
}
