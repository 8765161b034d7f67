import { z } from '@hono/zod-openapi'
import {
  actionKinds,
  caseNoticeKinds,
  caseStates,
  complaintKinds,
  objectKinds,
  verdicts,
  type CaseSummary,
  type ComplaintCase,
} from '../../core/complaint.ts'
import { identityStates } from '../../core/identity-check.ts'
import { toIso } from './iso.ts'
import { Moment } from './message.ts'

const Both = z.object({ zh: z.string(), en: z.string() })
const side = z.enum(['reporter', 'reported'])

const Thing = z.object({
  kind: z.enum(objectKinds),
  id: z.string().openapi({ description: 'As the platform writes it' }),
  key: z.string().openapi({ description: 'The same for every way of naming it: `video:170001`' }),
  aid: z.string().optional(),
})
const ReportedSchema = Thing.extend({
  on: Thing.optional().openapi({ description: 'Of a comment: what it stands under' }),
})

/** A declaration of rights. */
export const RightsSchema = z.strictObject({
  capacity: z.enum(['owner', 'agent']),
  work: z.string().max(500).optional().openapi({ description: 'Name or address of the original work' }),
  statement: z
    .string()
    .min(1)
    .max(2_000)
    .optional()
    .openapi({ description: 'The declaration in the reporter’s words; nothing is enforced without it' }),
})

const Evidence = z.object({
  id: z.string(),
  mediaId: z.string(),
  name: z.string().optional(),
  contentType: z.string().openapi({ description: 'By content' }),
  bytes: z.number(),
  sha256: z.string().openapi({ description: 'Of the file as it is kept' }),
  sentSha256: z.string().optional().openapi({ description: 'Of the file as it was handed in' }),
  description: z.string().optional(),
  side,
  addedBy: z.string(),
  addedAt: Moment,
})

const Decision = z.object({
  id: z.string(),
  round: z.number(),
  verdict: z.enum(verdicts),
  reason: z.string(),
  policyVersion: z.string(),
  reasonTitle: Both,
  note: z.string().optional(),
  hours: z.number().optional(),
  toReported: z.string().optional(),
  state: z.enum(['proposed', 'effective', 'rejected']),
  proposedBy: z.string(),
  proposedByName: z.string(),
  proposedAt: Moment,
  settledBy: z.string().optional(),
  settledByName: z.string().optional(),
  settledAt: Moment.optional(),
})

const Action = z.object({
  id: z.string(),
  decisionId: z.string(),
  kind: z.enum(actionKinds),
  state: z.enum(['requested', 'confirmed', 'failed']),
  lifts: z.string().optional(),
  requests: z.number(),
  requestedAt: Moment,
  settledAt: Moment.optional(),
  reference: z.string().optional(),
  problem: z.string().optional(),
})

const Notice = z.object({
  id: z.string(),
  side,
  about: z.enum(caseNoticeKinds),
  words: Both,
  messageId: z.string().optional(),
  at: Moment,
})

const Group = z.object({
  objectKey: z.string(),
  reports: z.number(),
  reporters: z.number(),
  firstAt: Moment,
  lastAt: Moment,
  flaggedAt: Moment.optional().openapi({ description: 'Since when its reports look coordinated' }),
})

const Line = z.object({
  at: Moment,
  actor: z.enum(['agent', 'program', 'system']),
  actorId: z.string().optional(),
  actorName: z.string().optional(),
  change: z.string(),
  detail: z.record(z.string(), z.unknown()),
})

/** A case as lists show it. */
export const CaseSummarySchema = z
  .object({
    id: z.string(),
    ticketId: z.string(),
    ticketNumber: z.number(),
    conversationId: z.string(),
    contactId: z.string(),
    inboxId: z.string(),
    title: z.string(),
    summary: z.string(),
    kind: z.enum(complaintKinds),
    state: z.enum(caseStates),
    round: z.number().openapi({ description: '2 once it was appealed' }),
    objects: z.array(ReportedSchema).readonly(),
    rights: RightsSchema.optional(),
    identity: z
      .object({
        state: z.enum(identityStates),
        address: z.string().optional().openapi({ description: 'The mail address the code goes to' }),
        at: Moment,
      })
      .optional()
      .openapi({ description: 'Whether the reporter showed who they are; absent: nobody asked' }),
    deadlines: z
      .array(z.object({ name: z.string(), dueAt: Moment, source: z.string().optional() }))
      .readonly()
      .openapi({ description: 'With a `source`: by law; without: our own promise' }),
    dueAt: Moment.openapi({ description: 'The soonest of the deadlines' }),
    slowed: z.boolean().openapi({ description: 'The reporter sends very many; it waits behind the others' }),
    coordinated: z.boolean().openapi({ description: 'The reports of an object of it look coordinated' }),
    appealUntil: Moment.optional(),
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number().openapi({ description: 'Grows with every change' }),
  })
  .openapi('ComplaintSummary')

/** A case with all that belongs to it. */
export const CaseSchema = CaseSummarySchema.extend({
  evidence: z.array(Evidence).readonly(),
  decisions: z.array(Decision).readonly(),
  actions: z.array(Action).readonly(),
  notices: z.array(Notice).readonly(),
  groups: z.array(Group).readonly(),
  timeline: z.array(Line).readonly(),
}).openapi('Complaint')

/** A case as JSON. */
export const caseJson = (found: ComplaintCase): z.output<typeof CaseSchema> => toIso(found)
export const caseSummaryJson = (found: CaseSummary): z.output<typeof CaseSummarySchema> => toIso(found)

/** A reason that decisions may give. */
export const PolicyReasonSchema = z
  .object({
    code: z.string(),
    kinds: z.array(z.enum(complaintKinds)).readonly(),
    verdicts: z.array(z.enum(verdicts)).readonly(),
    title: Both,
    toReported: Both,
    toReporter: Both,
    source: z.string().optional(),
  })
  .openapi('PolicyReason')

/** What a decision would bring about. */
export const DecisionPreviewSchema = z
  .object({
    isProposal: z.boolean().openapi({
      description: 'It would wait for a second person; the rest is what comes of it once they agree',
    }),
    language: z.enum(['zh', 'en']).openapi({ description: 'In which the reporter is told' }),
    notices: z
      .array(z.object({ side, words: Both }))
      .readonly()
      .openapi({ description: 'What each side would hear' }),
    actions: z
      .array(z.enum(actionKinds))
      .readonly()
      .openapi({ description: 'What the moderation system would be asked for' }),
  })
  .openapi('ComplaintDecisionPreview')

/** A decided case that is like another. */
export const SimilarCaseSchema = z
  .object({
    caseId: z.string(),
    ticketNumber: z.number(),
    kind: z.enum(complaintKinds),
    verdict: z.enum(verdicts),
    reason: z.string(),
    decidedAt: Moment,
    likeness: z.number().openapi({ description: '0 to 1' }),
  })
  .openapi('SimilarComplaint')
