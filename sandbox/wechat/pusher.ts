// Pushing with the platform's patience: five seconds, three attempts, the same MsgId ("被动回复用户消息").
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../src/core/clock.ts'
import { createClosing } from '../kit/closing.ts'
import type { PushTiming, WechatAccount } from './account.ts'
import { createReplyLedger } from './reply-ledger.ts'
import type { ShelvedMedia } from './media-shelf.ts'
import { readReply } from './passive-reply.ts'
import type { ReplyReading, ReplyView } from './passive-reply.ts'
import type { Poster, PostResult } from '../kit/post.ts'
import { buildPush } from './push-request.ts'
import type { PushRequest, RequestFaults } from './push-request.ts'
import { curlOf } from '../kit/curl.ts'
import type { PushExchange, PushFaultName, PushResult, Trace } from './trace.ts'
import type { Composition } from './utterance.ts'

/** How a message is pushed; without options: as the platform does on a good day. */
export interface PushOptions extends RequestFaults {
  /** The same message so many times at once. Default 1. */
  readonly copies?: number
  /** The first so many good answers get lost on the way, so that the platform asks again. Default 0. */
  readonly loseAnswers?: number
  /** Only marks the trace: the caller delivers in the wrong order. */
  readonly outOfOrder?: boolean
}

/** What became of a pushed message. */
export interface PushOutcome {
  readonly state: 'answered' | 'acknowledged' | 'failed'
  /** The answer on the request, if there was one. */
  readonly reply?: ReplyView
  /** Of all attempts and copies. */
  readonly exchangeIds: readonly number[]
}

/** What the pusher needs. */
export interface PusherDeps {
  readonly account: WechatAccount
  readonly clock: Clock
  readonly timing: PushTiming
  readonly callbackUrl: () => string
  readonly poster: Poster
  readonly trace: Trace
  readonly findMedia: (mediaId: string) => ShelvedMedia | undefined
  /** The user sees an answer: called for the first one of a message only. */
  readonly onReply: (composition: Composition, reply: ReplyView, exchangeId: number) => void
}

/** Delivers compositions to the callback. */
export interface Pusher {
  deliver(composition: Composition, options?: PushOptions): Promise<PushOutcome>
  /** Sends the same bytes again, as an eavesdropper would. The user sees nothing of it. */
  replay(exchange: PushExchange): Promise<PushExchange>
  close(): void
}

/** A pusher that remembers the first answer to every message. */
export const createPusher = (deps: PusherDeps): Pusher => {
  const closing = createClosing()
  const send = createSend(deps)
  return {
    deliver: async (composition, options = {}) => {
      let shown: ReplyView | undefined
      const copy = async (): Promise<readonly PushExchange[]> => {
        const made = await attempt(composition, options, { deps, send, signal: closing.signal })
        const last = made.at(-1)
        if (last?.result === 'answered' && last.reply && !shown && composition.composed.answerable) {
          shown = last.reply
          deps.onReply(composition, last.reply, last.id)
        }
        return made
      }
      const copies = await Promise.all(Array.from({ length: options.copies ?? 1 }, copy))
      const exchangeIds = copies.flat().map((exchange) => exchange.id)
      if (shown) return { state: 'answered', reply: shown, exchangeIds }
      const acknowledged = copies.some((made) => isGood(made.at(-1)))
      return { state: acknowledged ? 'acknowledged' : 'failed', exchangeIds }
    },
    replay: (exchange) => send(asReplay(exchange, deps.trace.nextId(), deps.clock.now())),
    close: () => {
      closing.abort()
      deps.poster.close()
    },
  }
}

const isGood = (exchange: PushExchange | undefined): boolean =>
  exchange?.result === 'answered' || exchange?.result === 'acknowledged'

type Send = (pending: PushExchange) => Promise<PushExchange>

/** One request and what came of it, on record before and after. */
const createSend = (deps: PusherDeps): Send => {
  const ledger = createReplyLedger()
  return async (pending) => {
    deps.trace.put(pending)
    const request = {
      url: pending.url,
      method: 'POST',
      headers: pending.headers,
      body: pending.sentBody,
    } as const
    const result = await deps.poster.post(request, deps.timing.attemptTimeoutMs)
    const answer = interpret(result, pending, deps)
    const body = result.kind === 'response' ? result.body : Buffer.alloc(0)
    const plain = answer.responsePlain ?? ''
    const comparison =
      answer.reply && ledger.compare(pending.messageKey, { exchangeId: pending.id, body, plain })
    const differs = comparison?.samePlaintext === false
    const done: PushExchange = {
      ...pending,
      ...answer,
      ...(comparison ? { comparison } : {}),
      problems: differs
        ? [...answer.problems, `the answer differs from the first one (#${comparison.firstExchangeId})`]
        : answer.problems,
    }
    deps.trace.put(done)
    return done
  }
}

interface AttemptTools {
  readonly deps: PusherDeps
  readonly send: Send
  readonly signal: AbortSignal
}

