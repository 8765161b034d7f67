import type { ConversationMode } from '../core/conversation.ts'
import type { Query } from './database.ts'

/**
 * What an update of `conversations` sets when somebody else leads from now on: a turn under way ends, for its fence is
 * old, and what is pending is looked at again under the new mode. `mode` and `dialogue` name the statement's
 * parameters: the new mode, and what the bot starts from when it leads.
 */
export const newLeader = (mode: `$${number}`, dialogue: `$${number}`): string =>
  `mode = ${mode}, fence = fence + 1, lease_owner = null, lease_until = null,
  ready_at = case when pending > 0 then now() end,
  dialogue = case when ${mode} = 'bot' then ${dialogue}::jsonb else dialogue end`

// While any ticket of it is owed, a person leads: the bot does not speak because one of two matters is settled.
const lead = `update conversations set ${newLeader('$2', '$3')} where id = $1 and mode <> $2 and ($2 <> 'bot' or not exists (
  select 1 from tickets where conversation_id = $1 and state not in ('solved', 'closed') and id is distinct from $4::uuid))`

/** Who leads a conversation from now on, and for which of its tickets that is so. */
export interface LeadChange {
  readonly conversationId: string
  readonly mode: ConversationMode
  /** What the bot starts from, as JSON. */
  readonly dialogue: string
  /** The ticket on whose account it changes; the bot takes over only when no other is owed. */
  readonly ticketId?: string
}

/** Changes who leads a conversation; nothing when it is so already. */
export const changeMode = async (
  query: Query,
  { conversationId, mode, dialogue, ticketId }: LeadChange,
): Promise<void> => {
  await query(lead, [conversationId, mode, dialogue, ticketId])
}
