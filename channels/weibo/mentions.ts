/** Weibo lets a mention be answered once in its window; further ones of the same contact are for the agents' eyes. */
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import type { InboundMessage } from '../../src/core/message.ts'

export interface MentionDeps {
  readonly host: Pick<ChannelHost, 'inboxId' | 'cursor' | 'locks' | 'clock'>
  readonly windowMs: number
  /** Whether the bot answers; else only an agent may. */
  readonly answered: boolean
}

const Mark = z.object({ dedupKey: z.string(), until: z.number() })

const readMark = (value: string | undefined): z.infer<typeof Mark> | undefined => {
  try {
    return Mark.parse(JSON.parse(value ?? ''))
  } catch {
    return undefined
  }
}

const lockMs = 10_000

/**
 * Gives the first mention of a contact in a window the right to an answer. The mark outlives restarts and caches: a
 * second answer is one that Weibo refuses. The answer never rides on the request, where nobody would count it.
 */
export const createMentionGrant =
  ({ host, windowMs, answered }: MentionDeps) =>
  (message: InboundMessage): Promise<InboundMessage> => {
    const { contactKey, dedupKey } = message
    const name = `mention:${contactKey}`
    return host.locks.withLock(`weibo:${name}:${host.inboxId}`, lockMs, async () => {
      const now = host.clock.now().getTime()
      const mark = readMark(await host.cursor.read(name))
      const isTaken = mark !== undefined && mark.until > now
      // A retry of the first one is still the first one.
      if (isTaken && mark.dedupKey !== dedupKey) return message
      if (!isTaken) await host.cursor.write(name, JSON.stringify({ dedupKey, until: now + windowMs }))
      return { ...message, opens: 'mention', wantsReply: answered }
    })
  }
