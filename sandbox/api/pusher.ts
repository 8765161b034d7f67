// Delivering what users wrote: signed, repeated under the same id until it is taken.
import { setTimeout as sleep } from 'node:timers/promises'
import { curlOf } from '../kit/curl.ts'
import type { Trace } from '../kit/trace.ts'
import type { ApiSimulatorOptions, PushTiming } from './account.ts'
import type { Composed } from './compose.ts'
import type { FaultName, Faults } from './faults.ts'
import type { ThreadedScreens } from './screens.ts'
import { createSecret, signedHeaders } from './signing.ts'

export interface PusherDeps {
  readonly secret: string
  readonly options: ApiSimulatorOptions
  readonly timing: PushTiming
  readonly faults: Faults
  readonly screens: ThreadedScreens
  readonly trace: Trace
  readonly closing: AbortSignal
}

type Outcome = 'delivered' | 'refused' | 'failed'

/** A message some time before, as far as the other side's tolerance goes and a little more. */
const staleMs = 900_000

const pushFaults: readonly FaultName[] = ['bad-signature', 'stale-timestamp', 'duplicate', 'lost-answer']

/** One request and what came of it, on record. */
const createAttempt = ({ secret, options, timing, faults, trace, closing }: PusherDeps) => {
  return async ({ userKey, body }: Composed, id: string): Promise<Outcome> => {
    const text = JSON.stringify(body)
    const now = options.clock.now()
    const at = faults.isOn('stale-timestamp') ? new Date(now.getTime() - staleMs) : now
    const signing = faults.isOn('bad-signature') ? createSecret() : secret
    const headers = { 'content-type': 'application/json', ...signedHeaders(signing, id, at, text) }
    const url = options.receiveUrl()
    const startedAt = performance.now()
    const record = (status: string, response: string): void =>
      trace.add({
        userKey,
        at: now,
        kind: 'push',
        title: 'POST /messages',
        status,
        durationMs: Math.round(performance.now() - startedAt),
        request: text,
        response,
        curl: curlOf('POST', url, headers, text),
        proof: {
          name: 'standard-webhooks',
          good: !faults.isOn('bad-signature') && !faults.isOn('stale-timestamp'),
        },
        problems: pushFaults.filter((name) => faults.isOn(name)),
      })
    try {
      const response = await fetch(url, {
        method: 'POST',
        headers,
        body: text,
        redirect: 'error',
        signal: AbortSignal.any([closing, AbortSignal.timeout(timing.attemptTimeoutMs)]),
      })
      record(String(response.status), await response.text())
      if (response.ok) return 'delivered'
      return response.status < 500 && response.status !== 429 ? 'refused' : 'failed'
    } catch (error) {
      record(error instanceof Error ? error.name : 'unknown', '')
      return 'failed'
    }
  }
}

/** Delivers one message; never rejects. */
export const createPusher = (deps: PusherDeps): ((composed: Composed) => Promise<void>) => {
  const { timing, faults, screens, closing } = deps
  const attempt = createAttempt(deps)
  const deliver = async (composed: Composed): Promise<Outcome> => {
    const id = `msg_${String(composed.body['id'])}`
    let lost = faults.isOn('lost-answer')
    for (let tries = 1; ; tries += 1) {
      const outcome = await attempt(composed, id)
      if (outcome === 'refused' || (outcome === 'delivered' && !lost)) return outcome
      lost = false
      if (tries >= timing.attempts || closing.aborted) return 'failed'
      await sleep(timing.retryDelayMs, undefined, { signal: closing }).catch(() => undefined)
    }
  }
  return async (composed) => {
    const copies = faults.isOn('duplicate') ? 3 : 1
    const outcomes = await Promise.all(Array.from({ length: copies }, () => deliver(composed)))
    screens.setState(composed.lineId, outcomes.includes('delivered') ? 'delivered' : 'failed')
  }
}
