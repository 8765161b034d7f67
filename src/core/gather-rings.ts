import type { Bus } from './bus.ts'

/** Rings no more often than every `gatherMs`, and never less than once after the last call. */
const gatherRings = (ring: () => void, gatherMs: number) => {
  let timer: NodeJS.Timeout | undefined
  return {
    ring: () => {
      timer ??= setTimeout(() => {
        timer = undefined
        ring()
      }, gatherMs)
    },
    stop: () => clearTimeout(timer),
  }
}

/** Who rings, and how often at most. */
export interface RingOptions {
  readonly topics: readonly string[]
  readonly gatherMs: number
  readonly ring: () => void
}

/** Rings after whatever is published to these topics, for all that came within `gatherMs` once. Gives its end. */
export const ringTogether = async (
  bus: Pick<Bus, 'subscribe'>,
  { topics, gatherMs, ring }: RingOptions,
): Promise<() => void> => {
  const gathering = gatherRings(ring, gatherMs)
  const leaving = await Promise.all(topics.map((topic) => bus.subscribe(topic, () => gathering.ring())))
  return () => {
    for (const leave of leaving) leave()
    gathering.stop()
  }
}
