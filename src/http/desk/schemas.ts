import { z } from '@hono/zod-openapi'
import { roles } from '../../core/agent.ts'
import type { Contact, ContactIdentity } from '../../core/contact.ts'
import type { Message } from '../../core/conversation.ts'
import type { TicketForm } from '../../core/form-progress.ts'
import type { InboxStatus, QuietMessage } from '../../core/inbox.ts'
import { withoutOriginal } from '../../core/original.ts'
import type { Ticket, TimelineEntry } from '../../core/ticket.ts'
import type { DeskLanguage } from '../../core/reason.ts'
import { describeTicket, maxAgentText } from '../../tickets/index.ts'
import { maxPasswordLength } from '../sign-in/passwords.ts'
import { MessageSchema, Moment, QuietSchema } from './message-schema.ts'

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
    createdAt: Moment,
    updatedAt: Moment,
    firstReplyDueAt: Moment,
    resolutionDueAt: Moment,
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
      'held',
      'resumed',
      'closed',
      'changed',
      'merged',
      'absorbed',
      'split',
      'linked',
      'unlinked',
    ]),
    detail: z.record(z.string(), z.unknown()),
  })
  .openapi('TimelineEntry')

/** The signed-in agent and what she may do. */
export const MeSchema = z
  .object({
    agent: z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles) }),
    permissions: z.array(z.string()).readonly(),
    maxFileBytes: z.number().openapi({ description: 'Largest file that can be attached' }),
  })
  .openapi('Me')

export const TicketListSchema = z.object({ tickets: z.array(TicketSchema).readonly() }).openapi('TicketList')

const InboxSchema = z
  .object({
    inboxId: z.string(),
    channel: z.string(),
    state: z.enum(['starting', 'running', 'failing', 'stopped']),
    since: Moment,
    lastError: z.object({ at: Moment, message: z.string() }).optional(),
    nextTryAt: Moment.optional(),
    pause: z
      .object({ until: Moment, reason: z.string() })
      .optional()
      .openapi({ description: 'Nothing is sent until then' }),
  })
  .openapi('Inbox')
export const InboxListSchema = z.object({ inboxes: z.array(InboxSchema).readonly() }).openapi('InboxList')

/** An address of a contact, as far as agents may see it. */
const IdentitySchema = z
  .object({
    inboxId: z.string(),
    channel: z.string(),
    contactKey: z.string(),
    displayName: z.string().optional(),
    avatarMediaId: z.string().optional().openapi({ description: 'The picture at GET /media/{id}' }),
    fallback: z.boolean().openapi({
      description: 'The contact agreed to get answers here that cannot reach them where they asked',
    }),
    createdAt: Moment,
    conversationId: z.string().optional(),
    lastInboundAt: Moment.optional(),
    quota: z
      .record(z.string(), z.object({ left: z.number(), until: Moment, reserved: z.number() }))
      .optional()
      .openapi({ description: 'Open allowances: messages left, until when, how many only a person may use' }),
  })
  .openapi('ContactIdentity')

export const ContactSchema = z
  .object({
    id: z.string(),
    displayName: z.string(),
    createdAt: Moment,
    identities: z.array(IdentitySchema).readonly(),
    merges: z
      .array(
        z.object({
          id: z.string(),
          fromContactId: z.string(),
          fromName: z.string(),
          at: Moment,
          reason: z.enum(['union', 'agent']),
          agentId: z.string().optional(),
          undoneAt: Moment.optional(),
        }),
      )
      .readonly(),
    tickets: z.array(z.object({ id: z.string(), number: z.number(), state: z.string() })).readonly(),
  })
  .openapi('Contact')
export const ContactListSchema = z
  .object({
    contacts: z
      .array(z.object({ id: z.string(), displayName: z.string(), inboxes: z.array(z.string()).readonly() }))
      .readonly(),
  })
  .openapi('ContactList')
export const MergedSchema = z.object({ mergeId: z.string(), contact: ContactSchema }).openapi('Merged')
export const MessagesSchema = z
  .object({ messages: z.array(MessageSchema).readonly() })
  .openapi('ConversationMessages')

