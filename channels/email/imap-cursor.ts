/** How far a mailbox has been read. Source: RFC 9051 2.3.1.1 (UIDs grow within one UIDVALIDITY). */
import { z } from 'zod'
import type { CursorStore } from '../../src/core/cursor.ts'

const Position = z.object({
  uidValidity: z.string(),
  /** Everything up to it is stored. */
  lastUid: z.number().int().min(0),
  /** When the last mail arrived, for finding the place again when the server numbers anew. */
  at: z.iso.datetime(),
})
export type Position = z.infer<typeof Position>

export interface MailboxCursor {
  read(): Promise<Position | undefined>
  write(position: Position): Promise<void>
}

const parse = (value: string | undefined): Position | undefined => {
  if (value === undefined) return undefined
  try {
    return Position.parse(JSON.parse(value))
  } catch {
    return undefined
  }
}

export const createMailboxCursor = (store: CursorStore, mailbox: string): MailboxCursor => ({
  read: async () => parse(await store.read(`imap:${mailbox}`)),
  write: (position) => store.write(`imap:${mailbox}`, JSON.stringify(position)),
})
