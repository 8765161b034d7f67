import { z } from '@hono/zod-openapi'
import {
  failureKinds,
  proposalKinds,
  proposalStates,
  type FailedQuestion,
  type Proposal,
  type ProposedEdits,
} from '../../core/learning.ts'
import { ActorSchema } from './incident.ts'
import { actorJson, ArticleContentSchema } from './knowledge.ts'
import { Moment } from './message.ts'

const Kind = z.enum(failureKinds)
const Counted = z.object({ articleId: z.string(), count: z.number() })
const score = z.number().openapi({ description: 'Probability that it is the right one' })

const EvidenceSchema = z
  .object({
    failures: z
      .array(z.object({ kind: Kind, count: z.number() }))
      .readonly()
      .openapi({ description: 'How the questions went wrong' }),
    closest: z
      .array(z.object({ articleId: z.string(), question: z.string(), score }))
      .readonly()
      .openapi({ description: 'What the knowledge in use weighs for them, by the mean score' }),
    sampled: z.number().openapi({ description: 'Questions that these means are of' }),
    threshold: z
      .object({
        answerAt: z.number().openapi({ description: 'From which score on an article was given' }),
        count: z.number(),
        mean: z.number(),
        lowest: z.number(),
        highest: z.number(),
        fourOfFiveAt: z
          .number()
          .openapi({ description: 'From which score on four of five would have been answered' }),
      })
      .optional()
      .openapi({ description: 'Of questions whose right article was first, and below the line' }),
    given: z
      .array(Counted)
      .readonly()
      .optional()
      .openapi({ description: 'Articles that were given to them' }),
    corrections: z
      .array(z.object({ from: z.string(), to: z.string(), count: z.number() }))
      .readonly()
      .optional(),
  })
  .openapi('ProposalEvidence')

/** Questions that mean the same, and what might be done about them. */
export const ProposalSchema = z
  .object({
    id: z.string(),
    kind: z.enum(proposalKinds),
    state: z.enum(proposalStates),
    label: z.string().openapi({ description: 'The name a person gave, else the most typical question' }),
    articleId: z.string().optional().openapi({ description: 'Absent: a new article' }),
    count: z.number(),
    contacts: z.number().openapi({ description: 'People who asked' }),
    channels: z.array(z.object({ channel: z.string(), count: z.number() })).readonly(),
    trend: z.object({
      weeks: z
        .array(z.number())
        .readonly()
        .openapi({ description: 'The last eight weeks, the oldest first' }),
      usual: z.number(),
      rising: z.boolean(),
    }),
    examples: z.array(z.string()).readonly().openapi({ description: 'The latest; personal data is masked' }),
    evidence: EvidenceSchema,
    firstAt: Moment.optional(),
    lastAt: Moment.optional(),
    settledAt: Moment.optional(),
    settledBy: ActorSchema.optional().openapi({ description: 'Who accepted or dismissed it last' }),
    reason: z.string().optional().openapi({ description: 'Why it was dismissed' }),
    draftIds: z.array(z.string()).readonly(),
    evaluationId: z.string().optional(),
    createdAt: Moment,
    updatedAt: Moment,
    mergedInto: z.string().optional().openapi({ description: 'The proposal that goes on for it' }),
    endedAt: Moment.optional(),
    version: z.number(),
  })
  .openapi('Proposal')

const EditSchema = z.object({
  articleId: z.string(),
  action: z.enum(['save', 'retire', 'use-file']),
  content: ArticleContentSchema.optional(),
  reason: z.string(),
})
/** What accepting would write. */
export const ProposedSchema = z
  .object({
    edits: z.array(EditSchema).readonly(),
    needsEditor: z.array(z.string()).readonly().openapi({ description: 'Fields that a person must look at' }),
  })
  .openapi('ProposedEdits')

export const QuestionSchema = z
  .object({
    id: z.string(),
    kind: Kind,
    sentence: z.string().openapi({ description: 'Personal data is masked' }),
    messageId: z.string(),
    conversationId: z
      .string()
      .optional()
      .openapi({ description: 'Absent: a reader of the help centre searched for it; there is no message' }),
    inboxId: z.string(),
    channel: z.string(),
    saidAt: Moment,
    given: z.string().optional().openapi({ description: 'The article that was given' }),
    candidates: z.array(z.object({ articleId: z.string(), score })).readonly(),
    answerAt: z.number(),
    right: z
      .string()
      .optional()
      .openapi({ description: 'The article that would have been right, as the contact or a reviewer said' }),
    proposalId: z.string().optional(),
    placedBy: z.enum(['machine', 'person']).optional(),
    version: z.number(),
  })
  .openapi('FailedQuestion')

const written = (at: Date | undefined): string | undefined => at?.toISOString()

/** Leaves out what is undefined. */
const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value

export const proposalJson = (proposal: Proposal): z.output<typeof ProposalSchema> => {
  const { firstAt, lastAt, settledAt, settledBy, createdAt, updatedAt, endedAt, ...rest } = proposal
  return present({
    ...rest,
    firstAt: written(firstAt),
    lastAt: written(lastAt),
    settledAt: written(settledAt),
    settledBy: settledBy === undefined ? undefined : actorJson(settledBy),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    endedAt: written(endedAt),
  })
}

export const proposedJson = ({ edits, needsEditor }: ProposedEdits): z.output<typeof ProposedSchema> => ({
  edits: edits.map((edit) => present({ ...edit })),
  needsEditor,
})

export const questionJson = ({ saidAt, ...rest }: FailedQuestion): z.output<typeof QuestionSchema> =>
  present({ ...rest, saidAt: saidAt.toISOString() })
