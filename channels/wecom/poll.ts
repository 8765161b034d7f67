/** Looks for messages whose push was lost: at the start, then at intervals, one node at a time. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { Drainer } from './drainer.ts'
import type { WecomConfig } from './manifest.ts'

export interface PollDeps {
  readonly config: Pick<WecomConfig, 'openKfIds' | 'pollIntervalMs'>
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'log'>
  readonly drainer: Drainer
  readonly stopped: AbortSignal
}

/** A running poll. */
export interface Poll {
  /** Resolves once the look under way has ended; ask for it after `stopped`. */
  ended(): Promise<void>
}

/** Starts looking. Without an interval it looks once, for what came while nobody was there. */
export const startPoll = ({ config, host, drainer, stopped }: PollDeps): Poll => {
  const { openKfIds, pollIntervalMs } = config
  const isOurTurn = (openKfId: string): Promise<boolean> =>
    host.cache.add(`wecom:polled:${host.inboxId}:${openKfId}`, '1', pollIntervalMs * 0.8)

  const look = async (openKfId: string, first: boolean): Promise<void> => {
    try {
      if (stopped.aborted) return
      if (first || (await isOurTurn(openKfId))) await drainer.drain(openKfId)
    } catch (error) {
      if (stopped.aborted) return
      const facts =
        error instanceof ChannelError
          ? { code: error.code, providerCode: error.facts.providerCode, hint: error.facts.hint }
          : { code: 'unknown' }
      const alarming = facts.code === 'needs_operator' || facts.code === 'no_permission'
      host.log[alarming ? 'error' : 'warn'](facts, 'look for messages failed')
    }
  }
  const run = async (): Promise<void> => {
    for (let first = true; !stopped.aborted; first = false) {
      for (const openKfId of openKfIds) await look(openKfId, first)
      if (pollIntervalMs === 0) return
      await sleep(pollIntervalMs, undefined, { signal: stopped }).catch(() => undefined)
    }
  }
  const running = run()
  return { ended: () => running }
}
