/**
 * Keeps a mailbox read: connects, reads, waits for news, and begins again. One node at a time, by a lock that is
 * taken anew every half minute, so that another node goes on soon after one has died.
 */
import { createBell } from '../../src/core/bell.ts'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { Mailbox } from './imap-client.ts'
import type { Sync } from './imap-sync.ts'

export interface ImapReaderDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'locks' | 'log'>
  readonly open: (onNews: () => void, signal: AbortSignal) => Promise<Mailbox>
  readonly sync: Sync
  readonly pollMs: number
  /** Milliseconds one hold of the lock lasts. Default 30 000; a dead node's hold ends after three times that. */
  readonly holdMs?: number
  /** First pause after a failure, in milliseconds. Default 1 000. */
  readonly firstPauseMs?: number
}

export interface ImapReader {
  start(): void
  /** Lets the mail under way be stored, then closes the connection. */
  stop(): Promise<void>
}

const longestPauseMs = 300_000
/** Providers lock accounts that knock too often. */
const loginPauseMs = 60_000
/** A connection that is not ours to use any more is kept so long for the next hold. */
const keepMs = 10_000

const report = ({ host }: ImapReaderDeps, error: unknown, pauseMs: number): void => {
  const known = error instanceof ChannelError ? error : undefined
  const hint = known?.facts.hint
  const facts = {
    code: known?.code ?? 'not_stored',
    pauseMs,
    ...(known === undefined ? { error } : {}),
    ...(hint === undefined ? {} : { hint }),
  }
  if (known?.code === 'temporary') host.log.warn(facts, 'the mailbox cannot be read now')
  else host.log.error(facts, 'the mailbox cannot be read')
}

export const createImapReader = (deps: ImapReaderDeps): ImapReader => {
  const { host, open, sync, pollMs, holdMs = 30_000, firstPauseMs = 1_000 } = deps
  const bell = createBell()
  const stopping = new AbortController()
  let stopped = false
  let failures = 0
  let mailbox: Mailbox | undefined
  let holding: Promise<void> | undefined
  let closing: NodeJS.Timeout | undefined

  const close = (): void => {
    mailbox?.close()
    mailbox = undefined
  }

  const openOnce = async (): Promise<Mailbox> => {
    if (mailbox?.usable !== true) {
      close()
      mailbox = await open(() => bell.ring(), stopping.signal)
      host.log.info({}, 'mailbox open')
    }
    return mailbox
  }

  const hold = async (): Promise<void> => {
    const until = performance.now() + holdMs
    const mayGoOn = (): boolean => !stopped && performance.now() < until
    const current = await openOnce()
    do {
      const isDone = await sync(current, mayGoOn)
      failures = 0
      if (!isDone) return
      current.listen()
      await bell.wait(Math.max(1, Math.min(pollMs, until - performance.now())))
    } while (mayGoOn())
  }

  const pauseAfter = (error: unknown): number => {
    failures += 1
    const firstMs = error instanceof ChannelError && error.code === 'needs_operator' ? loginPauseMs : firstPauseMs
    const ceiling = Math.min(longestPauseMs, firstMs * 2 ** Math.min(failures - 1, 20))
    return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2)
  }

  /** One hold of the lock; the pause before the next one. */
  const turn = async (): Promise<number> => {
    let pauseMs = 0
    await host.locks.withLock(`email:imap:${host.inboxId}`, holdMs * 3, async () => {
      clearTimeout(closing)
      if (stopped) return
      holding = hold().catch((error: unknown) => {
        close()
        if (stopped) return
        pauseMs = pauseAfter(error)
        report(deps, error, pauseMs)
      })
      await holding
      holding = undefined
      closing = setTimeout(close, keepMs)
    })
    return pauseMs
  }

  const pause = async (ms: number): Promise<void> => {
    const until = performance.now() + ms
    // Rings of a connection that is closing do not shorten it.
    for (let left = ms; left > 0 && !stopped; left = until - performance.now()) await bell.wait(left)
  }

  const loop = async (): Promise<void> => {
    while (!stopped) {
      try {
        await pause(await turn())
      } catch (error) {
        // The locks are away.
        const pauseMs = pauseAfter(error)
        report(deps, error, pauseMs)
        await pause(pauseMs)
      }
    }
  }

  return {
    start: () => void loop(),
    stop: async () => {
      stopped = true
      stopping.abort()
      bell.ring()
      await holding
      clearTimeout(closing)
      close()
    },
  }
}
