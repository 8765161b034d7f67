import { z } from '@hono/zod-openapi'
import type { AgentDraft } from '../../core/agent-drafts.ts'
import { Moment } from './message.ts'

export const DraftMode = z.enum(['reply', 'note'])

/** What the signed-in agent typed for a ticket and has not sent. */
export const DraftSchema = z
  .object({
    mode: DraftMode,
    text: z.string(),
    files: z.array(z.object({ mediaId: z.string(), name: z.string() })).readonly(),
    key: z.string().openapi({ description: 'Under which it will be sent' }),
    changedAt: Moment,
  })
  .openapi('Draft')

/** A draft as JSON. */
export const draftJson = ({ changedAt, ...rest }: AgentDraft): z.infer<typeof DraftSchema> => ({
  ...rest,
  changedAt: changedAt.toISOString(),
})
