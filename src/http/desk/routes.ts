import { createRoute, z } from '@hono/zod-openapi'
import { fromOurPage, may, mayUpload } from './guard.ts'
import {
  ChangedSchema,
  ChangeInput,
  ContactListSchema,
  DoneSchema,
  EnteredSchema,
  FallbackInput,
  IdParams,
  InboxListSchema,
  InboxParams,
  KeyHeader,
  LinkInput,
  MediaSchema,
  MergedSchema,
  MergeInput,
  MeSchema,
  MessagesSchema,
  MoveInput,
  NoInput,
  NoQuery,
  OpenQuery,
  OptionalKeyHeader,
  OriginalQuery,
  PasswordInput,
  ProblemSchema,
  QuietListSchema,
  ReplyInput,
  SearchQuery,
  SetPasswordInput,
  SignedOutSchema,
  TakeInput,
  TextInput,
  TicketDetailSchema,
  TicketListSchema,
  TicketsQuery,
  TypingInput,
  UndoOfferSchema,
} from './schemas.ts'
import { ContactSchema } from '../shapes/contact.ts'

const json = <Schema extends z.ZodType>(schema: Schema) => ({ 'application/json': { schema } })
export const body = <Schema extends z.ZodType>(schema: Schema) => ({
  required: true as const,
  content: json(schema),
})
/** What a route answers when all is well; every refusal is a problem. */
export const answers = <Schema extends z.ZodType>(schema: Schema) => ({
  200: { description: 'Done', content: json(schema) },
})
const ticketTag = ['tickets']
const sessionTag = ['session']

/** Who is signed in, and what she may do. */
export const getMe = createRoute({
  method: 'get',
  path: '/me',
  tags: sessionTag,
  middleware: may('anything'),
  request: { query: NoQuery },
  responses: answers(MeSchema),
})

export const listTickets = createRoute({
  method: 'get',
  path: '/tickets',
  tags: ticketTag,
  middleware: may('ticket.read'),
  request: { query: TicketsQuery },
  responses: answers(TicketListSchema),
})

export const getTicket = createRoute({
  method: 'get',
  path: '/tickets/{id}',
  tags: ticketTag,
  middleware: may('ticket.read'),
  request: { params: IdParams, query: OpenQuery },
  responses: answers(TicketDetailSchema),
})

export const takeTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/take',
  tags: ticketTag,
  middleware: may('ticket.take'),
  request: { params: IdParams, headers: OptionalKeyHeader, body: body(TakeInput) },
  responses: answers(ChangedSchema),
})

export const replyToTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/reply',
  tags: ticketTag,
  middleware: may('ticket.reply'),
  request: { params: IdParams, headers: KeyHeader, body: body(ReplyInput) },
  responses: answers(ChangedSchema),
})

/** The agent types a reply: the contact is shown so where the channel can. Said again every few seconds while it lasts. */
export const typeReply = createRoute({
  method: 'post',
  path: '/tickets/{id}/typing',
  tags: ticketTag,
  middleware: may('ticket.reply'),
  request: { params: IdParams, body: body(TypingInput) },
  responses: answers(DoneSchema),
})

export const noteOnTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/note',
  tags: ticketTag,
  middleware: may('ticket.note'),
  request: { params: IdParams, headers: KeyHeader, body: body(TextInput) },
  responses: answers(ChangedSchema),
})

export const handBackTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/hand-back',
  tags: ticketTag,
  middleware: may('ticket.handback'),
  request: { params: IdParams, headers: OptionalKeyHeader, body: body(ChangeInput) },
  responses: answers(ChangedSchema),
})

export const solveTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/solve',
  tags: ticketTag,
  middleware: may('ticket.solve'),
  request: { params: IdParams, headers: OptionalKeyHeader, body: body(ChangeInput) },
  responses: answers(ChangedSchema),
})

/** Goes on through another conversation of the same contact. */
export const moveTicket = createRoute({
  method: 'post',
  path: '/tickets/{id}/move',
  tags: ticketTag,
  middleware: may('ticket.reply'),
  request: { params: IdParams, headers: OptionalKeyHeader, body: body(MoveInput) },
  responses: answers(ChangedSchema),
})

/** What was said in any conversation, for whoever needs the whole story of a contact. */
export const readConversation = createRoute({
  method: 'get',
  path: '/conversations/{id}/messages',
  tags: ['contacts'],
  middleware: may('ticket.read'),
  request: { params: IdParams, query: NoQuery },
  responses: answers(MessagesSchema),
})

export const searchContacts = createRoute({
  method: 'get',
  path: '/contacts',
  tags: ['contacts'],
  middleware: may('contact.read'),
  request: { query: SearchQuery },
  responses: answers(ContactListSchema),
})

export const getContact = createRoute({
  method: 'get',
  path: '/contacts/{id}',
  tags: ['contacts'],
  middleware: may('contact.read'),
  request: { params: IdParams, query: NoQuery },
  responses: answers(ContactSchema),
})

export const mergeContacts = createRoute({
  method: 'post',
  path: '/contacts/{id}/merge',
  tags: ['contacts'],
  middleware: may('contact.merge'),
  request: { params: IdParams, body: body(MergeInput) },
  responses: answers(MergedSchema),
})

export const undoMerge = createRoute({
  method: 'post',
  path: '/merges/{id}/undo',
  tags: ['contacts'],
  middleware: may('contact.merge'),
  request: { params: IdParams, body: body(NoInput) },
  responses: answers(DoneSchema),
})

