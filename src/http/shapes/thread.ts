import { z } from '@hono/zod-openapi'
import { MessageSchema } from './message.ts'

/** Messages that follow each other without a gap. */
export const StretchSchema = z
  .object({
    messages: z.array(MessageSchema).readonly(),
    earlier: z.boolean().openapi({ description: 'Whether there are older ones' }),
    later: z.boolean().openapi({ description: 'Whether there are newer ones' }),
  })
  .openapi('Stretch')

/** Parts of a page that shows a conversation. */
export const threadShape = {
  messages: z.array(MessageSchema).readonly().openapi({ description: 'The newest ones, oldest first' }),
  earlier: z.boolean().openapi({ description: 'Whether there are older ones: GET /tickets/{id}/messages' }),
  unreadFrom: z.number().optional().openapi({
    description:
      '`seq` of the first message that you did neither read nor write; absent: none, or never opened',
  }),
  unread: StretchSchema.optional().openapi({
    description: 'Those around it, where they are not among `messages`',
  }),
}
