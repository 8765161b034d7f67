import type { z } from '@hono/zod-openapi'
import type {
  AssistedFields,
  AssistedReply,
  AssistedSummary,
  AssistedText,
  AssistedTranslation,
  KeptHandoff,
} from './shapes/assist.ts'
import type { DraftSchema } from './shapes/draft.ts'
import type { MessageSchema, QuietSchema } from './shapes/message.ts'
import type { StretchSchema } from './shapes/thread.ts'
import type {
  ChangedSchema,
  ContactListSchema,
  InboxListSchema,
  MeSchema,
  ProblemSchema,
  SignedOutSchema,
  TicketDetailSchema,
  TicketListSchema,
} from './desk/schemas.ts'
import type { PlacesSchema, StandingSchema } from './desk/queue.ts'
import type { PreferencesSchema } from './desk/preferences.ts'
import type { PushInput, PushSchema } from './desk/push.ts'
import type { ColleaguesSchema } from './desk/mentions.ts'
import type { ViewingSchema } from './desk/viewing.ts'
import type { CountSchema, ViewSchema, ViewsSchema, ViewTicketsSchema } from './desk/views.ts'
import type { ContactSchema } from './shapes/contact.ts'
import type { TicketSchema } from './shapes/ticket.ts'

// What browser apps may know of the server: types only, made from the schemas that check them.

export type { Permission } from '../core/agent.ts'

export type AssistedSummaryView = z.infer<typeof AssistedSummary>
export type KeptHandoffView = z.infer<typeof KeptHandoff>
export type AssistedReplyView = z.infer<typeof AssistedReply>
export type AssistedTextView = z.infer<typeof AssistedText>
export type AssistedTranslationView = z.infer<typeof AssistedTranslation>
export type AssistedFieldsView = z.infer<typeof AssistedFields>
export type Me = z.infer<typeof MeSchema>
export type TicketView = z.infer<typeof TicketSchema>
export type TicketList = z.infer<typeof TicketListSchema>
export type TicketDetail = z.infer<typeof TicketDetailSchema>
export type ContactView = z.infer<typeof ContactSchema>
export type ContactList = z.infer<typeof ContactListSchema>
export type InboxList = z.infer<typeof InboxListSchema>
export type TicketChanged = z.infer<typeof ChangedSchema>
export type DraftView = z.infer<typeof DraftSchema>
export type StretchView = z.infer<typeof StretchSchema>
export type MessageView = z.infer<typeof MessageSchema>
export type QuietMessage = z.infer<typeof QuietSchema>
export type SignedOut = z.infer<typeof SignedOutSchema>
export type ProblemView = z.infer<typeof ProblemSchema>
export type Colleagues = z.infer<typeof ColleaguesSchema>
export type Viewing = z.infer<typeof ViewingSchema>
export type WhoIsThere = z.infer<typeof PlacesSchema>
export type Standing = z.infer<typeof StandingSchema>
export type Preferences = z.infer<typeof PreferencesSchema>
export type SavedView = z.infer<typeof ViewSchema>
export type SavedViews = z.infer<typeof ViewsSchema>
export type ViewTickets = z.infer<typeof ViewTicketsSchema>
export type TicketCount = z.infer<typeof CountSchema>
export type Push = z.infer<typeof PushSchema>
export type PushSubscriptionInput = z.infer<typeof PushInput>
