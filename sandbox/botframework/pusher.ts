// How activities reach the bot: Bot Connector, POST to the messaging endpoint with a signed token.
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../../src/core/clock.ts'
import { createClosing } from '../kit/closing.ts'
import type { Trace } from '../kit/trace.ts'
import { curlOf } from '../kit/curl.ts'
import { createPoster } from '../kit/post.ts'
import type { Poster } from '../kit/post.ts'
import type { BotTiming } from './account.ts'
import type { Fields } from './chats.ts'
import type { Faults } from './faults.ts'
import type { Signer, TokenChanges } from './signer.ts'

/** What the bot answered. */
export interface Answered {
  /** 0: no answer. */
  readonly status: number
  readonly body: string
}

export interface Pusher {
  /** One request, on record. */
  once(activity: Fields, userKey: string, changes?: TokenChanges): Promise<Answered>
  /** With the channel's patience; true when the bot took it. */
  deliver(activity: Fields, userKey: string): Promise<boolean>
  /** Deliveries under way. */
  pending(): number
  close(): void
}

export interface PusherDeps {
  readonly timing: BotTiming
  readonly clock: Clock
  readonly signer: Signer
  readonly faults: Faults
  readonly trace: Trace
  readonly serviceUrl: () => string
  readonly messagesUrl: () => string
}

const isTaken = ({ status }: Answered): boolean => (status >= 200 && status < 300) || status === 501

/** The token as the faults make it. */
const tokenFaults = (faults: Faults, now: number): TokenChanges | undefined => {
  if (faults.isOn('bad-signature')) return { signing: 'foreign' }
  if (!faults.isOn('stale-timestamp')) return undefined
  return { claims: { nbf: now - 7_200, exp: now - 3_600 } }
}

/** One request, on record. */
const createOnce = (deps: PusherDeps, poster: Poster): Pusher['once'] => {
  const { timing, clock, signer, faults, trace, serviceUrl, messagesUrl } = deps
  return async (activity, userKey, changes) => {
    const at = clock.now()
    const seconds = Math.floor(at.getTime() / 1_000)
    const body = JSON.stringify(activity)
    const headers = {
      'Content-Type': 'application/json; charset=utf-8',
      'Content-Length': String(Buffer.byteLength(body)),
      Authorization: signer.authorize(serviceUrl(), changes ?? tokenFaults(faults, seconds)),
    }
    const url = messagesUrl()
    const result = await poster.post({ url, method: 'POST', headers, body }, timing.attemptTimeoutMs)
    const isAnswer = result.kind === 'response'
    const answer = isAnswer
      ? { status: result.status, body: result.body.toString('utf8') }
      : { status: 0, body: '' }
    trace.add({
      at,
      kind: 'push',
      title: `${String(activity['type'])} POST ${new URL(url).pathname}`,
      status: isAnswer ? String(result.status) : result.kind,
      durationMs: result.durationMs,
      request: body,
      response: answer.body,
      curl: curlOf('POST', url, headers, body),
      proof: {
        name: 'signed-token',
        good: changes === undefined && tokenFaults(faults, seconds) === undefined,
      },
      problems: faults.isOn('bad-signature') ? ['bad-signature'] : [],
      userKey,
    })
    return answer
  }
}

/** Nothing on its way. */
export const createPusher = (deps: PusherDeps): Pusher => {
  const { timing, faults } = deps
  const poster = createPoster()
  const closing = createClosing()
  const once = createOnce(deps, poster)
  let pending = 0

  const deliver = async (activity: Fields, userKey: string): Promise<boolean> => {
    for (let attempt = 1; attempt <= timing.attempts && !closing.signal.aborted; attempt += 1) {
      const taken = isTaken(await once(activity, userKey))
      const isLost = taken && faults.isOn('lost-answer')
      if (isLost) faults.set('lost-answer', false)
      if (taken && !isLost) return true
      await sleep(timing.retryDelayMs, undefined, { signal: closing.signal }).catch(() => undefined)
    }
    return false
  }
  return {
    once,
    deliver: async (activity, userKey) => {
      pending += 1
      const copies = faults.isOn('duplicate') ? 2 : 1
      try {
        const all = await Promise.all(Array.from({ length: copies }, () => deliver(activity, userKey)))
        return all.includes(true)
      } finally {
        pending -= 1
      }
    },
    pending: () => pending,
    close: () => {
      closing.abort()
      poster.close()
    },
  }
}
