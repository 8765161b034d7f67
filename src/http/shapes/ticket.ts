import { z } from '@hono/zod-openapi'
import type { TicketForm } from '../../core/form-progress.ts'
import type { DeskLanguage } from '../../core/reason.ts'
import type { Ticket, TimelineEntry } from '../../core/ticket.ts'
import { describeTicket } from '../../tickets/index.ts'
import { Moment } from './message.ts'

const FormSchema = z
  .object({
    id: z.string(),
    title: z.string(),
    complete: z.boolean().openapi({ description: 'False: the contact left before the end' }),
    fields: z
      .array(
        z.object({
          name: z.string(),
          label: z.string(),
          value: z.string(),
          files: z
            .array(
              z.object({
                kind: z.string(),
                messageId: z.string(),
                mediaId: z.string().optional().openapi({ description: 'The file at GET /media/{id}' }),
                name: z.string().optional(),
              }),
            )
            .readonly()
            .optional(),
        }),
      )
      .readonly(),
  })
  .openapi('TicketForm')

/** A ticket as the desk sees it. */
export const TicketSchema = z
  .object({
    id: z.string(),
    number: z.number().openapi({ description: 'Shown as T-<number>' }),
    conversationId: z.string(),
    contactId: z.string(),
    contactName: z.string(),
    contactTier: z.string().optional().openapi({ description: 'How the brand ranks the contact' }),
    inboxId: z.string(),
    channel: z.string(),
    conversationMode: z.enum(['bot', 'human', 'closed']),
    kind: z.enum(['question', 'complaint', 'feedback', 'appeal', 'incident-report']),
    topic: z.string(),
    priority: z.enum(['normal', 'high', 'urgent']),
    state: z.enum(['new', 'open', 'pending', 'on_hold', 'solved', 'closed']),
    title: z
      .string()
      .openapi({ description: 'Like summary and reason in the language of Accept-Language: zh or en' }),
    summary: z.string(),
    reason: z.string(),
    forms: z
      .array(FormSchema)
      .readonly()
      .openapi({ description: 'What forms gathered, in the language of Accept-Language' }),
    assigneeId: z.string().optional(),
    assigneeName: z.string().optional(),
    teamId: z.string().optional().openapi({ description: 'Whose queue it is in, or came from' }),
    createdAt: Moment,
    updatedAt: Moment,
    firstReplyDueAt: Moment,
    nextReplyDueAt: Moment.optional().openapi({
      description: 'When a reply to what the contact wrote since the last one is due; absent: nobody waits',
    }),
    resolutionDueAt: Moment,
    dueAt: Moment.optional().openapi({
      description: 'The soonest of what is still owed; absent: nothing is, or its clocks stand still',
    }),
    dangerAt: Moment.optional().openapi({
      description: 'From when on a promise is in danger: a quarter of its time is left; absent: none runs',
    }),
    pausedAt: Moment.optional().openapi({
      description: 'Since when the clocks stand still: it waits for the contact or for somebody else',
    }),
    firstRepliedAt: Moment.optional(),
    solvedAt: Moment.optional(),
    closedAt: Moment.optional(),
    tags: z.array(z.string()).readonly(),
    fields: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .openapi({ description: 'Custom fields by name' }),
    holdReason: z.string().optional().openapi({ description: 'Whom or what it waits for while on_hold' }),
    holdUntil: Moment.optional(),
    parentId: z.string().optional(),
    mergedInto: z.string().optional().openapi({ description: 'The ticket that goes on for both' }),
    version: z.number().openapi({ description: 'Grows with every change' }),
  })
  .openapi('Ticket')

/** How two tickets may be linked. */
export const LinkKind = z.enum(['related', 'duplicate', 'continues', 'split'])

/** Another ticket and how the one at hand belongs to it. */
export const RelatedSchema = z
  .object({
    id: z.string(),
    number: z.number(),
    state: TicketSchema.shape.state,
    title: z.string(),
    relation: z.enum([...LinkKind.options, 'parent', 'child', 'merged-into', 'merged-from']),
    inverse: z.boolean().openapi({ description: 'Of links: whether the other one names this one' }),
  })
  .openapi('RelatedTicket')

/** A line of a ticket's history. */
export const TimelineSchema = z
  .object({
    at: Moment,
    actor: z.enum(['contact', 'bot', 'agent', 'survey', 'system']),
    agentId: z.string().optional(),
    agentName: z.string().optional(),
    change: z.enum([
      'opened',
      'taken',
      'replied',
      'withdrawn',
      'noted',
      'handed-back',
      'solved',
      'reopened',
      'contact-wrote',
      'moved',
      'assigned',
      'unassigned',
      'transferred',
      'routed',
      'held',
      'resumed',
      'closed',
      'changed',
      'merged',
      'absorbed',
      'split',
      'linked',
      'unlinked',
      'promise-in-danger',
      'promise-broken',
    ]),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('TimelineEntry')

const formJson = ({ title, fields, id, complete }: TicketForm, language: DeskLanguage) => ({
  id,
  complete,
  title: title[language],
  fields: fields.map(({ name, label, value, files }) => ({
    name,
    label: label[language],
    value: value[language],
    ...(files === undefined ? {} : { files }),
  })),
})

/** A ticket as JSON; what is told of it is put into words of `language`. */
export const ticketJson = (ticket: Ticket, language: DeskLanguage): z.infer<typeof TicketSchema> => {
  const { brief, subject, createdAt, updatedAt, firstReplyDueAt, resolutionDueAt, ...others } = ticket
  const { nextReplyDueAt, dueAt, dangerAt, pausedAt, firstRepliedAt, ...later } = others
  const { solvedAt, closedAt, holdUntil, ...rest } = later
  return {
    ...rest,
    ...(brief === undefined ? {} : describeTicket(brief, language)),
    ...(subject === undefined ? {} : { title: subject }),
    forms: (brief?.forms ?? []).map((form) => formJson(form, language)),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    firstReplyDueAt: firstReplyDueAt.toISOString(),
    resolutionDueAt: resolutionDueAt.toISOString(),
    ...(nextReplyDueAt === undefined ? {} : { nextReplyDueAt: nextReplyDueAt.toISOString() }),
    ...(dueAt === undefined ? {} : { dueAt: dueAt.toISOString() }),
    ...(dangerAt === undefined ? {} : { dangerAt: dangerAt.toISOString() }),
    ...(pausedAt === undefined ? {} : { pausedAt: pausedAt.toISOString() }),
    ...(firstRepliedAt === undefined ? {} : { firstRepliedAt: firstRepliedAt.toISOString() }),
    ...(solvedAt === undefined ? {} : { solvedAt: solvedAt.toISOString() }),
    ...(closedAt === undefined ? {} : { closedAt: closedAt.toISOString() }),
    ...(holdUntil === undefined ? {} : { holdUntil: holdUntil.toISOString() }),
  }
}

/** A line of history as JSON. */
export const timelineJson = ({ at, ...rest }: TimelineEntry): z.infer<typeof TimelineSchema> => ({
  ...rest,
  at: at.toISOString(),
})
