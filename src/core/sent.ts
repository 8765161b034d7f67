import type { ChannelErrorCode } from './errors.ts'

/** A message of ours, by the outbox row it was. */
export interface SentMessage {
  readonly outboundId: string
  readonly threadKey: string
  readonly contactKey: string
}

/** Why a message that the provider had taken never reached its contact. */
export interface DeliveryFault {
  readonly code: ChannelErrorCode
  /** For the agent: what happened and what can be done; never an address. */
  readonly message: string
  readonly providerCode?: string
}

/** What an inbox sent, for channels that hear of it again: answers to it, and that it did not arrive after all. */
export interface SentMessages {
  /** The message with this `OutboundMessage.id`; undefined when this inbox never had it. */
  find(outboundId: string): Promise<SentMessage | undefined>
  /** How many messages of ours that no agent wrote went to a contact since, other than `except` itself. */
  countAutomatic(query: {
    readonly contactKey: string
    readonly since: Date
    readonly except: string
  }): Promise<number>
  /**
   * Shows a message that the provider has, or is just getting, as failed. False, and nothing changes, for any other:
   * one that waits to be sent again, has failed already, or is not this inbox's.
   */
  neverArrived(outboundId: string, fault: DeliveryFault): Promise<boolean>
}
