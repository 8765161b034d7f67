import type { ListSilentForms, SilentForm } from '../core/stores.ts'
import type { Database, Row } from './database.ts'

// Moments in ISO compare as text.
const findSilent = `
select id as "conversationId", inbox_id as "inboxId", thread_key as "threadKey", contact_key as "contactKey",
  account_key as "accountKey", dialogue -> 'form' ->> 'until' as until
from conversations
where dialogue -> 'form' is not null and dialogue -> 'form' ->> 'until' <= $1 and mode = 'bot' and pending = 0
order by dialogue -> 'form' ->> 'until' limit $2`

interface SilentRow extends Row, Omit<SilentForm, 'accountKey'> {
  readonly accountKey: string | null
}

/** Finds forms whose contact has been silent for too long. */
export const createListSilentForms =
  ({ query }: Database): ListSilentForms =>
  async (now, limit) =>
    (await query<SilentRow>(findSilent, [now.toISOString(), limit])).map(({ accountKey, ...row }) => ({
      ...row,
      ...(accountKey === null ? {} : { accountKey }),
    }))
