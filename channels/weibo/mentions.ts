/** Weibo lets a mention be answered once in its window; further ones of the same contact are for the agents' eyes. */
import type { ChannelHost } from '../../src/core/channel.ts'
import type { InboundMessage } from '../../src/core/message.ts'

export interface MentionDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'cache'>
  readonly windowMs: number
  /** Whether the bot answers; else only an agent may. */
  readonly answered: boolean
}

/**
 * Gives the first mention of a contact in a window the right to an answer. The answer never rides on the request, where
 * nobody would count it.
 */
export const createMentionGrant =
  ({ host, windowMs, answered }: MentionDeps) =>
  async (message: InboundMessage): Promise<InboundMessage> => {
    const { contactKey, dedupKey } = message
    const key = `weibo:mention:${host.inboxId}:${contactKey}`
    const first = await host.cache.add(key, dedupKey, windowMs)
    // A retry of the first one is still the first one.
    if (!first && (await host.cache.get(key)) !== dedupKey) return message
    return { ...message, opens: 'mention', wantsReply: answered }
  }
