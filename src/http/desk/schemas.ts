import { z } from '@hono/zod-openapi'
import { roles } from '../../core/agent.ts'
import type { InboxStatus, QuietMessage } from '../../core/inbox.ts'
import { plainViews } from '../../core/ticket.ts'
import { withoutOriginal } from '../../core/original.ts'
import { maxAgentText } from '../../tickets/index.ts'
import { maxPasswordLength } from '../sign-in/passwords.ts'
import { ContactSchema } from '../shapes/contact.ts'
import { DraftSchema } from '../shapes/draft.ts'
import { MessageSchema, Moment, QuietSchema } from '../shapes/message.ts'
import { threadShape } from '../shapes/thread.ts'
import { RelatedSchema, TicketSchema, TimelineSchema } from '../shapes/ticket.ts'

/** The signed-in agent and what she may do. */
export const MeSchema = z
  .object({
    agent: z.object({ id: z.string(), name: z.string(), email: z.string(), role: z.enum(roles) }),
    permissions: z.array(z.string()).readonly(),
    maxFileBytes: z.number().openapi({ description: 'Largest file that can be attached' }),
    assists: z.boolean().openapi({ description: 'Whether a language model helps agents here' }),
  })
  .openapi('Me')

export const TicketListSchema = z
  .object({
    tickets: z.array(TicketSchema).readonly(),
    next: z
      .string()
      .optional()
      .openapi({ description: '`after` of the next page; absent: this is the last' }),
  })
  .openapi('TicketList')

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
    ...threadShape,
    related: z.array(RelatedSchema).readonly(),
    drafts: z.array(DraftSchema).readonly().openapi({ description: 'What you typed and have not sent' }),
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
/** What the agent did last, while it can be taken back. */
export const UndoOfferSchema = z.object({ undo: UndoSchema.optional() }).openapi('UndoOffer')
export const DoneSchema = z.object({ done: z.literal(true) }).openapi('Done')

/** After the first step: in, or what is to be done before. */
export const EnteredSchema = z
  .object({
    next: z.enum(['desk', 'second-step', 'enrol']).openapi({
      description: '`second-step`: POST /session/second-step; `enrol`: the role asks for a second step first',
    }),
  })
  .openapi('Entered')

/** Signed out here; `at`: where the identity provider goes on with it. */
export const SignedOutSchema = z
  .object({ done: z.literal(true), at: z.string().optional() })
  .openapi('SignedOut')

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
  view: z.enum(plainViews).default('open').openapi({
    description:
      '`due`: in danger of being overdue, or overdue; `held`: waiting for the contact or for somebody else',
  }),
  limit: z.coerce.number().int().min(1).max(1_000).default(100),
  after: z.uuid().optional().openapi({ description: '`next` of the page before; absent: the first page' }),
})
/** What an agent does at a ticket: has it open, types a reply. */
export const AtTicket = z.enum(['looking', 'typing'])
export const OpenQuery = z.strictObject({
  last: z.coerce
    .number()
    .int()
    .min(1)
    .max(500)
    .default(500)
    .openapi({ description: 'How many of the newest messages come along' }),
  doing: AtTicket.optional().openapi({
    description: 'Tells the other desks, like POST /tickets/{id}/viewing',
  }),
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

export const IdempotencyKey = z
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
export const maxAttachments = 9
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
    solve: z
      .boolean()
      .default(false)
      .openapi({ description: 'Solves the ticket in the same change; taken back, both are' }),
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
export const anyPassword = z
  .string()
  .min(1)
  .max(maxPasswordLength * 2)
export const PasswordInput = z.strictObject({ email: z.string().min(1).max(254), password: anyPassword })
export const SetPasswordInput = z.strictObject({ current: anyPassword.optional(), next: anyPassword })

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
