import type { EventLog, EventPlace, EventType, LoggedEvent } from './event-log.ts'

/** The place of whoever has read nothing yet. */
const beginning = '0-0'

/** Somebody who reads the event log from their own place on. */
export interface LogReader {
  readonly events: Pick<EventLog, 'read'>
  readonly types: readonly EventType[]
  /** Most events that are taken in at once. */
  readonly limit: number
  /** How far was read. */
  readonly place: () => Promise<EventPlace>
  /**
   * Takes in what stands behind `before`, and the place with it; how much was kept. Undefined: nothing of it is settled
   * yet, or another node was faster.
   */
  readonly take: (read: readonly LoggedEvent[], before: EventPlace) => Promise<number | undefined>
}

/** Reads on to the end of the log, or as far as it is settled. Gives how much was kept. */
export const readOn = async (
  { events, types, limit, place, take }: LogReader,
  signal: AbortSignal,
): Promise<number> => {
  let kept = 0
  while (!signal.aborted) {
    const before = await place()
    const after = before === beginning ? {} : { after: before }
    const read = await events.read({ ...after, types, limit })
    const count = await take(read, before)
    kept += count ?? 0
    if (count === undefined || read.length < limit) return kept
  }
  return kept
}
