/** Names of contacts: fetched once a month, never at the cost of a message. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'

export interface NicknameDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache' | 'log'>
  /** Asks Weibo; absent: names stay empty. */
  readonly fetch: ((uid: string) => Promise<string>) | undefined
  /** Milliseconds a message waits for the name of who wrote it. Default 800. */
  readonly waitMs?: number
}

export interface Nicknames {
  /** The name, if it is known in time. Never throws. */
  find(uid: string): Promise<string | undefined>
  /** Resolves when nobody is being asked any more. */
  settled(): Promise<void>
}

const rememberMs = 30 * 24 * 3_600_000
/** A name that could not be had is asked for again after this. */
const forgetMs = 3_600_000

/** Names for one inbox. */
export const createNicknames = ({ host, fetch, waitMs = 800 }: NicknameDeps): Nicknames => {
  const asking = new Map<string, Promise<string>>()

  const ask = async (uid: string, key: string): Promise<string> => {
    if (fetch === undefined) return ''
    try {
      const name = await fetch(uid)
      await host.cache.set(key, name, name === '' ? forgetMs : rememberMs)
      return name
    } catch (error) {
      const { code, providerCode } =
        error instanceof ChannelError ? { code: error.code, ...error.facts } : { code: 'unknown' }
      host.log.warn({ code, providerCode }, 'nickname not fetched')
      await host.cache.set(key, '', forgetMs).catch(() => undefined)
      return ''
    }
  }

  /** One question at a time about each contact. */
  const askOnce = (uid: string, key: string): Promise<string> => {
    const running = asking.get(uid)
    if (running !== undefined) return running
    const started = ask(uid, key).finally(() => asking.delete(uid))
    asking.set(uid, started)
    return started
  }

  const find = async (uid: string): Promise<string | undefined> => {
    const key = `weibo:nickname:${host.inboxId}:${uid}`
    const known = await host.cache.get(key).catch(() => undefined)
    if (known !== undefined) return known
    const timer = new AbortController()
    const timeUp = sleep(waitMs, undefined, { signal: timer.signal }).catch(() => undefined)
    return Promise.race([askOnce(uid, key), timeUp]).finally(() => timer.abort())
  }

  return {
    find: async (uid) => {
      if (fetch === undefined) return undefined
      const name = await find(uid)
      return name === '' ? undefined : name
    },
    settled: async () => {
      while (asking.size > 0) await Promise.allSettled(asking.values())
    },
  }
}
