/** What a tool's parameter may be. */
export type ToolArgument = string | number | boolean
export type ToolArguments = Readonly<Record<string, ToolArgument>>

/** What a tool's form gathered: answers by parameter, as they were given. */
export interface GatheredForTool {
  readonly tool: string
  readonly answers: Readonly<Record<string, string>>
}

/** A call that waits for the contact's word. Nothing of it changes any more. */
export interface PendingToolCall {
  readonly id: string
  readonly tool: string
  readonly given: ToolArguments
  /** ISO; after it, it is not confirmed any more. */
  readonly until: string
}

/** A message that asked for the contact's word, and how far it came. */
export interface AskedQuestion {
  /** Its place in the conversation. */
  readonly seq: number
  /** The conversation's last place when the channel had taken it; absent: it is not known to have. */
  readonly shownSeq?: number
  /** It was sent, or nobody knows whether it arrived: an attempt got no answer. */
  readonly mayStand: boolean
  /** It waits for the contact's next request, which it then answers, or it went on that of a message of this turn. */
  readonly ridesNext: boolean
}

/**
 * The call that the contact confirmed last: its outcome is told again, and it is not made again. Or the one they left by saying
 * something else: they are told that their yes does nothing.
 */
export interface DoneToolCall extends Pick<PendingToolCall, 'id' | 'tool'> {
  /** ISO; after it, words are not about it any more. Absent: they never are, as in a state from before this was kept. */
  readonly until?: string
}
