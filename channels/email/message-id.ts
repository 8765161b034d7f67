/** Message-IDs of ours: `<out.<outbox row>.<inbox>@<domain>>`, the same for every try of one row. */
import { createHash } from 'node:crypto'
import { base32, comparable } from './addresses.ts'
import type { EmailConfig } from './manifest.ts'

const pattern = /^out\.([\w-]{1,64})\.[a-z0-9]{1,16}$/i

export interface MessageIds {
  /** Our Message-ID for an outbox row, without brackets. */
  of(outboundId: string): string
  /** The outbox row a Message-ID names; undefined when it is not of our making. */
  outboundIdOf(messageId: string): string | undefined
  /** The outbox row that the tag of a bounce address names. */
  outboundIdOfTag(tag: string): string | undefined
}

export const createMessageIds = (config: EmailConfig, inboxId: string): MessageIds => {
  const domain = comparable(
    config.messageIdDomain ?? config.address.slice(config.address.lastIndexOf('@') + 1),
  )
  const inbox = base32(createHash('sha256').update(inboxId).digest().subarray(0, 5))
  const outboundIdOfTag = (tag: string): string | undefined => pattern.exec(tag)?.[1]
  return {
    of: (outboundId) => `out.${outboundId}.${inbox}@${domain}`,
    outboundIdOfTag,
    outboundIdOf: (messageId) => {
      const at = messageId.lastIndexOf('@')
      return comparable(messageId.slice(at + 1)) === domain
        ? outboundIdOfTag(messageId.slice(0, at))
        : undefined
    },
  }
}