/** Notes on the contact's word that answers may go to this address when they cannot reach them where they asked. */
export const setFallback = createRoute({
  method: 'post',
  path: '/contacts/{id}/fallback',
  tags: ['contacts'],
  middleware: may('contact.change'),
  request: { params: IdParams, body: body(FallbackInput) },
  responses: answers(ContactSchema),
})

/** Whether what the agent did last to a ticket can still be taken back; for acts whose answer does not say so. */
export const undoOffer = createRoute({
  method: 'get',
  path: '/tickets/{id}/undo',
  tags: ticketTag,
  middleware: may('ticket.read'),
  request: { params: IdParams, query: NoQuery },
  responses: answers(UndoOfferSchema),
})

export const undoSolve = createRoute({
  method: 'post',
  path: '/tickets/{id}/undo-solve',
  tags: ticketTag,
  middleware: may('ticket.solve'),
  request: { params: IdParams, headers: OptionalKeyHeader, body: body(ChangeInput) },
  responses: answers(ChangedSchema),
})

export const withdrawMessage = createRoute({
  method: 'post',
  path: '/messages/{id}/withdraw',
  tags: ticketTag,
  middleware: may('ticket.reply'),
  request: { params: IdParams, headers: OptionalKeyHeader, body: body(ChangeInput) },
  responses: answers(ChangedSchema),
})

export const retryMessage = createRoute({
  method: 'post',
  path: '/messages/{id}/retry',
  tags: ticketTag,
  middleware: may('ticket.reply'),
  request: { params: IdParams, body: body(NoInput) },
  responses: answers(DoneSchema),
})

/** Takes a file that an agent will send: its bytes are the body, its type is found by content. */
export const putMedia = createRoute({
  method: 'post',
  path: '/media',
  tags: ticketTag,
  middleware: mayUpload('ticket.reply'),
  request: {
    query: NoQuery,
    body: {
      required: true,
      content: { 'application/octet-stream': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
  responses: answers(MediaSchema),
})

export const getMedia = createRoute({
  method: 'get',
  path: '/media/{id}',
  tags: ticketTag,
  middleware: may('media.read'),
  request: { params: IdParams, query: NoQuery },
  responses: {
    200: {
      description: 'The file: pictures and voices to be shown, everything else to be saved',
      content: { 'application/octet-stream': { schema: z.string() } },
    },
  },
})

/** A voice that browsers do not understand, as one that they do. */
export const getSound = createRoute({
  method: 'get',
  path: '/media/{id}/sound',
  tags: ticketTag,
  middleware: may('media.read'),
  request: { params: IdParams, query: NoQuery },
  responses: {
    200: {
      description: 'The recording as WAV, made of SILK',
      content: { 'audio/wav': { schema: z.string().openapi({ format: 'binary' }) } },
    },
  },
})

/** A message as its sender laid it out, as a page of its own that a sandboxed frame shows. */
export const getOriginal = createRoute({
  method: 'get',
  path: '/messages/{id}/original',
  tags: ticketTag,
  middleware: may('media.read'),
  request: { params: IdParams, query: OriginalQuery },
  responses: {
    200: { description: 'The page; nothing in it runs', content: { 'text/html': { schema: z.string() } } },
  },
})

/** What came in during the last week and was neither answered nor made a ticket. */
export const listQuiet = createRoute({
  method: 'get',
  path: '/inboxes/{id}/quiet',
  tags: ['inboxes'],
  middleware: may('ticket.read'),
  request: { params: InboxParams, query: NoQuery },
  responses: answers(QuietListSchema),
})

/** Every configured account and how it fares. */
export const listInboxes = createRoute({
  method: 'get',
  path: '/inboxes',
  tags: ['inboxes'],
  middleware: may('inbox.read'),
  request: { query: NoQuery },
  responses: answers(InboxListSchema),
})

export const resumeInbox = createRoute({
  method: 'post',
  path: '/inboxes/{id}/resume',
  tags: ['inboxes'],
  middleware: may('inbox.resume'),
  request: { params: InboxParams, body: body(NoInput) },
  responses: answers(DoneSchema),
})

export const listenToEvents = createRoute({
  method: 'get',
  path: '/events',
  tags: ticketTag,
  middleware: may('ticket.read'),
  request: { query: NoQuery },
  responses: {
    200: {
      description:
        'Server-sent events: `ticket` with `{ ticketId }` or `{ conversationId }` (with `delivery: true` where only a try to send ended), `refresh` when some were left out, `viewing` with who is at a ticket, `mention` with `{ ticketId }` for whoever was mentioned',
      content: { 'text/event-stream': { schema: z.string() } },
    },
  },
})

export const signInByLink = createRoute({
  method: 'post',
  path: '/session/link',
  tags: sessionTag,
  middleware: fromOurPage,
  request: { body: body(LinkInput) },
  responses: answers(EnteredSchema),
})

export const signInByPassword = createRoute({
  method: 'post',
  path: '/session/password',
  tags: sessionTag,
  middleware: fromOurPage,
  request: { body: body(PasswordInput) },
  responses: answers(EnteredSchema),
})

export const signOut = createRoute({
  method: 'post',
  path: '/session/sign-out',
  tags: sessionTag,
  middleware: may('unfinished'),
  request: { body: body(NoInput) },
  responses: answers(SignedOutSchema),
})

export const setPassword = createRoute({
  method: 'post',
  path: '/password',
  tags: sessionTag,
  middleware: may('anything'),
  request: { body: body(SetPasswordInput) },
  responses: answers(DoneSchema),
})

/** For the API's description; every route may answer so. */
export const problemSchema = ProblemSchema
