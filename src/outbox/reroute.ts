import { topics, type Bus, type Locks } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import type { Logger } from '../core/log.ts'
import type { Part } from '../core/message.ts'
import type { StrandedMessages } from '../core/stores.ts'

export interface RerouteDeps {
  readonly stranded: StrandedMessages
  /** Degrades one message to what an inbox's channel can show. */
  readonly compose: (
    inboxId: string,
    parts: readonly Part[],
    author: OutboundDraft['author'],
  ) => OutboundDraft
  readonly bus: Bus
  readonly locks: Locks
  readonly clock: Clock
  readonly log: Logger
  readonly everyMs: number
}

const batch = 50
const lockMs = 30_000

/**
 * Sends what waits for a contact by another address of theirs, where they allowed that. Looks every `everyMs`;
 * returns what ends it.
 */
export const startReroute = ({ stranded, compose, bus, locks, clock, log, everyMs }: RerouteDeps) => {
  let running: Promise<void> | undefined
  const moveAll = async (): Promise<void> => {
    let moved = 0
    for (const message of await stranded.list(batch, clock.now())) {
      const draft = compose(message.inboxId, message.parts, message.author)
      if (await stranded.move(message, draft, clock.now())) moved += 1
    }
    if (moved === 0) return
    log.info({ moved }, 'messages went by another address of their contacts')
    bus.publish(topics.outbox, {})
  }
  const look = (): void => {
    running ??= locks
      .withLock('outbox.reroute', lockMs, moveAll)
      .catch((error: unknown) => log.error({ error }, 'stranded messages could not be moved'))
      .finally(() => {
        running = undefined
      })
  }
  const timer = setInterval(look, everyMs)
  return {
    look,
    stop: async (): Promise<void> => {
      clearInterval(timer)
      await running
    },
  }
}
