import type { InboxTraffic } from '../core/inbox.ts'
import type { Database, Row } from './database.ts'

interface TrafficRow extends Row {
  readonly first_message_at: Date | null
  readonly first_reply_at: Date | null
}

/** Looks up when an inbox got its first message and delivered its first reply. */
export const createInboxTraffic =
  ({ query }: Database) =>
  async (inboxId: string): Promise<InboxTraffic> => {
    const [row] = await query<TrafficRow>(
      `select
         (select min(created_at) from messages where inbox_id = $1 and direction = 'in') as first_message_at,
         (select min(settled_at) from outbox where inbox_id = $1 and status = 'sent') as first_reply_at`,
      [inboxId],
    )
    const { first_message_at: message, first_reply_at: reply } = row ?? {}
    return {
      ...(message ? { firstMessageAt: message } : {}),
      ...(reply ? { firstReplyAt: reply } : {}),
    }
  }
