import { topics } from '../core/bus.ts'
import { keepLooking } from '../core/keep-looking.ts'
import { createMessageFeed } from '../search/index.ts'
import type { Parts } from './parts.ts'

/** Whoever writes what is said rings one of these. */
const ringing = [topics.wake, topics.turn, topics.ticket] as const
/** However many messages come, they are taken in together. */
const gatherMs = 1_000
/** Between looks when nothing rings. */
const pollMs = 3_000
/** Between steps while there is more to do: answering goes first. */
const breathMs = 20

/** Starts to take what is said into the search, seconds after it was said, and what was said before. Gives its end. */
export const startMessageSearch = async ({
  stores,
  backbone: { bus },
  log: parent,
}: Pick<Parts, 'stores' | 'backbone' | 'log'>): Promise<() => Promise<void>> => {
  const log = parent.child({ part: 'search' })
  const feed = createMessageFeed({ events: stores.events, intake: stores.messageIntake })
  return keepLooking({
    ...{ bus, topics: ringing, gatherMs, everyMs: pollMs, breathMs },
    look: feed,
    onFault: (error) => log.warn({ error }, 'messages could not be taken into the search; it is tried again'),
  })
}
