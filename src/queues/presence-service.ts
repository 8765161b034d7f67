import type { Clock } from '../core/clock.ts'
import type { PresenceService, PresenceStore } from '../core/queue.ts'
import type { QueuesConfig } from './config.ts'
import { assignPolicy } from './policy.ts'

export interface PresenceServiceOptions {
  readonly store: PresenceStore
  readonly config: QueuesConfig
  readonly clock: Clock
  /** Says that somebody came or went. Never throws. */
  readonly publish: () => void
}

/** Presence as people see and set it. */
export const createPresenceService = (options: PresenceServiceOptions): PresenceService => {
  const { store, config, clock, publish } = options
  return {
    list: async () => store.list(assignPolicy(config, clock.now()).countedAfter),
    set: async (agentId, availability) => {
      await store.set(agentId, availability, clock.now())
      publish()
    },
    beat: async (agentId, active) => {
      const standing = await store.beat(agentId, active, clock.now())
      if (standing === undefined) return undefined
      const { availability, automatic, returned } = standing
      if (returned) publish()
      return { availability, automatic }
    },
  }
}
