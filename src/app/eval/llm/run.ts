import { setTimeout as delay } from 'node:timers/promises'
import type { Config } from '../../../config.ts'
import type { Claim } from '../../../core/conversation.ts'
import { createAsk, type Answer } from '../../ask.ts'
import type { CommandModel } from '../../command-model.ts'
import type { Content } from '../../content.ts'
import { createJudge, type Judge } from './judge.ts'
import type { LlmRow } from './set.ts'

/** One message on one side: what was answered, and how that was found. */
export interface LlmCase {
  readonly row: LlmRow
  readonly answer: Answer
  /** Milliseconds until the answer stood; of recorded calls, what they took then. */
  readonly ms: number
  /** Absent: not judged, or without a verdict. */
  readonly judgedRight?: boolean
  /** Why the judge gave no verdict. */
  readonly judgeFailure?: string
}

/** Both sides, message by message. */
export interface LlmRun {
  readonly without: readonly LlmCase[]
  readonly with: readonly LlmCase[]
  /** Messages whose answers the recording lacks. */
  readonly missing: readonly string[]
}

export interface LlmRunParts {
  readonly config: Config
  readonly content: Content
  readonly command: CommandModel
  readonly isReplay: boolean
  readonly judges: boolean
  /** How often the recording had no answer so far. */
  readonly missed: () => number
}

/** Most times that one message is asked while the provider asks to be left alone. */
const mostTries = 3

/** Waits while the first model asks to be left alone, which no provider can make endless; not for one that is broken. */
const untilAdmitted = async ({ model, calls }: CommandModel): Promise<void> => {
  const [first] = model.models
  const isAsked = calls.findLast((call) => call.model === first)?.outcome === 'rate_limited'
  const isOpen = (): boolean => {
    const [standing] = model.standings()
    return standing?.breaker === 'open' || standing?.staff.breaker === 'open'
  }
  while (isAsked && isOpen()) await delay(250)
}

type Ask = (row: LlmRow) => Promise<Answer>

const timed = async (ask: Ask, row: LlmRow): Promise<LlmCase> => {
  const startedAt = performance.now()
  const answer = await ask(row)
  return { row, answer, ms: performance.now() - startedAt }
}

/** Asks as a conversation does; where the provider wanted to be left alone, once more after that. */
const createHelped = ({ config, content, command, isReplay }: LlmRunParts) => {
  const memory = new Map<string, Claim>()
  const ask = createAsk(config, content, { announces: false, help: command.help, memory })
  const tryOnce = async (row: LlmRow, triesLeft: number): Promise<LlmCase> => {
    await untilAdmitted(command)
    const [stood, before] = [memory.get(row.conversation), command.calls.length]
    const found = await timed(ask, row)
    const mine = command.calls.slice(before)
    if (triesLeft > 0 && mine.some(({ outcome }) => outcome === 'rate_limited')) {
      if (stood === undefined) memory.delete(row.conversation)
      else memory.set(row.conversation, stood)
      return tryOnce(row, triesLeft - 1)
    }
    return { ...found, ms: found.ms + (isReplay ? mine.reduce((sum, { ms }) => sum + ms, 0) : 0) }
  }
  return (row: LlmRow) => tryOnce(row, mostTries - 1)
}

const judged = async (
  judge: Judge | undefined,
  one: LlmCase,
  before: string | undefined,
): Promise<LlmCase> => {
  if (judge === undefined || one.answer.kind !== 'answer') return one
  return { ...one, ...(await judge(one.row, before, one.answer)) }
}

/** What was written before each message in its conversation. */
const earlier = (rows: readonly LlmRow[], at: number): string | undefined =>
  rows.slice(0, at).findLast(({ conversation }) => conversation === rows[at]?.conversation)?.text

/** Asks every message without the model and with it, one after the other, and has the answers judged. */
export const runLlm = async (rows: readonly LlmRow[], parts: LlmRunParts): Promise<LlmRun> => {
  const { config, content, command, missed } = parts
  const sides = { without: [] as LlmCase[], with: [] as LlmCase[] }
  const missing: string[] = []
  const judge = parts.judges ? createJudge(command.model, content) : undefined
  const askAlone = createAsk(config, content, { announces: false })
  const askHelped = createHelped(parts)
  for (const [at, row] of rows.entries()) {
    const missedBefore = missed()
    const before = earlier(rows, at)
    const alone = await timed(askAlone, row)
    const helped = await askHelped(row)
    await untilAdmitted(command)
    const first = await judged(judge, alone, before)
    // The same words need no second verdict.
    const isSame = alone.answer.reply === helped.answer.reply && first.judgedRight !== undefined
    sides.without.push(first)
    sides.with.push(
      isSame ? { ...helped, judgedRight: first.judgedRight } : await judged(judge, helped, before),
    )
    if (missed() > missedBefore) missing.push(row.text)
  }
  return { ...sides, missing }
}
