import { z } from '@hono/zod-openapi'
import type { SearchHit } from '../../core/message-search.ts'
import { toIso, type Iso } from './iso.ts'
import { Moment } from './message.ts'

export const MessageDirection = z.enum(['in', 'out', 'note', 'activity'])
export const MessageAuthor = z.enum(['contact', 'bot', 'agent', 'survey', 'system'])

const place = z.int().min(0)

/** A message in which all that was sought stands. */
export const MessageHitSchema = z
  .object({
    id: z.string(),
    conversationId: z.string(),
    seq: z.number(),
    inboxId: z.string(),
    channel: z.string(),
    contactId: z.string(),
    contactName: z.string(),
    direction: MessageDirection,
    author: MessageAuthor,
    agentId: z.string().optional(),
    agentName: z.string().optional(),
    at: Moment,
    ticketId: z.string().optional().openapi({ description: 'The newest ticket of the conversation' }),
    ticketNumber: z.number().optional(),
    snippet: z.object({
      text: z.string(),
      matches: z
        .array(z.object({ from: place, to: place }))
        .readonly()
        .openapi({
          description: 'Where the words stand in `text`, in UTF-16 units; `to` is the first after it',
        }),
      cutBefore: z.boolean(),
      cutAfter: z.boolean().openapi({ description: 'The message goes on after `text`' }),
    }),
  })
  .openapi('MessageHit')

/** A hit as JSON. */
export const messageHitJson = ({
  message,
  snippet,
}: SearchHit): Iso<SearchHit['message']> & Pick<SearchHit, 'snippet'> => ({
  ...toIso(message),
  snippet,
})
