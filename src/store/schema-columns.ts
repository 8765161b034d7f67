import { timestamp } from 'drizzle-orm/pg-core'

/** A moment. Full precision: rounded up to a millisecond, "ready now" would lie in the future of the next claim. */
export const at = (name: string) => timestamp(name, { withTimezone: true, mode: 'date' })
