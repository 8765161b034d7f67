import type { ChannelErrorCode } from './errors.ts'

/** A message of ours, by the outbox row it was. */
export interface SentMessage {
  readonly outboundId: string
  readonly threadKey: string
  readonly contactKey: string
}

/** Why a message that the provider had taken did not arrive after all. */
export interface Bounce {
  readonly code: ChannelErrorCode
  /** For people; never an address. */
  readonly message: string
  readonly providerCode?: string
}

/** What an inbox sent, for channels that hear of it again: answers to it, and its coming back undelivered. */
export interface SentMessages {
  /** The message with this `OutboundMessage.id`; undefined when this inbox never had it. */
  find(outboundId: string): Promise<SentMessage | undefined>
  /** How many messages of ours that no agent wrote went to a contact since, other than `except` itself. */
  countAutomatic(query: {
    readonly contactKey: string
    readonly since: Date
    readonly except: string
  }): Promise<number>
  /** Shows a sent message as failed. False, and nothing changes, when it does not count as sent (now, or any more). */
  bounce(outboundId: string, bounce: Bounce): Promise<boolean>
}
