// Pushing with the platform's patience: five seconds, three attempts, judged by HTTP 200 ("消息推送服务").
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../src/core/clock.ts'
import { curlOf } from '../kit/curl.ts'
import type { Poster, PostResult } from '../kit/post.ts'
import type { Trace } from '../kit/trace.ts'
import type { WeiboAccount, WeiboRules, WeiboTiming } from './account.ts'
import type { RequestFaults } from './push-request.ts'
import { buildPush } from './push-request.ts'
import type { AnswerReading } from './read-answer.ts'
import { readAnswer } from './read-answer.ts'

/** How a push is made; without options: as the platform does on a good day. */
export interface PushOptions extends RequestFaults {
  /** The same push so many times at once. Default 1. */
  readonly copies?: number
  /** The first so many good answers get lost on the way, so that the platform asks again. Default 0. */
  readonly loseAnswers?: number
}

/** What became of a push. */
export interface PushOutcome {
  readonly state: 'answered' | 'acknowledged' | 'failed'
  /** What the user read, if there was an answer. */
  readonly answer?: string
  /** Status and body of every attempt and copy; status 0: none came. */
  readonly responses: readonly { readonly status: number; readonly body: string }[]
  /** What the platform complains about. */
  readonly problems: readonly string[]
}

/** What the pusher needs. */
export interface PusherDeps {
  readonly account: WeiboAccount
  readonly clock: Clock
  readonly timing: WeiboTiming
  readonly rules: WeiboRules
  readonly callbackUrl: () => string
  readonly poster: Poster
  readonly trace: Trace
  readonly closing: AbortSignal
}

/** One push, whoever it is from. */
export interface Push {
  readonly userKey: string
  readonly body: string
}

interface Attempt {
  readonly reading: AnswerReading | { readonly kind: 'none'; readonly problem: string }
  readonly status: number
  readonly body: string
  readonly lost: boolean
}

const textOf = (result: PostResult): string =>
  result.kind === 'response' ? result.body.toString('utf8') : ''

const statusOf = (result: PostResult): number => (result.kind === 'response' ? result.status : 0)

const readResult = (result: PostResult, push: Push, deps: PusherDeps): Attempt['reading'] => {
  if (result.kind === 'timeout')
    return { kind: 'none', problem: `no answer within ${String(deps.timing.attemptTimeoutMs)} ms` }
  if (result.kind === 'refused') return { kind: 'none', problem: result.reason }
  if (result.status !== 200) return { kind: 'none', problem: `HTTP status ${String(result.status)}` }
  return readAnswer(textOf(result), result.headers['content-type'] ?? '', {
    senderId: deps.account.uid,
    receiverId: push.userKey,
    rules: deps.rules,
  })
}

const problemsOf = (reading: Attempt['reading']): readonly string[] => {
  switch (reading.kind) {
    case 'acknowledged':
      return []
    case 'answer':
      return reading.problems
    case 'invalid':
    case 'none':
      return [reading.problem]
    default:
      return reading satisfies never
  }
}

const isGood = ({ reading, lost }: Attempt): boolean =>
  !lost && (reading.kind === 'acknowledged' || reading.kind === 'answer')

const faultNotes = (options: PushOptions): readonly string[] => [
  ...(options.badSignature === true ? ['fault: bad-signature'] : []),
  ...(options.staleByMs === undefined ? [] : ['fault: stale-timestamp']),
  ...((options.copies ?? 1) > 1 ? ['fault: duplicate'] : []),
]

/** One request and what came of it, on record. */
const createTry =
  (deps: PusherDeps) =>
  async (push: Push, options: PushOptions, lose: boolean): Promise<Attempt> => {
    const target = { account: deps.account, clock: deps.clock, callbackUrl: deps.callbackUrl() }
    const request = buildPush(push.body, target, options)
    const at = deps.clock.now()
    const result = await deps.poster.post(request, deps.timing.attemptTimeoutMs)
    const reading = readResult(result, push, deps)
    const lost = lose && (reading.kind === 'answer' || reading.kind === 'acknowledged')
    deps.trace.add({
      userKey: push.userKey,
      at,
      kind: 'push',
      title: `POST ${new URL(request.url).pathname}`,
      status: result.kind === 'response' ? String(result.status) : result.kind,
      durationMs: result.durationMs,
      request: `${new URL(request.url).search}\n\n${push.body}`,
      response: textOf(result),
      curl: curlOf(request.method, request.url, request.headers, request.body),
      proof: { name: 'sha1-secret', good: options.badSignature !== true && options.staleByMs === undefined },
      problems: [...faultNotes(options), ...(lost ? ['fault: lost-answer'] : []), ...problemsOf(reading)],
    })
    return { reading, status: statusOf(result), body: textOf(result), lost }
  }

const pause = (ms: number, signal: AbortSignal): Promise<void> =>
  sleep(ms, undefined, { signal }).catch(() => undefined)

/** Delivers pushes to the callback; never rejects. */
export const createPusher = (deps: PusherDeps) => {
  const attemptOnce = createTry(deps)
  const { timing, closing } = deps

  const deliverCopy = async (push: Push, options: PushOptions): Promise<readonly Attempt[]> => {
    const made: Attempt[] = []
    for (let count = 1; count <= timing.attempts && !closing.aborted; count += 1) {
      const attempt = await attemptOnce(push, options, count <= (options.loseAnswers ?? 0))
      made.push(attempt)
      // A response that cannot be read is not asked for again: it came with status 200.
      if (isGood(attempt) || attempt.reading.kind === 'invalid') break
      if (count < timing.attempts) await pause(timing.retryDelayMs, closing)
    }
    return made
  }

  return async (push: Push, options: PushOptions = {}): Promise<PushOutcome> => {
    const copies = await Promise.all(
      Array.from({ length: options.copies ?? 1 }, () => deliverCopy(push, options)),
    )
    const all = copies.flat()
    const bodies = all.flatMap(({ reading, body }) => (reading.kind === 'answer' ? body : []))
    const [answer] = all.flatMap(({ reading, lost }) =>
      reading.kind === 'answer' && !lost ? reading.text : [],
    )
    const problems = [
      ...all.flatMap(({ reading }) => problemsOf(reading)),
      ...(new Set(bodies).size > 1 ? ['a retry got another answer'] : []),
    ]
    const responses = all.map(({ status, body }) => ({ status, body }))
    if (answer !== undefined) return { state: 'answered', answer, responses, problems }
    return { state: all.some(isGood) ? 'acknowledged' : 'failed', responses, problems }
  }
}

/** Delivers one push. */
export type Deliver = ReturnType<typeof createPusher>