/** What the contact's channel makes of a text. */
const TextLimitsSchema = z
  .object({
    max: z.number(),
    unit: z.enum(['bytes', 'characters']),
    markup: z.enum(['plain', 'links', 'styles']),
    maxMessages: z.number().openapi({ description: 'What does not fit in so many messages is cut' }),
  })
  .openapi('TextLimits')

/** One request opens a conversation: the ticket, its history, what was said, what may be said. */
export const TicketDetailSchema = z
  .object({
    ticket: TicketSchema,
    timeline: z.array(TimelineSchema).readonly(),
    messages: z.array(MessageSchema).readonly(),
    contact: ContactSchema,
    textLimits: TextLimitsSchema.optional().openapi({
      description: 'Absent while the inbox is not configured',
    }),
  })
  .openapi('TicketDetail')

const UndoSchema = z
  .object({
    act: z.enum(['reply', 'solve']),
    messageId: z.string().optional(),
    leftMs: z.number().openapi({ description: 'Milliseconds left to take the act back' }),
  })
  .openapi('Undo')

export const ChangedSchema = z
  .object({ ticket: TicketSchema, undo: UndoSchema.optional() })
  .openapi('TicketChanged')
export const DoneSchema = z.object({ done: z.literal(true) }).openapi('Done')

/** RFC 9457. */
export const ProblemSchema = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.number(),
    detail: z.string(),
    code: z.string(),
    ticket: TicketSchema.optional().openapi({ description: 'With `conflict`: the ticket as it is now' }),
  })
  .openapi('Problem')

// What comes in: unknown keys are refused

export const TicketsQuery = z.strictObject({
  view: z.enum(['unassigned', 'mine', 'open', 'solved', 'all']).default('open'),
  limit: z.coerce.number().int().min(1).max(200).default(100),
})
export const NoQuery = z.strictObject({})
export const OriginalQuery = z.strictObject({
  pictures: z
    .enum(['0', '1'])
    .default('0')
    .openapi({ description: '1: pictures of other servers are loaded' }),
})
export const IdParams = z.strictObject({ id: z.uuid() })
export const InboxParams = z.strictObject({ id: z.string().regex(/^[\w-]{1,64}$/) })

const IdempotencyKey = z
  .string()
  .regex(/^[\w.:-]{8,128}$/)
  .openapi({ description: 'Repeating a request with the same key has no further effect' })
export const OptionalKeyHeader = z.object({ 'idempotency-key': IdempotencyKey.optional() })
export const KeyHeader = z.object({ 'idempotency-key': IdempotencyKey })

const version = z
  .number()
  .int()
  .min(1)
  .optional()
  .openapi({ description: 'The version that was seen; an older one is refused' })
const text = z
  .string()
  .max(maxAgentText)
  .refine((value) => value.trim() !== '', 'must not be empty')

export const ChangeInput = z.strictObject({ version })
export const TakeInput = z.strictObject({ version, force: z.boolean().optional() })
export const TextInput = z.strictObject({ version, text })
const maxAttachments = 9
/** Longest name of a file, in characters. */
const fileName = z.string().trim().min(1).max(200)
const Attachment = z.strictObject({ mediaId: z.uuid(), name: fileName.optional() })
export const ReplyInput = z
  .strictObject({
    version,
    text: z.string().max(maxAgentText).default(''),
    attachments: z
      .array(Attachment)
      .max(maxAttachments)
      .default([])
      .openapi({ description: 'Files that POST /media took' }),
  })
  .refine(({ text: words, attachments }) => words.trim() !== '' || attachments.length > 0, {
    path: ['text'],
    message: 'must not be empty without attachments',
  })
export const MediaSchema = z
  .object({ mediaId: z.string(), contentType: z.string(), bytes: z.number() })
  .openapi('StoredMedia')
export const MoveInput = z.strictObject({ version, conversationId: z.uuid() })
export const SearchQuery = z.strictObject({
  search: z.string().trim().min(1).max(100),
  limit: z.coerce.number().int().min(1).max(50).default(20),
})
export const MergeInput = z
  .strictObject({ from: z.uuid() })
  .openapi({ description: 'The contact whose addresses, conversations and tickets come here' })
