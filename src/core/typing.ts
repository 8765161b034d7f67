/** Where a conversation is held. */
export interface ThreadAddress {
  readonly inboxId: string
  readonly threadKey: string
}

/** The thread of a conversation; undefined when it is gone. */
export type FindThread = (conversationId: string) => Promise<ThreadAddress | undefined>

/** Shows or hides "typing" to a conversation's contact, where the channel can. A hint: returns at once, never throws. */
export type ShowTyping = (conversationId: string, on: boolean) => void

/** An agent types, or stopped typing, a reply. Throws `not_found`. */
export type AgentTyping = (typing: {
  readonly ticketId: string
  readonly agentId: string
  readonly on: boolean
}) => Promise<void>
