/** What a text is to become. */
export type DraftMode = 'reply' | 'note'

/** What an agent typed for a ticket and has not sent. */
export interface AgentDraft {
  readonly mode: DraftMode
  readonly text: string
  readonly files: readonly { readonly mediaId: string; readonly name: string }[]
  /** The key under which it will be sent: from two browsers it arrives once. */
  readonly key: string
  readonly changedAt: Date
}

/** What is to be kept. */
export interface DraftChange extends Omit<AgentDraft, 'changedAt'> {
  readonly agentId: string
  readonly ticketId: string
  /** `changedAt` of the draft it goes on from; absent: none was seen. */
  readonly seen?: Date
}

/** Drafts of agents, each agent's own. */
export interface AgentDrafts {
  /** Those of an agent at a ticket; empty ones tell when the words went. */
  of(agentId: string, ticketId: string): Promise<readonly AgentDraft[]>
  /**
   * Keeps a draft. `other`: something else was written in another browser meanwhile, which stays; it comes back. Throws
   * `not_found`.
   */
  keep(
    change: DraftChange,
    now: Date,
  ): Promise<{ readonly outcome: 'kept' | 'other'; readonly draft: AgentDraft }>
}
