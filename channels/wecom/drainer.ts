/**
 * Reads an account's messages page by page, one reader at a time over all nodes. The cursor is written after the
 * page is stored: a crash in between reads the page again, and its messages are known by their ids.
 */
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'
import type { CallApi } from './client.ts'
import type { WecomConfig } from './manifest.ts'
import type { Page } from './sync-messages.ts'
import { syncMessages } from './sync-messages.ts'

export interface DrainerDeps {
  readonly config: WecomConfig
  readonly host: Pick<ChannelHost, 'inboxId' | 'locks' | 'cache' | 'cursor' | 'clock' | 'log'>
  readonly callApi: CallApi
  /** Stores a page; it may be the same as before. */
  readonly take: (openKfId: string, page: Page, answerFrom: Date) => Promise<void>
}

/** The reader of an inbox's accounts. */
export interface Drainer {
  /** Reads until there is no more; resolves once everything that is there now is stored. */
  drain(openKfId: string): Promise<void>
  /** Keeps a push's token for the next calls. */
  keepToken(openKfId: string, token: string): Promise<void>
}

/** A page is a call and a few statements; a holder that takes longer is stuck, and a second one does no harm. */
const holdMs = 60_000

/** WeCom's tokens live ten minutes; a little is left for the call itself. */
const tokenMs = 9.5 * 60_000

/** Pages in a row that bring nothing and move nothing while the platform says that there is more. */
const maxIdlePages = 3

const isBadCursorOrToken = (error: unknown): boolean =>
  error instanceof ChannelError && error.facts.providerCode === 95007

const createTokens = ({ host }: DrainerDeps) => {
  const keyOf = (openKfId: string): string => `wecom:sync-token:${host.inboxId}:${openKfId}`
  return {
    keep: (openKfId: string, token: string): Promise<void> => {
      const until = host.clock.now().getTime() + tokenMs
      return host.cache.set(keyOf(openKfId), `${until} ${token}`, tokenMs)
    },
    fresh: async (openKfId: string): Promise<string | undefined> => {
      const [until, token] = (await host.cache.get(keyOf(openKfId)))?.split(' ') ?? []
      return Number(until) > host.clock.now().getTime() ? token : undefined
    },
  }
}

/** From when on messages are answered: a few minutes before the very first look, remembered over restarts. */
const createAnswerFrom =
  ({ config, host }: DrainerDeps) =>
  async (openKfId: string): Promise<Date> => {
    const name = `answer-from/${openKfId}`
    const known = await host.cursor.read(name)
    if (known !== undefined) return new Date(known)
    const from = new Date(host.clock.now().getTime() - config.firstSyncGraceMs)
    await host.cursor.write(name, from.toISOString())
    return from
  }

const createReadPage = (deps: DrainerDeps) => {
  const { config, host, callApi, take } = deps
  const tokens = createTokens(deps)
  const answerFrom = createAnswerFrom(deps)
  const { pageSize: limit, voiceFormat } = config

  /** A refused token is left away; a refused cursor is given up, and the last three days are read again. */
  const fetchPage = async (openKfId: string, cursor: string | undefined): Promise<Page> => {
    const token = await tokens.fresh(openKfId)
    const attempt = (more: { cursor: string | undefined; token: string | undefined }) =>
      syncMessages(callApi, { openKfId, limit, voiceFormat, ...more })
    try {
      return await attempt({ cursor, token })
    } catch (error) {
      if (!isBadCursorOrToken(error)) throw error
      if (token !== undefined) {
        host.log.debug({ providerCode: 95007 }, 'sync token refused')
        try {
          return await attempt({ cursor, token: undefined })
        } catch (second) {
          if (!isBadCursorOrToken(second)) throw second
        }
      }
      if (cursor === undefined) throw error
      host.log.warn({ providerCode: 95007 }, 'cursor refused; the last three days are read again')
      return attempt({ cursor: undefined, token: undefined })
    }
  }

  const readPage = async (openKfId: string): Promise<{ hasMore: boolean; moved: boolean }> => {
    const name = `sync/${openKfId}`
    const cursor = await host.cursor.read(name)
    const from = await answerFrom(openKfId)
    const page = await fetchPage(openKfId, cursor)
    await take(openKfId, page, from)
    if (page.nextCursor === undefined || page.nextCursor === cursor)
      return { hasMore: page.hasMore, moved: false }
    await host.cursor.write(name, page.nextCursor)
    return { hasMore: page.hasMore, moved: true }
  }
  const lockOf = (openKfId: string): string => `wecom:sync:${host.inboxId}:${openKfId}`
  return {
    keepToken: tokens.keep,
    readPage: (openKfId: string) => host.locks.withLock(lockOf(openKfId), holdMs, () => readPage(openKfId)),
  }
}

/** Reads accounts for one inbox. */
export const createDrainer = (deps: DrainerDeps): Drainer => {
  const { readPage, keepToken } = createReadPage(deps)
  const running = new Map<string, Promise<void>>()
  const waiting = new Map<string, Promise<void>>()

  const readAll = async (openKfId: string): Promise<void> => {
    for (let idle = 0; idle < maxIdlePages;) {
      const { hasMore, moved } = await readPage(openKfId)
      if (!hasMore) return
      idle = moved ? 0 : idle + 1
    }
    throw new ChannelError('wecom', 'temporary', 'fetch messages: the cursor does not move')
  }
  const start = (openKfId: string): Promise<void> => {
    const run = readAll(openKfId).finally(() => running.delete(openKfId))
    running.set(openKfId, run)
    return run
  }
  return {
    keepToken,
    // A push during a run may be about what that run has read past: one more run follows, for all who came.
    drain: (openKfId) => {
      const current = running.get(openKfId)
      if (current === undefined) return start(openKfId)
      const next =
        waiting.get(openKfId) ??
        current
          .catch(() => undefined)
          .then(() => {
            waiting.delete(openKfId)
            return start(openKfId)
          })
      waiting.set(openKfId, next)
      return next
    },
  }
}
