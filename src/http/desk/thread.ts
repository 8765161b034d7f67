import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Ticket } from '../../core/ticket.ts'
import type { Stretch, ThreadReading } from '../../core/thread-reading.ts'
import { messageJson } from '../shapes/message.ts'
import { StretchSchema } from '../shapes/thread.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers } from './routes.ts'
import { IdParams } from './schemas.ts'

/** Messages that show what came before the first unread one. */
const lead = 20

const place = z.coerce.number().int().min(0).max(2_147_483_647).optional()
const StretchQuery = z
  .strictObject({
    before: place.openapi({ description: '`seq` of a message: those before it, the newest of them' }),
    from: place.openapi({ description: '`seq` of a message: it and those after it' }),
    limit: z.coerce.number().int().min(1).max(500).default(100),
  })
  .refine(({ before, from }) => before === undefined || from === undefined, {
    path: ['from'],
    message: 'name one place, not two',
  })

const readStretch = createRoute({
  method: 'get',
  path: '/tickets/{id}/messages',
  tags: ['tickets'],
  middleware: may('ticket.read'),
  request: { params: IdParams, query: StretchQuery },
  responses: answers(StretchSchema),
})

const stretchJson = ({ messages, earlier, later }: Stretch): z.infer<typeof StretchSchema> => ({
  messages: messages.map(messageJson),
  earlier,
  later,
})

/** What was said, as a page first shows it: the newest `last`, and what the agent has not read where that is further back. */
export const openThread = async (
  reading: ThreadReading,
  {
    ticket: { conversationId },
    agentId,
    last,
  }: { readonly ticket: Ticket; readonly agentId: string; readonly last: number },
) => {
  const [newest, unreadFrom] = await Promise.all([
    reading.stretch({ conversationId, limit: last }),
    reading.firstUnread(conversationId, agentId),
  ])
  const { messages, earlier } = stretchJson(newest)
  const first = messages[0]?.seq ?? 0
  if (unreadFrom === undefined) return { messages, earlier }
  if (unreadFrom >= first) return { messages, earlier, unreadFrom }
  const unread = await reading.stretch({
    conversationId,
    limit: last,
    from: Math.max(0, unreadFrom - lead),
  })
  return { messages, earlier, unreadFrom, unread: stretchJson(unread) }
}

/** Long conversations piece by piece. */
export const addThreadRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(readStretch, async (context) => {
    const { tickets, reading } = context.var.desk
    const { conversationId } = await tickets.get(context.req.valid('param').id)
    const { before, from, limit } = context.req.valid('query')
    const stretch = await reading.stretch({
      ...{ conversationId, limit },
      ...(before === undefined ? {} : { before }),
      ...(from === undefined ? {} : { from }),
    })
    return context.json(stretchJson(stretch), 200)
  })
}
