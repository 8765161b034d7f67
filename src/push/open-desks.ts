import type { Cache } from '../core/bus.ts'
import type { OpenDesks } from '../core/push.ts'

/** A window that is heard of so often is open; hidden ones may speak once a minute alone. */
const freshMs = 35_000
const longestMs = 80_000

const keyOf = (agentId: string): string => `desk-open ${agentId}`

/** Which agents have a window of the desk open, over all nodes. `now`: milliseconds. */
export const createOpenDesks = (cache: Cache, now: () => number = Date.now): OpenDesks => ({
  // A sign that is lost is given again soon, and nothing else may fail for it.
  note: (agentId) => cache.set(keyOf(agentId), String(now()), longestMs).catch(() => undefined),
  leave: async (agentId) => {
    const seen = await cache.get(keyOf(agentId)).catch(() => undefined)
    if (seen !== undefined) await cache.drop(keyOf(agentId), seen).catch(() => undefined)
  },
  stateOf: async (agentId) => {
    const seen = await cache.get(keyOf(agentId))
    if (seen === undefined) return 'closed'
    return now() - Number(seen) < freshMs ? 'open' : 'unsure'
  },
})
