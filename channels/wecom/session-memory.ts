/** What is remembered of sessions, over all nodes; hints only, WeCom knows better. */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { Address } from './item.ts'
import { threadKeyOf } from './item.ts'

type MemoryHost = Pick<ChannelHost, 'inboxId' | 'cache' | 'clock' | 'news'>

/** Milliseconds for which a state that lets us speak is believed; WeCom refuses us if it changed. */
const believedMs = 30_000

/** Remembers for a moment that the API may speak. */
export const createBelief = (host: MemoryHost) => {
  const keyOf = (address: Address): string => `wecom:session:${host.inboxId}:${threadKeyOf(address)}`
  const now = (): number => host.clock.now().getTime()
  return {
    keep: (address: Address): Promise<void> =>
      host.cache.set(keyOf(address), String(now() + believedMs), believedMs),
    holds: async (address: Address): Promise<boolean> => Number(await host.cache.get(keyOf(address))) > now(),
    drop: (address: Address): Promise<void> => host.cache.set(keyOf(address), '0', 1),
  }
}

/** How long a takeover is remembered, and how often its end is asked for while the contact writes. */
const takeover = { rememberedMs: 7 * 24 * 3_600_000, askedEveryMs: 60_000 } as const

/** Remembers who was taken over in WeCom; a hint only, the conversation's mode is the store's. */
export const createTakeovers = (host: MemoryHost) => {
  const keyOf = (address: Address): string => `wecom:taken-over:${host.inboxId}:${threadKeyOf(address)}`
  const now = (): number => host.clock.now().getTime()
  const remember = (address: Address): Promise<void> =>
    host.cache.set(keyOf(address), String(now() + takeover.askedEveryMs), takeover.rememberedMs)
  return {
    begin: async (address: Address): Promise<void> => {
      await remember(address)
      await host.news.takenOver(threadKeyOf(address))
    },
    end: async (address: Address, despiteTicket: boolean): Promise<void> => {
      const known = await host.cache.get(keyOf(address))
      if (known !== undefined) await host.cache.drop(keyOf(address), known)
      await host.news.givenBack(threadKeyOf(address), despiteTicket)
    },
    /** Whether it is time to ask if the person is still there. */
    isDue: async (address: Address): Promise<boolean> => {
      const known = await host.cache.get(keyOf(address))
      if (known === undefined || Number(known) > now()) return false
      await remember(address)
      return true
    },
  }
}
