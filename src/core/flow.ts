/** Messages of an inbox that are still to be sent, by what they wait for. */
export interface UnsentDepth {
  readonly inboxId: string
  readonly state: UnsentState
  readonly count: number
  /** When the oldest was written. */
  readonly oldestAt: Date
}

/**
 * `queued`: goes as soon as somebody has time; `sending`: on its way; `window`, `quota`: goes when the contact writes again,
 * because the reply window is closed or the provider's allowance is used up; `waiting`: for a request to ride on, or a person.
 */
export const unsentStates = ['queued', 'sending', 'window', 'quota', 'waiting'] as const
export type UnsentState = (typeof unsentStates)[number]

/**
 * Open tickets by how many more messages their contacts can be sent before they write again: `closed` when no allowance is open
 * any more, `more` for five and more.
 */
export interface SendsLeft {
  readonly inboxId: string
  readonly left: 'closed' | '0' | '1' | '2' | '3' | '4' | 'more'
  readonly count: number
}

/** What stands in the queues of one database. Each question is answered from a small partial index or a small table. */
export interface FlowReading {
  /** Conversations that a worker could take up now, and for how long the oldest could, in milliseconds. */
  ready(): Promise<{ readonly count: number; readonly oldestMs: number }>
  unsent(): Promise<readonly UnsentDepth[]>
  /** Open tickets on channels with allowances, by inbox and by what is left. */
  sendsLeft(now: Date): Promise<readonly SendsLeft[]>
  /** Open tickets of which something promised is overdue. */
  overdue(now: Date): Promise<number>
  /** Agents by availability. */
  agents(): Promise<readonly { readonly availability: string; readonly count: number }[]>
  /** Nodes that told of themselves within the last `withinMs`; 0 where nodes do not tell. */
  nodes(withinMs: number): Promise<number>
}
