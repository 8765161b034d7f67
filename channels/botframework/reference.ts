/** Where a conversation lies and who talks: stored with the conversation, and renewed by each message of the contact. */
import { z } from 'zod'
import { ChannelError } from '../../src/core/errors.ts'

const Account = z.object({ id: z.string().min(1), name: z.string().optional() })

const Reference = z.object({
  serviceUrl: z.string(),
  channelId: z.string(),
  conversation: z.object({
    id: z.string().min(1),
    isGroup: z.boolean().optional(),
    conversationType: z.string().optional(),
    tenantId: z.string().optional(),
  }),
  /** The bot, as the channel calls it. */
  bot: Account,
  user: Account,
  locale: z.string().optional(),
})

/** A conversation reference, in the protocol's own words. */
export type Reference = z.infer<typeof Reference>

export const writeReference = (reference: Reference): string => JSON.stringify(reference)

/** Reads a stored reference. Throws `ChannelError` when there is none: nobody can be written to who never wrote. */
export const readReference = (text: string | undefined): Reference => {
  try {
    return Reference.parse(JSON.parse(text ?? ''))
  } catch {
    throw new ChannelError('botframework', 'unreachable', 'the conversation has no address', {
      hint: 'the contact must write first',
    })
  }
}
