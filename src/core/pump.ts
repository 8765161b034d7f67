import { setTimeout as delay } from 'node:timers/promises'
import { createBell } from './bell.ts'

/** What a pump moves. */
export interface PumpOptions<Item> {
  /** Leases up to `limit` items; fewer or none when there is no more. */
  readonly claim: (limit: number) => Promise<readonly Item[]>
  /** Works on one item; must not throw. */
  readonly handle: (item: Item) => Promise<void>
  /** Hears that claiming failed; the pump waits `pollMs` and goes on. */
  readonly onClaimError: (error: unknown) => void
  /** Items in work at once. */
  readonly concurrency: number
  /** How often to look without being rung. */
  readonly pollMs: number
  /**
   * So long after a ring it looks again, then after four times as long each time, up to `pollMs`: for claims that pass by what
   * somebody holds locked at that moment, a statement of another kind for some milliseconds most often. Default: `pollMs`.
   */
  readonly againMs?: number
}

/** A running pump. */
export interface Pump {
  /** There may be something to claim. */
  ring(): void
  /** Claims no more and waits for what is in work. */
  stop(): Promise<void>
}

/** Starts a loop that claims items when rung or due and works on several at once. */
export const startPump = <Item>({
  claim,
  handle,
  onClaimError,
  concurrency,
  pollMs,
  againMs = pollMs,
}: PumpOptions<Item>): Pump => {
  const bell = createBell()
  let active = 0
  let stopped = false

  const work = async (item: Item): Promise<void> => {
    await handle(item)
    // Only a full pump has left something lying; and whoever stops waits for the last.
    if (active === concurrency || stopped) bell.ring()
    active -= 1
  }

  const claimSome = async (room: number): Promise<number> => {
    try {
      const items = await claim(room)
      active += items.length
      for (const item of items) void work(item)
      return items.length
    } catch (error) {
      onClaimError(error)
      await delay(pollMs)
      return 0
    }
  }

  const loop = async (): Promise<void> => {
    let waitMs = pollMs
    while (!stopped) {
      const room = concurrency - active
      // As many as there was room for: there may be more. Fewer: the next ring tells.
      if (room > 0 && (await claimSome(room)) === room) continue
      waitMs = (await bell.wait(waitMs)) ? Math.min(againMs, pollMs) : Math.min(waitMs * 4, pollMs)
    }
  }

  const looping = loop()
  return {
    ring: () => bell.ring(),
    stop: async () => {
      stopped = true
      bell.ring()
      await looping
      while (active > 0) await bell.wait(pollMs)
    },
  }
}
