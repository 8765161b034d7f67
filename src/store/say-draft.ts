import type { OutboundDraft } from '../core/conversation.ts'
import { toJson, type Query } from './database.ts'
import { addMessage, addOutbox } from './say.ts'
import { outboundRows } from './turns.ts'

/** What is said outside a turn, and where. */
export interface Saying {
  readonly draft: OutboundDraft
  readonly conversationId: string
  /** The agent who says it; null: nobody of them. */
  readonly agentId: string | null
  /** Milliseconds before it is sent. */
  readonly holdMs: number
  readonly now: Date
}

/** Says something within a transaction; gives the id of the message. */
export const sayDraft = async (
  query: Query,
  { draft, conversationId, agentId, holdMs, now }: Saying,
): Promise<string> => {
  const { message, outbox } = outboundRows(draft, conversationId, undefined)
  const parts = toJson(message.parts)
  await query(addMessage, [message.id, conversationId, 'out', message.author, agentId, parts, now])
  await query(addOutbox, [toJson(outbox.map((row, place) => ({ ...row, place }))), now, holdMs])
  return message.id
}
