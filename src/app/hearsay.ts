import { topics } from '../core/bus.ts'
import type { EventPlace, EventType } from '../core/event-log.ts'
import { repeatFromNow } from '../core/repeat.ts'
import type { ThreadAddress } from '../core/typing.ts'
import { createNodeBoard } from '../store/index.ts'
import { silentAfterMs } from './node-reports.ts'
import type { Parts } from './parts.ts'

const everyMs = 1_000
/** So many events are read at once; whoever missed more is told of the rest a look later. */
const atOnce = 500
/**
 * So far behind the newest event reading goes on once it must: a node stands on the board only a while after it began to
 * work, and that Redis is away is known only a while after it went.
 */
const behindMs = 10_000
/** What an agent wrote is shown once it can no longer be taken back, and was handed over. */
const deliveryMs = 5_000

const told: readonly EventType[] = [
  'ticket.opened',
  'ticket.changed',
  'message.received',
  'message.sent',
  'message.noted',
]

/** What this needs of the product. */
export type HearsayParts = Pick<Parts, 'config' | 'log' | 'backbone'> & {
  readonly stores: Pick<Parts['stores'], 'database' | 'events' | 'findThread'>
}

/**
 * While the bus does not reach other nodes, tells the desks and web chats that are open on this one what the others did
 * after `since`, a second later. Gives its end.
 */
export const startHearsay = (
  { config, stores, backbone, log }: HearsayParts,
  since: EventPlace,
): (() => Promise<void>) => {
  const { bus } = backbone
  // The embedded database has but this node.
  if (stores.database.kind === 'embedded') return () => Promise.resolve()
  const isWhole = (): boolean => config.redis.url !== undefined && backbone.isConnected()
  const keptMs = config.tickets.undoSeconds * 1_000 + deliveryMs
  /** Whose clients are told again, and until when by `performance.now()`. */
  const recent = new Map<string, { readonly untilMs: number; readonly thread: ThreadAddress }>()
  const board = createNodeBoard(stores.database)
  let place = since
  let newest = since
  let newestMs = performance.now()

  /** Everything reaches everybody: by the bus, or because there is nobody else. */
  const isAlone = async (): Promise<boolean> => isWhole() || (await board.nodes(silentAfterMs)).length < 2
  const stayBehind = async (): Promise<void> => {
    if (performance.now() - newestMs < behindMs) return
    place = newest
    newest = await stores.events.newest()
    newestMs = performance.now()
  }
  const remember = async (conversationId: string): Promise<void> => {
    const thread = recent.get(conversationId)?.thread ?? (await stores.findThread(conversationId))
    if (thread !== undefined) recent.set(conversationId, { untilMs: performance.now() + keptMs, thread })
  }
  const look = async (): Promise<void> => {
    if (await isAlone()) return stayBehind()
    const events = await stores.events.read({ after: place, types: told, limit: atOnce })
    place = events.at(-1)?.id ?? place
    // What was read is not told again once this node has been alone.
    newest = place
    for (const conversationId of new Set(events.map((event) => event.conversationId))) {
      if (conversationId === undefined) continue
      await remember(conversationId)
      bus.publish(topics.ticket, { conversationId })
    }
    const now = performance.now()
    for (const [conversationId, { untilMs, thread }] of recent) {
      bus.publish(topics.thread(thread.inboxId), { threadKey: thread.threadKey })
      if (untilMs < now) recent.delete(conversationId)
    }
  }
  return repeatFromNow(everyMs, async () => {
    try {
      await look()
    } catch (error) {
      log.debug({ error }, 'what other nodes did could not be looked at')
    }
  })
}
