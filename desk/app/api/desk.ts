import type {
  Colleagues,
  ContactList,
  ContactView,
  InboxList,
  Me,
  MessageView,
  Preferences,
  Push,
  PushSubscriptionInput,
  QuietMessage,
  SavedView,
  SavedViews,
  SignedOut,
  Standing,
  DraftView,
  StretchView,
  TicketChanged,
  TicketCount,
  TicketDetail,
  TicketList,
  TicketView,
  Viewing,
  ViewTickets,
  WhoIsThere,
} from '../../../src/http/api.ts'
import { request, type RequestOptions } from './request.ts'

export type {
  ContactView,
  DraftView,
  InboxList,
  Me,
  MessageView,
  Preferences,
  Push,
  QuietMessage,
  SavedView,
  StretchView,
  TicketChanged,
  TicketDetail,
  TicketList,
  TicketView,
  ViewTickets,
  WhoIsThere,
}

const base = '/api/desk'
const get = <Answer>(path: string, signal?: AbortSignal) =>
  request<Answer>('GET', `${base}${path}`, signal === undefined ? {} : { signal })
const post = <Answer>(path: string, body: unknown, options: RequestOptions = {}) =>
  request<Answer>('POST', `${base}${path}`, { ...options, body })

/** Tickets that the first look at a list brings, and each further one. */
const listLimits = { first: 200, more: 1_000 } as const

/** A view that an agent made, by its id. */
export type CustomView = `custom-${string}`
export type ListedView = 'unassigned' | 'mine' | 'mentioned' | 'due' | 'held' | 'open' | 'solved' | CustomView

const listPath = (view: ListedView): string =>
  view.startsWith('custom-') ? `/views/${view.slice('custom-'.length)}/tickets?` : `/tickets?view=${view}&`

/** What an agent writes of a view. */
export interface ViewBody extends Pick<SavedView, 'name' | 'shared' | 'filter' | 'order'> {
  /** Null: shared with no team. */
  readonly teamId: string | null
}

/** Newest messages that come along with a ticket. */
const lastMessages = 100

/** Which piece of a conversation: what is before a message, or it and what follows (`seq`). */
export interface Piece {
  readonly before?: number
  readonly from?: number
}

const pieceQuery = ({ before, from }: Piece): string =>
  before === undefined ? `from=${from ?? 0}` : `before=${before}`

export interface ReplyBody {
  readonly version?: number
  readonly text: string
  readonly attachments?: readonly { readonly mediaId: string; readonly name: string }[]
  /** Solves the ticket in the same change. */
  readonly solve?: boolean
}

/** What is to be kept; `seen`: `changedAt` of the draft it goes on from. */
export type DraftBody = Omit<DraftView, 'changedAt'> & { readonly seen?: string }

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
  tickets: (view: ListedView, after: string | undefined, signal?: AbortSignal) =>
    get<TicketList & Partial<Pick<ViewTickets, 'gone'>>>(
      after === undefined
        ? `${listPath(view)}limit=${listLimits.first}`
        : `${listPath(view)}limit=${listLimits.more}&after=${after}`,
      signal,
    ),
  /** The agent's own views and those that colleagues share, with how many tickets they hold. */
  views: (signal?: AbortSignal) => get<SavedViews>('/views', signal),
  createView: (body: ViewBody, key: string) => post<SavedView>('/views', body, { key }),
  changeView: (id: string, body: ViewBody & { readonly version: number }) =>
    request<SavedView>('PATCH', `${base}/views/${id}`, { body }),
  removeView: (id: string) => request<unknown>('DELETE', `${base}/views/${id}`, { body: {} }),
  /** How many tickets a filter would show. */
  countTickets: (filter: ViewBody['filter'], signal?: AbortSignal) =>
    request<TicketCount>('POST', `${base}/views/count`, {
      body: { filter },
      ...(signal === undefined ? {} : { signal }),
    }),
  /** `doing`: what the other desks are told along with it. */
  ticket: (id: string, doing?: 'looking' | 'typing', signal?: AbortSignal) =>
    get<TicketDetail>(
      `/tickets/${id}?last=${lastMessages}${doing === undefined ? '' : `&doing=${doing}`}`,
      signal,
    ),
  /** `isLeaving`: the page may be gone before the answer comes. */
  keepDraft: (id: string, draft: DraftBody, isLeaving: boolean) =>
    request<{ readonly drafts: readonly DraftView[] }>('PUT', `${base}/tickets/${id}/draft`, {
      body: draft,
      isLeaving,
    }),
  stretch: (id: string, piece: Piece) =>
    get<StretchView>(`/tickets/${id}/messages?limit=${lastMessages}&${pieceQuery(piece)}`),
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
  /** A window of the desk closes. */
  leave: () => post<unknown>('/presence/leave', {}, { isLeaving: true }),
  push: (signal?: AbortSignal) => get<Push>('/push', signal),
  subscribePush: (input: PushSubscriptionInput) => post<unknown>('/push', input),
  unsubscribePush: (id: string) => request<unknown>('DELETE', `${base}/push/${id}`, { body: {} }),
  beat: (active: boolean) => post<Standing>('/presence/beat', { active }),
  /** `read`: up to which message (`seq`) the ticket's conversation was read. */
  viewing: (id: string, doing: Viewing['doing'], read: number | undefined) =>
    post<unknown>(`/tickets/${id}/viewing`, { doing, ...(read === undefined ? {} : { read }) }),
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
  undoOffer: (id: string) => get<Pick<TicketChanged, 'undo'>>(`/tickets/${id}/undo`),
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
