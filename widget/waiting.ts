/** Where the visitor stands with people: asked for when it may have changed, and no more often than queues move. */
import { createPause } from './pause.ts'
import type { State } from './state.ts'

export interface Waiting {
  /** Something happened after which one may stand elsewhere. */
  soon(): void
  now(): void
  forget(): void
  /** Leaves the line; false: it could not be said to the server. */
  stop(): Promise<boolean>
}

const everyMs = 20_000
/** A turn of the bot's may open a ticket a moment after its words are there. */
const soonMs = 800

export const createWaiting = ({ session, standing, isOpen }: State): Waiting => {
  const ask = async (): Promise<void> => {
    pause.end()
    if (!session.exists()) return
    standing.value = (await session.standing()) ?? standing.value
    // Only who waits and looks is told again.
    if (standing.value?.waits !== undefined && isOpen.value) pause.begin(everyMs)
  }
  const pause = createPause(() => void ask())
  return {
    soon: () => pause.begin(soonMs),
    now: () => void ask(),
    forget() {
      pause.end()
      standing.value = undefined
    },
    async stop() {
      const now = await session.stopWaiting()
      if (now === undefined) return false
      standing.value = now
      return now.waits === undefined
    },
  }
}
