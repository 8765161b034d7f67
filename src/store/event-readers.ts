import type { EventPlace } from '../core/event-log.ts'
import type { Query } from './database.ts'

const readPlace = 'select place from event_readers where name = $1'

/** Only from where the reader began: of two that read the same, one moves on. */
const movePlace = `
insert into event_readers (name, place) values ($1, $3)
on conflict (name) do update set place = excluded.place where event_readers.place = $2 returning name`

/** How far a reader of the event log has come; undefined: it has not begun. */
export const placeOf = async (query: Query, reader: string): Promise<EventPlace | undefined> =>
  (await query<{ place: string }>(readPlace, [reader]))[0]?.place

/** Moves a reader on; false when it is not at `before` any more. */
export const moveReader = async (
  query: Query,
  reader: string,
  { before, after }: { readonly before: EventPlace; readonly after: EventPlace },
): Promise<boolean> => (await query(movePlace, [reader, before, after])).length > 0
