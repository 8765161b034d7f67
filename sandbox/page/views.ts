import type { Exchange, TranscriptEntry, WechatSimulator } from '../wechat/index.ts'

/** An exchange in a list; the whole of it is fetched when it is opened. */
export type ExchangeSummary =
  | {
      readonly kind: 'push'
      readonly id: number
      readonly at: Date
      readonly openid: string
      readonly messageKey: string
      readonly msgType: string
      readonly about: string
      readonly attempt: number
      readonly faults: readonly string[]
      readonly result: string
      readonly status?: number
      readonly durationMs?: number
      readonly problems: number
    }
  | {
      readonly kind: 'api'
      readonly id: number
      readonly at: Date
      readonly api: string
      readonly status: number
      readonly errcode: number
      readonly durationMs: number
      readonly injected: boolean
    }

const listed = 100

/** The last exchanges that concern a user, or nobody in particular; latest first. */
export const listExchanges = (exchanges: readonly Exchange[], openid: string): readonly ExchangeSummary[] =>
  exchanges
    .filter((exchange) => exchange.openid === undefined || exchange.openid === openid)
    .slice(-listed)
    .reverse()
    .map(summarise)

const summarise = (exchange: Exchange): ExchangeSummary => {
  if (exchange.kind === 'api') {
    const { kind, id, at, api, status, errcode, durationMs, injected } = exchange
    return { kind, id, at, api, status, errcode, durationMs, injected }
  }
  const { kind, id, at, openid, messageKey, msgType, about, attempt, faults, result, status, durationMs } =
    exchange
  return {
    ...{ kind, id, at, openid, messageKey, msgType, about, attempt, faults, result },
    problems: exchange.problems.length,
    ...(status === undefined ? {} : { status }),
    ...(durationMs === undefined ? {} : { durationMs }),
  }
}

/** How a user's line fared on its way: attempts, the last callback's duration, when the first answer came. */
export interface LineJourney {
  readonly attempts: number
  readonly callbackMs?: number
  readonly answeredAfterMs?: number
  readonly via?: 'passive' | 'api'
}

/** Reads a line's journey from the trace and what stands below it in the transcript. */
export const journeyOf = (
  simulator: WechatSimulator,
  line: TranscriptEntry,
  transcript: readonly TranscriptEntry[],
): LineJourney => {
  const last = line.exchangeId === undefined ? undefined : simulator.findExchange(line.exchangeId)
  const after = transcript.slice(transcript.findIndex((entry) => entry.id === line.id) + 1)
  const nextOwn = after.findIndex((entry) => entry.source === 'user')
  const answers = nextOwn < 0 ? after : after.slice(0, nextOwn)
  const answer = answers.find((entry) => entry.source === 'passive' || entry.source === 'api')
  return {
    attempts: last?.kind === 'push' ? last.attempt : 0,
    ...(last?.kind === 'push' && last.durationMs !== undefined ? { callbackMs: last.durationMs } : {}),
    ...(answer?.source === 'passive' || answer?.source === 'api'
      ? { via: answer.source, answeredAfterMs: answer.at.getTime() - line.at.getTime() }
      : {}),
  }
}
