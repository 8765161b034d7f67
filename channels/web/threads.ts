import { z } from 'zod'
import { topics } from '../../src/core/bus.ts'
import type { Bus } from '../../src/core/bus.ts'

// Other parts and nodes publish here, too: what does not fit is not ours.
const hint = z.object({
  threadKey: z.string(),
  /** The newest message, when known. */
  seq: z.int().optional(),
  typing: z.object({ by: z.enum(['contact', 'agent']), on: z.boolean() }).optional(),
  /** What is being written to the contact, about the message `after`; empty: nothing any more. */
  preview: z.object({ after: z.int(), text: z.string().max(8_000) }).optional(),
  /** The contact has read up to here. */
  read: z.int().optional(),
})

/** News about a thread. Only a hint: the log tells what was said. */
export type Hint = z.output<typeof hint>

/** A socket or a waiting poll of a visitor. */
export interface Listener {
  hear(hint: Hint): void
  /** A newer one took its place. */
  replaced(): void
  /** The channel stops. */
  stopped(): void
}

/** Who listens to which thread on this node. */
export interface Threads {
  start(): Promise<void>
  stop(): void
  /** Listens until the returned function is called; the oldest listener above the limit is replaced. */
  join(threadKey: string, listener: Listener): () => void
  publish(hint: Hint): void
}

/** One subscription for the whole inbox, spread over the listeners of each thread. */
export const createThreads = (bus: Bus, inboxId: string, maxPerThread: number): Threads => {
  const listeners = new Map<string, Set<Listener>>()
  const topic = topics.thread(inboxId)
  let unsubscribe = (): void => undefined
  let isStopped = false

  const hear = (payload: unknown): void => {
    const parsed = hint.safeParse(payload)
    if (!parsed.success) return
    for (const listener of [...(listeners.get(parsed.data.threadKey) ?? [])]) listener.hear(parsed.data)
  }
  const leave = (threadKey: string, listener: Listener): void => {
    const present = listeners.get(threadKey)
    if (present?.delete(listener) && present.size === 0) listeners.delete(threadKey)
  }
  return {
    async start() {
      isStopped = false
      unsubscribe = await bus.subscribe(topic, hear)
    },
    stop() {
      isStopped = true
      unsubscribe()
      for (const listener of [...listeners.values()].flatMap((present) => [...present])) listener.stopped()
      listeners.clear()
    },
    join(threadKey, listener) {
      // Whoever comes while the server closes would wait for news that nobody brings.
      if (isStopped) {
        listener.stopped()
        return () => undefined
      }
      const present = listeners.get(threadKey) ?? new Set()
      listeners.set(threadKey, present)
      const [oldest] = present
      if (oldest && present.size >= maxPerThread) {
        present.delete(oldest)
        oldest.replaced()
      }
      // A replaced listener that was the last one may have removed the set.
      listeners.set(threadKey, present.add(listener))
      return () => leave(threadKey, listener)
    },
    publish: (news) => bus.publish(topic, news),
  }
}
