import type { Part } from './message.ts'

/** What a person of ours said to a contact on the provider's own client. */
export interface SaidElsewhere {
  readonly threadKey: string
  /** Unique per inbox; what is known already changes nothing. */
  readonly dedupKey: string
  readonly parts: readonly Part[]
  readonly sentAt: Date
}

/** What a provider tells of conversations beside messages. Each is harmless to repeat; unknown threads change nothing. */
export interface ProviderNews {
  /** A person leads on the provider's own client: the bot is silent from now on. */
  takenOver(threadKey: string): Promise<void>
  /** That person is done and the bot leads again; while a ticket is open only when `despiteTicket`. */
  givenBack(threadKey: string, despiteTicket: boolean): Promise<void>
  /** Stores what that person said, so that the transcript is whole. */
  said(message: SaidElsewhere): Promise<void>
}
