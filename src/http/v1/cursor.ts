import { z } from '@hono/zod-openapi'
import { Problem } from '../problem.ts'

/** A place in a list, as one opaque word. */
export interface CursorKind<Place> {
  write(place: Place): string
  /** Throws `bad_input` for what this list did not give out. */
  read(cursor: string | undefined): Place | undefined
}

const wrong = (): Problem =>
  new Problem('bad_input', 'this cursor is not one of this list; take it from `next` as it stands', {
    errors: [{ field: 'cursor', in: 'query', message: 'not a cursor of this list' }],
  })

const parse = (cursor: string): unknown => {
  try {
    return JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8'))
  } catch {
    throw wrong()
  }
}

/** Makes the cursors of one list. They hold nothing that the list does not show, so they are checked, not signed. */
export const createCursors = <Schema extends z.ZodType>(
  list: string,
  place: Schema,
): CursorKind<z.output<Schema>> => {
  const whole = z.object({ list: z.literal(list), place: z.unknown() })
  return {
    write: (value) => Buffer.from(JSON.stringify({ list, place: value })).toString('base64url'),
    read: (cursor) => {
      if (cursor === undefined) return undefined
      const ours = whole.safeParse(parse(cursor))
      const read = place.safeParse(ours.data?.place)
      if (!ours.success || !read.success) throw wrong()
      return read.data
    },
  }
}

const limit = z.coerce
  .number()
  .int()
  .min(1)
  .max(200)
  .default(50)
  .openapi({ description: 'Most entries of a page' })

/** The query of every list. */
export const pageQuery = {
  limit,
  cursor: z
    .string()
    .max(500)
    .optional()
    .openapi({ description: '`next` of the page before; absent: the first page' }),
}

/** One page and where the next begins. */
export interface Page<Item> {
  readonly data: readonly Item[]
  /** Absent: this was the last. */
  readonly next?: string
}

/** The page's schema. */
export const pageOf = <Item extends z.ZodType>(item: Item) =>
  z.object({
    data: z.array(item).readonly(),
    next: z.string().optional().openapi({ description: 'Cursor of the next page; absent: this is the last' }),
  })

/** Cuts a page out of `limit + 1` rows. */
export const cutPage = <Row, Item>(
  rows: readonly Row[],
  max: number,
  { json, cursor }: { readonly json: (row: Row) => Item; readonly cursor: (last: Row) => string },
): Page<Item> => {
  const kept = rows.slice(0, max)
  const last = kept.at(-1)
  return {
    data: kept.map(json),
    ...(rows.length > max && last !== undefined ? { next: cursor(last) } : {}),
  }
}
