import type {
  Colleagues,
  ContactList,
  ContactView,
  InboxList,
  Me,
  MessageView,
  Preferences,
  QuietMessage,
  SignedOut,
  Standing,
  TicketChanged,
  TicketDetail,
  TicketList,
  TicketView,
  Viewing,
  WhoIsThere,
} from '../../../src/http/api.ts'
import { request, type RequestOptions } from './request.ts'

export type {
  ContactView,
  InboxList,
  Me,
  MessageView,
  Preferences,
  QuietMessage,
  TicketChanged,
  TicketDetail,
  TicketView,
  WhoIsThere,
}

const base = '/api/desk'
const get = <Answer>(path: string, signal?: AbortSignal) =>
  request<Answer>('GET', `${base}${path}`, signal === undefined ? {} : { signal })
const post = <Answer>(path: string, body: unknown, options: RequestOptions = {}) =>
  request<Answer>('POST', `${base}${path}`, { ...options, body })

/** Tickets that one look brings. */
export const listLimit = 200

export type ListedView = 'open' | 'mentioned' | 'solved'

export interface ReplyBody {
  readonly version?: number
  readonly text: string
  readonly attachments?: readonly { readonly mediaId: string; readonly name: string }[]
}

/** Acts on a ticket that need no more than the version that was seen. */
export type PlainAct = 'take' | 'hand-back' | 'solve'

export type Availability = WhoIsThere['agents'][number]['availability']

/** To whom a ticket goes, and with which words. */
export type Transfer = { readonly note: string } & (
  { readonly teamId: string } | { readonly agentId: string }
)

/** The desk's own routes. */
export const desk = {
  me: (signal?: AbortSignal) => get<Me>('/me', signal),
  preferences: (signal?: AbortSignal) => get<Preferences>('/preferences', signal),
  setPreferences: (preferences: Preferences) => post<Preferences>('/preferences', preferences),
  tickets: (view: ListedView, signal?: AbortSignal) =>
    get<TicketList>(`/tickets?view=${view}&limit=${listLimit}`, signal),
  ticket: (id: string, signal?: AbortSignal) => get<TicketDetail>(`/tickets/${id}`, signal),
  act: (
    id: string,
    act: PlainAct,
    body: { readonly version?: number; readonly force?: boolean },
    key: string,
  ) => post<TicketChanged>(`/tickets/${id}/${act}`, body, { key }),
  reply: (id: string, body: ReplyBody, key: string) =>
    post<TicketChanged>(`/tickets/${id}/reply`, body, { key }),
  note: (id: string, body: { readonly text: string }, key: string) =>
    post<TicketChanged>(`/tickets/${id}/note`, body, { key }),
  colleagues: (signal?: AbortSignal) => get<Colleagues>('/colleagues', signal),
  readMentions: (id: string) => post<unknown>(`/tickets/${id}/mentions/read`, {}),
  transfer: (id: string, body: Transfer & { readonly version?: number }, key: string) =>
    post<TicketChanged>(`/tickets/${id}/transfer`, body, { key }),
  whoIsThere: (signal?: AbortSignal) => get<WhoIsThere>('/presence', signal),
  setPresence: (availability: Availability) => post<unknown>('/presence', { availability }),
  beat: (active: boolean) => post<Standing>('/presence/beat', { active }),
  viewing: (id: string, doing: Viewing['doing']) => post<unknown>(`/tickets/${id}/viewing`, { doing }),
  typing: (id: string, on: boolean) => post<unknown>(`/tickets/${id}/typing`, { on }),
  move: (id: string, body: { readonly version?: number; readonly conversationId: string }, key: string) =>
    post<TicketChanged>(`/tickets/${id}/move`, body, { key }),
  findContacts: (search: string, signal?: AbortSignal) =>
    get<ContactList>(`/contacts?search=${encodeURIComponent(search)}`, signal),
  mergeContacts: (id: string, from: string) => post<unknown>(`/contacts/${id}/merge`, { from }),
  undoMerge: (id: string) => post<unknown>(`/merges/${id}/undo`, {}),
  setFallback: (
    id: string,
    body: { readonly inboxId: string; readonly contactKey: string; readonly fallback: boolean },
  ) => post<unknown>(`/contacts/${id}/fallback`, body),
  withdraw: (messageId: string) => post<TicketChanged>(`/messages/${messageId}/withdraw`, {}),
  undoSolve: (id: string) => post<TicketChanged>(`/tickets/${id}/undo-solve`, {}),
  retry: (messageId: string) => post<unknown>(`/messages/${messageId}/retry`, {}),
  inboxes: (signal?: AbortSignal) => get<InboxList>('/inboxes', signal),
  resumeInbox: (id: string) => post<unknown>(`/inboxes/${id}/resume`, {}),
  /** Messages of the last days that nobody answered and that became no ticket. */
  quiet: (id: string, signal?: AbortSignal) =>
    get<{ readonly messages: readonly QuietMessage[] }>(`/inboxes/${id}/quiet`, signal),
  /** Its `at`, where there is one: an address at which the identity provider goes on with it. */
  signOut: () => post<SignedOut>('/session/sign-out', {}),
}
