import type { MentionService, MentionStore } from '../core/mention.ts'
import { loadSounds, type SoundsOf } from '../text/index.ts'

/** Mentions over a store: colleagues are found by how their names sound, too. */
export const createMentionService = (store: MentionStore): MentionService => {
  // Loaded when it is first needed: its dictionary takes memory.
  let sounds: Promise<SoundsOf> | undefined
  return {
    waitingOn: (ticketId) => store.waitingOn(ticketId),
    read: (agentId, ticketId, now) => store.read(agentId, ticketId, now),
    colleagues: async () => {
      sounds ??= loadSounds()
      const [all, soundsOf] = await Promise.all([store.colleagues(), sounds])
      return all.map((one) => ({ ...one, sounds: soundsOf(one.name) }))
    },
  }
}