export const FallbackInput = z.strictObject({
  inboxId: z.string().min(1).max(64),
  contactKey: z.string().min(1).max(500),
  fallback: z.boolean(),
})
export const TypingInput = z.strictObject({ on: z.boolean() })
export const NoInput = z.strictObject({})
export const LinkInput = z.strictObject({ token: z.string().min(1).max(200) })
const anyPassword = z
  .string()
  .min(1)
  .max(maxPasswordLength * 2)
export const PasswordInput = z.strictObject({ email: z.string().min(1).max(254), password: anyPassword })
export const SetPasswordInput = z.strictObject({ current: anyPassword.optional(), next: anyPassword })

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

const momentAs = <Name extends string>(name: Name, moment: Date | undefined): { [Key in Name]?: string } =>
  moment === undefined ? {} : ({ [name]: moment.toISOString() } as { [Key in Name]: string })

/** A ticket as JSON; what is told of it is put into words of `language`. */
export const ticketJson = (ticket: Ticket, language: DeskLanguage): z.infer<typeof TicketSchema> => {
  const { brief, subject, createdAt, updatedAt, firstReplyDueAt, resolutionDueAt, ...others } = ticket
  const { firstRepliedAt, solvedAt, closedAt, holdUntil, ...rest } = others
  return {
    ...rest,
    ...(brief === undefined ? {} : describeTicket(brief, language)),
    ...(subject === undefined ? {} : { title: subject }),
    forms: (brief?.forms ?? []).map((form) => formJson(form, language)),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
    firstReplyDueAt: firstReplyDueAt.toISOString(),
    resolutionDueAt: resolutionDueAt.toISOString(),
    ...momentAs('firstRepliedAt', firstRepliedAt),
    ...momentAs('solvedAt', solvedAt),
    ...momentAs('closedAt', closedAt),
    ...momentAs('holdUntil', holdUntil),
  }
}

/** A line of history as JSON. */
export const timelineJson = ({ at, ...rest }: TimelineEntry): z.infer<typeof TimelineSchema> => ({
  ...rest,
  at: at.toISOString(),
})

const identityJson = ({ createdAt, lastInboundAt, quota, ...rest }: ContactIdentity) => ({
  ...rest,
  createdAt: createdAt.toISOString(),
  ...(lastInboundAt === undefined ? {} : { lastInboundAt: lastInboundAt.toISOString() }),
  ...(quota === undefined
    ? {}
    : {
        quota: Object.fromEntries(
          Object.entries(quota).map(([name, { until, ...left }]) => [
            name,
            { ...left, until: until.toISOString() },
          ]),
        ),
      }),
})

/** A contact as JSON. */
export const contactJson = (contact: Contact): z.infer<typeof ContactSchema> => ({
  ...contact,
  createdAt: contact.createdAt.toISOString(),
  identities: contact.identities.map(identityJson),
  merges: contact.merges.map(({ at, undoneAt, ...rest }) => ({
    ...rest,
    at: at.toISOString(),
    ...(undoneAt === undefined ? {} : { undoneAt: undoneAt.toISOString() }),
  })),
})

/** An inbox as JSON. */
export const inboxJson = ({
  since,
  lastError,
  nextTryAt,
  pause,
  ...rest
}: InboxStatus): z.infer<typeof InboxSchema> => ({
  ...rest,
  since: since.toISOString(),
  ...(lastError === undefined ? {} : { lastError: { ...lastError, at: lastError.at.toISOString() } }),
  ...(nextTryAt === undefined ? {} : { nextTryAt: nextTryAt.toISOString() }),
  ...(pause === undefined ? {} : { pause: { ...pause, until: pause.until.toISOString() } }),
})

export const QuietListSchema = z.object({ messages: z.array(QuietSchema).readonly() })

/** A message without an answer as JSON. */
export const quietJson = (message: QuietMessage): z.infer<typeof QuietSchema> => ({
  ...message,
  parts: message.parts.map(withoutOriginal),
  at: message.at.toISOString(),
})

/** A message as JSON. */
export const messageJson = (message: Message): z.infer<typeof MessageSchema> => ({
  ...message,
  parts: message.parts.map(withoutOriginal),
  createdAt: message.createdAt.toISOString(),
})
