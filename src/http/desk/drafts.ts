import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { Problem } from '../problem.ts'
import { DraftMode, DraftSchema, draftJson } from '../shapes/draft.ts'
import { Moment } from '../shapes/message.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import { IdempotencyKey, IdParams, maxAttachments } from './schemas.ts'

/** More than any reply: words that are too long to be sent are not lost either. */
const maxText = 20_000

const DraftInput = z.strictObject({
  mode: DraftMode,
  text: z.string().max(maxText),
  files: z.array(z.strictObject({ mediaId: z.uuid(), name: z.string().min(1).max(200) })).max(maxAttachments),
  key: IdempotencyKey,
  seen: Moment.optional().openapi({
    description: '`changedAt` of the draft it goes on from; absent: none was seen',
  }),
})

const DraftsSchema = z.object({ drafts: z.array(DraftSchema).readonly() }).openapi('Drafts')

// Whoever may read a ticket may keep words for it: a role that was taken away does not take them along.
const keepDraft = createRoute({
  method: 'put',
  path: '/tickets/{id}/draft',
  tags: ['tickets'],
  middleware: may('ticket.read'),
  request: { params: IdParams, body: body(DraftInput) },
  responses: answers(DraftsSchema),
})

/** What is typed and not sent yet, kept for the agent's other browsers. */
export const addDraftRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(keepDraft, async (context) => {
    const { desk, session } = context.var
    const { seen, ...draft } = context.req.valid('json')
    const { outcome, draft: now } = await desk.drafts.keep(
      {
        ...draft,
        agentId: session.agent.id,
        ticketId: context.req.valid('param').id,
        ...(seen === undefined ? {} : { seen: new Date(seen) }),
      },
      desk.clock.now(),
    )
    if (outcome === 'other')
      throw new Problem('conflict', 'something else was written in another browser; look at both', {
        drafts: [draftJson(now)],
      })
    return context.json({ drafts: [draftJson(now)] }, 200)
  })
}