/** All attempts of one copy; the last exchange decides. */
const attempt = async (
  composition: Composition,
  options: PushOptions,
  { deps, send, signal }: AttemptTools,
): Promise<readonly PushExchange[]> => {
  const { timing } = deps
  const build = (): PushRequest =>
    buildPush(composition, { ...deps, callbackUrl: deps.callbackUrl() }, options)
  const made: PushExchange[] = []
  let request = build()
  for (let count = 1; count <= timing.attempts && !signal.aborted; count += 1) {
    if (count > 1 && timing.retries === 'fresh') request = build()
    const done = await send(pendingExchange({ composition, options, request, attempt: count }, deps))
    const lost = isGood(done) && count <= (options.loseAnswers ?? 0)
    const kept: PushExchange = lost ? { ...done, result: 'lost' } : done
    if (lost) deps.trace.put(kept)
    made.push(kept)
    if (isGood(kept) || kept.result === 'invalid') break
    const failedAtOnce = kept.result === 'refused' || kept.result === 'http-error'
    if (failedAtOnce && count < timing.attempts) await pause(timing.retryDelayMs, signal)
  }
  return made
}

const pause = async (ms: number, signal: AbortSignal): Promise<void> => {
  try {
    await sleep(ms, undefined, { signal })
  } catch {
    // Only an abort ends it early; the loop looks at the signal itself.
  }
}

interface Attempt {
  readonly composition: Composition
  readonly options: PushOptions
  readonly request: PushRequest
  readonly attempt: number
}

const pendingExchange = (
  { composition, options, request, attempt }: Attempt,
  deps: PusherDeps,
): PushExchange => ({
  kind: 'push',
  id: deps.trace.nextId(),
  at: deps.clock.now(),
  openid: composition.user.openid,
  messageKey: composition.id,
  msgType: composition.composed.msgType,
  about: aboutOf(composition),
  attempt,
  faults: faultNames(options),
  url: request.url,
  headers: request.headers,
  curl: curlOf('POST', request.url, request.headers, request.body),
  plainBody: composition.xml,
  sentBody: request.body,
  encrypted: request.encrypted,
  answerable: composition.composed.answerable,
  result: 'pending',
  problems: [],
})

/** The same request, nothing of what came back. */
const asReplay = (exchange: PushExchange, id: number, at: Date): PushExchange => ({
  kind: 'push',
  id,
  at,
  openid: exchange.openid,
  messageKey: exchange.messageKey,
  msgType: exchange.msgType,
  about: exchange.about,
  attempt: exchange.attempt,
  faults: ['replay'],
  url: exchange.url,
  headers: exchange.headers,
  curl: exchange.curl,
  plainBody: exchange.plainBody,
  sentBody: exchange.sentBody,
  encrypted: exchange.encrypted,
  answerable: exchange.answerable,
  result: 'pending',
  problems: [],
})

const aboutOf = ({ composed }: Composition): string => {
  const { shown } = composed
  if (shown.kind === 'text') return shown.text.slice(0, 80)
  return shown.kind === 'event' ? [shown.event, shown.label].filter(Boolean).join(' ') : ''
}

const faultNames = (options: PushOptions): readonly PushFaultName[] => [
  ...(options.badSignature === true ? (['bad-signature'] as const) : []),
  ...(options.staleBySeconds === undefined ? [] : (['stale-timestamp'] as const)),
  ...(options.wrongKey === true ? (['wrong-key'] as const) : []),
  ...(options.plaintext === true ? (['plaintext'] as const) : []),
  ...((options.copies ?? 1) > 1 ? (['duplicate'] as const) : []),
  ...(options.outOfOrder === true ? (['out-of-order'] as const) : []),
]

type Answer = Pick<
  PushExchange,
  | 'result'
  | 'durationMs'
  | 'status'
  | 'responseHeaders'
  | 'responseBody'
  | 'responsePlain'
  | 'reply'
  | 'problems'
>

const interpret = (result: PostResult, pending: PushExchange, deps: PusherDeps): Answer => {
  const { durationMs } = result
  if (result.kind === 'timeout') {
    return {
      result: 'timeout',
      durationMs,
      problems: [`no answer within ${deps.timing.attemptTimeoutMs} ms`],
    }
  }
  if (result.kind === 'refused') return { result: 'refused', durationMs, problems: [result.reason] }
  const answer = {
    durationMs,
    status: result.status,
    responseHeaders: result.headers,
    responseBody: result.body.toString('utf8'),
  }
  if (result.status !== 200) {
    return { ...answer, result: 'http-error', problems: [`HTTP status ${result.status}`] }
  }
  const reading = readReply(result.body, {
    account: deps.account,
    openid: pending.openid,
    answering: pending.msgType,
    findMedia: deps.findMedia,
  })
  return { ...answer, ...ofReading(reading, pending.answerable) }
}

const ofReading = (
  reading: ReplyReading,
  answerable: boolean,
): { result: PushResult; responsePlain?: string; reply?: ReplyView; problems: readonly string[] } => {
  switch (reading.kind) {
    case 'acknowledged':
      return { result: 'acknowledged', problems: [] }
    case 'invalid':
      return {
        result: 'invalid',
        problems: [reading.problem],
        ...(reading.plain === undefined ? {} : { responsePlain: reading.plain }),
      }
    case 'reply':
      return {
        result: 'answered',
        reply: reading.view,
        responsePlain: reading.plain,
        problems: answerable
          ? reading.problems
          : [...reading.problems, 'nobody sees an answer to this event'],
      }
    default:
      return reading satisfies never
  }
}
