import type { DispatchClaim, DispatchRoom } from '../core/stores.ts'

/** A sender's slots, shared by its inboxes. */
export interface Slots {
  /** Room in `free` slots: an inbox holds at most three quarters of what the others leave it, and always one. */
  room(free: number): DispatchRoom
  /** Notes what was taken into `room`. */
  take(claims: readonly DispatchClaim[], room: DispatchRoom): void
  /** Gives a slot back; true when an inbox was held to its share, so that more may lie ready. */
  give(inboxId: string): boolean
}

/** So that every further inbox finds some slots, however many slow ones came first. */
const share = (slots: number): number => Math.ceil((slots * 3) / 4)

/** One slow provider must not keep the others' messages waiting. */
export const createSlots = (): Slots => {
  const held = new Map<string, number>()
  let someHeldBack = false
  return {
    room: (free) => ({
      total: free,
      ofEach: share(free),
      ofInbox: new Map(
        [...held].map(([inboxId, count]) => [
          inboxId,
          Math.max(count === 0 ? 1 : 0, share(free + count) - count),
        ]),
      ),
    }),
    take: (claims, { ofEach, ofInbox }) => {
      const taken = new Map<string, number>()
      for (const { message } of claims) taken.set(message.inboxId, (taken.get(message.inboxId) ?? 0) + 1)
      someHeldBack = [...new Set([...taken.keys(), ...ofInbox.keys()])].some(
        (inboxId) => (taken.get(inboxId) ?? 0) >= (ofInbox.get(inboxId) ?? ofEach),
      )
      for (const [inboxId, count] of taken) held.set(inboxId, (held.get(inboxId) ?? 0) + count)
    },
    give: (inboxId) => {
      const left = (held.get(inboxId) ?? 1) - 1
      if (left === 0) held.delete(inboxId)
      else held.set(inboxId, left)
      return someHeldBack
    },
  }
}
