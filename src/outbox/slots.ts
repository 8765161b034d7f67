import type { DispatchClaim, DispatchRoom } from '../core/stores.ts'

/** A sender's slots, shared by its inboxes. */
export interface Slots {
  /** Room in `free` slots: an inbox holds at most three quarters of what the others leave it, the last few singly. */
  room(free: number): DispatchRoom
  /**
   * Notes what was taken into `room`; true when more may lie ready at once: the last few slots are free, or an inbox that was not
   * in `ofInbox` had as many as it had room for.
   */
  take(claims: readonly DispatchClaim[], room: DispatchRoom): boolean
  /** Gives a slot back; true when an inbox was held to its share, so that more may lie ready. */
  give(inboxId: string): boolean
}

const share = (slots: number): number => Math.floor((slots * 3) / 4)

/** Slots for inboxes that hold none, one for each: so that many find one, however many slow ones came first. */
const kept = (slots: number): number => Math.max(1, Math.floor(slots / 8))

/** One slow provider must not keep the others' messages waiting. */
export const createSlots = (): Slots => {
  const held = new Map<string, number>()
  let someHeldBack = false
  return {
    room: (free) => {
      const all = [...held.values()].reduce((sum, count) => sum + count, free)
      const open = Math.max(0, free - kept(all))
      const within = (slots: number): number => Math.max(0, Math.min(slots, open))
      return {
        total: open === 0 ? free : open,
        ofEach: Math.max(1, within(share(free))),
        ofInbox: new Map([...held].map(([inboxId, count]) => [inboxId, within(share(free + count) - count)])),
      }
    },
    take: (claims, { total, ofEach, ofInbox }) => {
      const taken = new Map<string, number>()
      for (const { message } of claims) taken.set(message.inboxId, (taken.get(message.inboxId) ?? 0) + 1)
      const isFull = claims.length === total
      const isNewcomer = [...taken].some(([inboxId, count]) => !ofInbox.has(inboxId) && count >= ofEach)
      someHeldBack =
        isFull ||
        [...new Set([...taken.keys(), ...ofInbox.keys()])].some(
          (inboxId) => (taken.get(inboxId) ?? 0) >= (ofInbox.get(inboxId) ?? ofEach),
        )
      for (const [inboxId, count] of taken) held.set(inboxId, (held.get(inboxId) ?? 0) + count)
      return isFull || isNewcomer
    },
    give: (inboxId) => {
      const left = (held.get(inboxId) ?? 1) - 1
      if (left === 0) held.delete(inboxId)
      else held.set(inboxId, left)
      return someHeldBack
    },
  }
}
