/**
 * Keeps a mailbox read: connects, reads, waits for news, and begins again. One node at a time, by a lock that is
 * taken anew every half minute, so that another node goes on soon after one has died.
 */
import type { Bell } from '../../src/core/bell.ts'
import { createBell } from '../../src/core/bell.ts'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { Mailbox } from './imap-client.ts'
import type { Sync } from './imap-sync.ts'

export interface ImapReaderDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'locks' | 'log' | 'clock' | 'report'>
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

const notStored =
  '邮件暂时存不下：检查数据库、媒体目录与 Redis，恢复后会自动重读 / mail cannot be stored now: check the database, the media folder and Redis; it is read again by itself'

/** Tells the log and, through `host.report`, the desk: what is wrong, and when it is tried again. */
const reportFailure = ({ host }: ImapReaderDeps, error: unknown, pauseMs: number): void => {
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
  host.report({
    state: 'failing',
    reason: known === undefined ? notStored : (hint ?? known.message),
    nextTryAt: new Date(host.clock.now().getTime() + pauseMs),
  })
}

/** Pauses that double with every failure in a row, by chance a little shorter. */
const createBackoff = (firstPauseMs: number) => {
  let failures = 0
  return {
    succeeded: (): void => {
      failures = 0
    },
    pauseAfter: (error: unknown): number => {
      failures += 1
      const isLogin = error instanceof ChannelError && error.code === 'needs_operator'
      const firstMs = isLogin ? loginPauseMs : firstPauseMs
      const ceiling = Math.min(longestPauseMs, firstMs * 2 ** Math.min(failures - 1, 20))
      return Math.round(ceiling / 2 + (Math.random() * ceiling) / 2)
    },
  }
}

/** The one connection, opened when needed and kept between holds for a short while. */
const createConnection = ({ open, host }: ImapReaderDeps, onNews: () => void, signal: AbortSignal) => {
  let mailbox: Mailbox | undefined
  let closing: NodeJS.Timeout | undefined
  const close = (): void => {
    clearTimeout(closing)
    mailbox?.close()
    mailbox = undefined
  }
  return {
    close,
    closeSoon: (): void => {
      closing = setTimeout(close, keepMs)
    },
    get: async (): Promise<Mailbox> => {
      clearTimeout(closing)
      if (mailbox?.usable === true) return mailbox
      close()
      mailbox = await open(onNews, signal)
      host.log.info({}, 'mailbox open')
      return mailbox
    },
  }
}

/** Waits, unless it ends first; rings of a connection that is closing do not shorten it. */
const pauseFor = async (bell: Bell, ms: number, signal: AbortSignal): Promise<void> => {
  const until = performance.now() + ms
  for (let left = ms; left > 0 && !signal.aborted; left = until - performance.now()) await bell.wait(left)
}

export const createImapReader = (deps: ImapReaderDeps): ImapReader => {
  const { host, sync, pollMs, holdMs = 30_000, firstPauseMs = 1_000 } = deps
  const bell = createBell()
  const stopping = new AbortController()
  const { signal } = stopping
  const backoff = createBackoff(firstPauseMs)
  const connection = createConnection(deps, () => bell.ring(), signal)
  let holding: Promise<void> | undefined

  const hold = async (): Promise<void> => {
    const until = performance.now() + holdMs
    const mayGoOn = (): boolean => !signal.aborted && performance.now() < until
    const current = await connection.get()
    do {
      const isDone = await sync(current, mayGoOn)
      backoff.succeeded()
      host.report({ state: 'running' })
      if (!isDone) return
      current.listen()
      await bell.wait(Math.max(1, Math.min(pollMs, until - performance.now())))
    } while (mayGoOn())
  }

  /** One hold of the lock; the pause before the next one. */
  const turn = async (): Promise<number> => {
    let pauseMs = 0
    await host.locks.withLock(`email:imap:${host.inboxId}`, holdMs * 3, async () => {
      if (signal.aborted) return
      holding = hold().catch((error: unknown) => {
        connection.close()
        if (signal.aborted) return
        pauseMs = backoff.pauseAfter(error)
        reportFailure(deps, error, pauseMs)
      })
      await holding
      holding = undefined
      connection.closeSoon()
    })
    return pauseMs
  }

  const loop = async (): Promise<void> => {
    while (!signal.aborted) {
      try {
        await pauseFor(bell, await turn(), signal)
      } catch (error) {
        // The locks are away.
        const pauseMs = backoff.pauseAfter(error)
        reportFailure(deps, error, pauseMs)
        await pauseFor(bell, pauseMs, signal)
      }
    }
  }

  return {
    start: () => void loop(),
    stop: async () => {
      stopping.abort()
      bell.ring()
      await holding
      connection.close()
    },
  }
}
