import { setTimeout as delay } from 'node:timers/promises'
import type { Channel, ChannelHealth } from '../core/channel.ts'
import type { Clock } from '../core/clock.ts'
import { ChannelError } from '../core/errors.ts'
import type { InboxStatus } from '../core/inbox.ts'
import type { Logger } from '../core/log.ts'

/** How an inbox fares, without what only the store knows. */
export type Standing = Pick<InboxStatus, 'state' | 'since' | 'lastError' | 'nextTryAt'>

/** One inbox under care: started, started again when that failed, and asked how it fares. */
export interface Supervised {
  /** Resolves after the first try, or after `patienceMs` when that hangs; never rejects. */
  start(channel: Channel): Promise<void>
  /** What the channel says of itself while it runs. */
  report(health: ChannelHealth): void
  /** Notes that the channel could not even be made. */
  fail(error: unknown): void
  standing(): Standing
  stop(): void
}

export interface SupervisionDeps {
  readonly log: Logger
  readonly clock: Clock
  /** Milliseconds before the second try; each further wait doubles. Default 1 000. */
  readonly firstRetryMs?: number
  /** Longest wait between two tries. Default 5 minutes. */
  readonly longestRetryMs?: number
  /** Milliseconds the start of the product waits for one channel. Default 10 000. */
  readonly patienceMs?: number
}

const reasonOf = (error: unknown): string => {
  if (error instanceof ChannelError) return error.facts.hint ?? error.message
  return error instanceof Error ? error.message : 'unknown failure'
}

/** What is known of an inbox, and its changes. */
const createRecord = ({ log, clock }: SupervisionDeps) => {
  let standing: Standing = { state: 'starting', since: clock.now() }
  const become = (state: Standing['state'], more: Partial<Standing> = {}): void => {
    const { state: before, since, lastError } = standing
    standing = {
      state,
      since: before === state ? since : clock.now(),
      ...(lastError === undefined ? {} : { lastError }),
      ...more,
    }
  }
  return {
    standing: () => standing,
    become,
    fail: (message: string, nextTryAt: Date | undefined): void => {
      const next = nextTryAt === undefined ? {} : { nextTryAt }
      const isNews = standing.state !== 'failing' || standing.lastError?.message !== message
      become('failing', { lastError: { at: clock.now(), message }, ...next })
      log[isNews ? 'error' : 'debug']({ reason: message, ...next }, 'inbox failing')
    },
  }
}

/** Looks after one inbox. A channel that fails is tried again with growing pauses and takes nobody else down. */
export const supervise = (deps: SupervisionDeps): Supervised => {
  const { log, clock, firstRetryMs = 1_000, longestRetryMs = 300_000, patienceMs = 10_000 } = deps
  const { signal, abort } = createStop()
  const { standing, become, fail } = createRecord(deps)
  /** What the channel said of itself since it was last started. */
  let said: ChannelHealth['state'] | undefined
  const onStarted = (): void => {
    // A channel may start and yet say that it cannot work, e.g. before somebody signs in.
    if (said !== 'failing') become('running')
  }

  const tryUntilStarted = async (channel: Channel, onFirstTry: () => void): Promise<void> => {
    let pauseMs = firstRetryMs
    while (!signal.aborted) {
      said = undefined
      const failure = await startOnce(channel)
      if (isStopped(signal)) {
        onFirstTry()
        return
      }
      if (failure === undefined) onStarted()
      else fail(failure, new Date(clock.now().getTime() + pauseMs))
      onFirstTry()
      if (failure === undefined) return
      await delay(pauseMs, undefined, { signal }).catch(() => undefined)
      pauseMs = Math.min(pauseMs * 2, longestRetryMs)
    }
  }

  return {
    start: (channel) =>
      new Promise<void>((resolve) => {
        const impatient = setTimeout(resolve, patienceMs)
        void tryUntilStarted(channel, () => {
          clearTimeout(impatient)
          resolve()
        })
      }),
    report: (health) => {
      if (signal.aborted) return
      said = health.state
      if (health.state === 'failing') {
        fail(health.reason, health.nextTryAt)
        return
      }
      if (standing().state === 'running') return
      become('running')
      log.info({}, 'inbox running again')
    },
    fail: (error) => fail(reasonOf(error), undefined),
    standing,
    stop: () => {
      abort()
      become('stopped')
    },
  }
}

const createStop = () => {
  const controller = new AbortController()
  return { signal: controller.signal, abort: () => controller.abort() }
}

// A call, because the state changes behind the type checker's back.
const isStopped = (signal: AbortSignal): boolean => signal.aborted

/** The reason why a channel did not start; undefined when it did. */
const startOnce = async (channel: Channel): Promise<string | undefined> => {
  try {
    await channel.start()
    return undefined
  } catch (error) {
    return reasonOf(error)
  }
}
