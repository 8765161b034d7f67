import type { EventLog, EventPlace, EventQuery, LoggedEvent } from './event-log.ts'

/** What a look into the log found, and how far it came. */
export interface LookedThrough {
  readonly events: readonly LoggedEvent[]
  /** Nothing up to here need be looked at again. */
  readonly to: EventPlace
  /** There may be more. */
  readonly more: boolean
}

const numbersOf = (place: EventPlace): readonly [tx: bigint, id: bigint] => {
  const [tx = '0', id = '0'] = place.split('-')
  return [BigInt(tx), BigInt(id)]
}

const later = (one: EventPlace, other: EventPlace): EventPlace => {
  const [[tx, id], [otherTx, otherId]] = [numbersOf(one), numbersOf(other)]
  return tx > otherTx || (tx === otherTx && id > otherId) ? one : other
}

/**
 * Reads on in the log, and moves past what is of no concern as well: whoever waits for something rare would otherwise read
 * everything since the last one at every look.
 */
export const lookThrough = async (
  events: Pick<EventLog, 'read' | 'newest'>,
  query: EventQuery & { readonly after: EventPlace },
): Promise<LookedThrough> => {
  // Asked first: whatever is older than this is seen by the look.
  const newest = await events.newest()
  const found = await events.read(query)
  const last = found.at(-1)?.id ?? query.after
  const more = found.length === query.limit
  return { events: found, to: more ? last : later(newest, last), more }
}
