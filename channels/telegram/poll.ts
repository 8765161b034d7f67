/**
 * Updates that we fetch, `getUpdates`. Of all nodes one polls at a time: two would get 409 from Telegram.
 * Source: core.telegram.org/bots/api#getupdates.
 */
import { setTimeout as sleep } from 'node:timers/promises'
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import { failing, Refusal } from '../kit/index.ts'
import type { TelegramClient } from './client.ts'
import { wantedUpdates } from './decode.ts'
import type { Intake } from './intake.ts'
import { botIdOf } from './manifest.ts'
import type { TelegramConfig } from './manifest.ts'
import { readUpdate } from './verify.ts'

export interface PollDeps {
  readonly config: TelegramConfig
  readonly host: ChannelHost
  readonly client: TelegramClient
  readonly intake: Intake
  readonly stopped: AbortSignal
}

/** Updates of one poll; each may wait 1.5 s for its files, and all must fit into one hold of the lock. */
const batch = 25
const holdMs = 120_000

/** After a quiet week Telegram numbers anew; an older position would skip what is new. */
const positionMs = 24 * 3_600_000

const Numbered = z.looseObject({ update_id: z.number().int() })

/** How far updates are stored, shared by all nodes. Losing it costs nothing: Telegram brings the last ones again. */
const createPosition = ({ config, host }: PollDeps) => {
  const key = `telegram:position:${host.inboxId}:${botIdOf(config)}`
  return {
    get: async (): Promise<number | undefined> => {
      const stored = await host.cache.get(key)
      return stored === undefined ? undefined : Number(stored)
    },
    set: (offset: number): Promise<void> => host.cache.set(key, String(offset), positionMs),
  }
}

/** One poll: asks, stores everything, remembers how far it came. */
const createPollOnce = (deps: PollDeps) => {
  const { config, host, client, intake } = deps
  const position = createPosition(deps)
  const take = async (update: unknown): Promise<void> => {
    try {
      await intake.take(readUpdate(JSON.stringify(update)))
    } catch (error) {
      if (!(error instanceof Refusal)) throw error
      // It will never become readable; the ones behind it must not wait.
      host.log.warn({ code: error.code, reason: error.reason }, 'update refused')
    }
  }
  return async (): Promise<void> => {
    const offset = await position.get()
    const updates = await client.call(
      'fetch updates',
      (raw, signal) =>
        raw.getUpdates(
          {
            ...(offset === undefined ? {} : { offset }),
            timeout: config.pollSeconds,
            limit: batch,
            allowed_updates: [...wantedUpdates],
          },
          signal,
        ),
      { patience: 'poll' },
    )
    for (const update of updates) {
      await take(update)
      await position.set(Numbered.parse(update).update_id + 1)
    }
  }
}

const backoffMs = (failures: number): number => Math.min(30_000, 500 * 2 ** failures)
const operatorMs = 60_000

/** Pauses after a failed poll: as long as Telegram asks, longer each time, a minute when only a person can help. */
const pauseAfter = (error: unknown, failures: number): number => {
  if (!(error instanceof ChannelError)) return backoffMs(failures)
  return error.facts.retryAfterMs ?? (error.code === 'needs_operator' ? operatorMs : backoffMs(failures))
}

/** One bad answer is none worth an alarm; a second one is, and what only a person can mend at once. */
const isAlarming = (error: unknown, failures: number): boolean =>
  failures > 0 || (error instanceof ChannelError && error.code === 'needs_operator')

const logFailure = ({ host }: PollDeps, error: unknown): void => {
  const { code, facts } = error instanceof ChannelError ? error : { code: 'not_accepted', facts: {} }
  const { providerCode, hint } = facts
  const entry = { code, providerCode, hint }
  if (code === 'needs_operator') host.log.error(entry, 'updates not fetched')
  else host.log.warn(entry, 'updates not fetched')
}

/** A running poller. */
export interface Poller {
  /** Fetches no more and waits for what is being stored; not for a lock that another node holds. */
  stop(): Promise<void>
}

/** Polls until stopped, holding the bot's lock for one poll at a time. */
export const startPoller = (deps: PollDeps): Poller => {
  const { config, host, client, stopped } = deps
  const pollOnce = createPollOnce(deps)
  const isStopped = (): boolean => stopped.aborted
  let holding: Promise<void> = Promise.resolve()
  let ready = false
  let failures = 0

  const hold = async (): Promise<void> => {
    if (isStopped()) return
    // With a webhook set, every poll is answered 409.
    if (!ready) await client.call('remove the webhook', (raw, signal) => raw.deleteWebhook({}, signal))
    ready = true
    await pollOnce()
  }

  const loop = async (): Promise<void> => {
    while (!isStopped()) {
      try {
        await host.locks.withLock(`telegram:poll:${botIdOf(config)}`, holdMs, () => {
          const work = hold()
          holding = work.catch(() => undefined)
          return work
        })
        failures = 0
        host.report({ state: 'running' })
      } catch (error) {
        if (isStopped()) return
        ready = false
        logFailure(deps, error)
        const pauseMs = pauseAfter(error, failures)
        if (isAlarming(error, failures)) host.report(failing(host, error, pauseMs))
        await sleep(pauseMs, undefined, { signal: stopped }).catch(() => undefined)
        failures += 1
      }
    }
  }

  void loop()
  return { stop: () => holding }
}
