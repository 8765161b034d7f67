import {
  infiniteQueryOptions,
  MutationCache,
  QueryCache,
  QueryClient,
  useInfiniteQuery,
  useQuery,
  type InfiniteData,
  type InvalidateQueryFilters,
} from '@tanstack/react-query'
import { useEffect } from 'react'
import {
  desk,
  type CustomView,
  type ListedView,
  type TicketDetail,
  type TicketList,
  type TicketView,
} from './desk.ts'
import type { Change } from './live.ts'
import { ApiError } from './request.ts'
import { doingAt } from './viewing.ts'

/** Stands for the page that no other one names. */
const firstPage = ''

/** Refusals that another try cannot change. */
const isFinal = (error: Error): boolean => error instanceof ApiError && error.code !== 'network'

export const keys = {
  me: ['me'],
  preferences: ['preferences'],
  push: ['push'],
  tickets: ['tickets'],
  list: (view: ListedView) => ['tickets', view],
  views: ['views'],
  ticket: (id: string) => ['ticket', id],
  presence: ['presence'],
  alerts: ['alerts'],
  incidents: ['incidents'],
} as const

/** Who is not known any more is told so, whatever they were refused. */
const whenNobody = (error: Error): void => {
  if (error instanceof ApiError && error.code === 'unauthenticated')
    void queryClient.invalidateQueries({ queryKey: keys.me })
}

export const queryClient: QueryClient = new QueryClient({
  mutationCache: new MutationCache({ onError: whenNobody }),
  queryCache: new QueryCache({
    onError: (error, { queryKey }) => {
      if (queryKey[0] !== keys.me[0]) whenNobody(error)
    },
  }),
  defaultOptions: {
    // Whether there is a line is found out by asking: a browser's own notion of it would hold requests back.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      // Changes are told by the server; looking again at every focus would only double them.
      staleTime: 30_000,
      refetchOnWindowFocus: false,
      retry: (failures, error) => !isFinal(error) && failures < 3,
    },
  },
})

/** Tells of each look at the server whether it was reached; gives back how to stop. */
export const hearLooks = (hear: (reached: boolean) => void): (() => void) =>
  queryClient.getQueryCache().subscribe((event) => {
    if (event.type !== 'updated') return
    const { action } = event
    if (action.type === 'success' && action.manual !== true) hear(true)
    if (action.type === 'failed') hear(!(action.error instanceof ApiError && action.error.code === 'network'))
  })

/** Somebody may sign in again by another window of this browser. */
const whoAgainMs = 5_000

export const useMe = () =>
  useQuery({
    queryKey: keys.me,
    queryFn: ({ signal }) => desk.me(signal),
    refetchInterval: ({ state }) => (state.error === null ? false : whoAgainMs),
  })

/** The tickets of all pages, each once: what moved while they were fetched stands on two. */
const joinPages = ({ pages }: InfiniteData<TicketList>): readonly TicketView[] => [
  ...new Map(pages.flatMap(({ tickets }) => tickets.map((ticket) => [ticket.id, ticket] as const))).values(),
]

const pagesOf = (view: ListedView) =>
  infiniteQueryOptions({
    queryKey: keys.list(view),
    queryFn: ({ signal, pageParam }) =>
      desk.tickets(view, pageParam === firstPage ? undefined : pageParam, signal),
    initialPageParam: firstPage,
    getNextPageParam: ({ next }) => next,
  })

/** The tickets of a list, page by page. */
export const useTickets = (view: ListedView, enabled = true) =>
  useInfiniteQuery({ ...pagesOf(view), select: joinPages, enabled })

/** What a view names and is not there any more; undefined while it is not known. */
export const useGone = (view: CustomView) =>
  useInfiniteQuery({ ...pagesOf(view), select: ({ pages }) => pages[0]?.gone }).data

/** Counts of views are looked at again so often: of each the server counts anew. */
const viewsMs = { some: 15_000, none: 60_000 } as const

/** Views that the agent made, or colleagues share. */
export const useViews = (enabled = true) =>
  useQuery({
    queryKey: keys.views,
    queryFn: ({ signal }) => desk.views(signal),
    refetchInterval: ({ state: { data } }) =>
      data !== undefined && data.views.length > 0 ? viewsMs.some : viewsMs.none,
    enabled,
  })

/**
 * A ticket with everything that its page shows: one request, also when it was open a moment ago. `tells`: it tells the
 * other desks who is there, too.
 */
export const useTicket = (id: string, tells: boolean) =>
  useQuery({
    queryKey: keys.ticket(id),
    queryFn: ({ signal }) => desk.ticket(id, tells ? doingAt(id) : undefined, signal),
    refetchOnMount: 'always',
  })

/**
 * Asks again for what may have changed. A first answer that is still on its way may have been made before the change, and
 * is not asked for anew but waited for: it is asked for once more when it is there.
 */
const askAgain = async (filters: InvalidateQueryFilters): Promise<void> => {
  const first = queryClient
    .getQueryCache()
    .findAll({ ...filters, fetchStatus: 'fetching' })
    .filter(({ state }) => state.data === undefined)
  await queryClient.invalidateQueries(filters)
  await Promise.all(first.map(({ queryKey }) => queryClient.invalidateQueries({ queryKey, exact: true })))
}

/** Lists of many pages are looked at again so often at most; each page is a request. */
const longListMs = 10_000
let longListAt = 0
let longListTimer: ReturnType<typeof setTimeout> | undefined

const lookAtLists = (): void => {
  const isLong = queryClient
    .getQueriesData<InfiniteData<TicketList>>({ queryKey: keys.tickets })
    .some(([, data]) => (data?.pages.length ?? 0) > 1)
  const restMs = isLong ? longListAt + longListMs - Date.now() : 0
  if (restMs > 0) {
    longListTimer ??= setTimeout(lookAtLists, restMs)
    return
  }
  clearTimeout(longListTimer)
  longListTimer = undefined
  longListAt = Date.now()
  void askAgain({ queryKey: keys.tickets })
}

/** What is shown is read: a ticket that somebody looks at leaves the view of mentions. */
export const useReadMentions = (id: string, shown: boolean): void => {
  const { data = [] } = useTickets('mentioned', shown)
  const waits = shown && data.some((ticket) => ticket.id === id)
  useEffect(() => {
    if (!waits || document.hidden) return
    void desk
      .readMentions(id)
      .then(() => queryClient.invalidateQueries({ queryKey: keys.list('mentioned') }))
      // It stays unread, and is read with the next look.
      .catch(() => undefined)
  }, [waits, id])
}

/** What is read comes before the lists: their pages are many rows, and one server answers both. */
const lookAtTickets = (filters: InvalidateQueryFilters): void => {
  void askAgain(filters).finally(lookAtLists)
}

/** Looks again at what may have changed: at a ticket, or at everything. */
export const lookAgain = (ticketId: string | undefined): void => {
  lookAtTickets({ queryKey: ticketId === undefined ? ['ticket'] : keys.ticket(ticketId) })
  void askAgain({ queryKey: keys.alerts })
  // Hints without a ticket are about incidents, or about anything.
  if (ticketId === undefined) void askAgain({ queryKey: keys.incidents })
}

/** Looks again at what the server says has changed; of a conversation it does not say which tickets it feeds. */
export const lookAtChange = (change: Change | undefined): void => {
  if (change === undefined || 'ticketId' in change) {
    lookAgain(change?.ticketId)
    return
  }
  const filters: InvalidateQueryFilters = {
    queryKey: ['ticket'],
    // What a macro would do to a ticket lies below its key, and goes with it. One that is not known yet may be it.
    predicate: ({ queryKey: [, id] }) => {
      const known = queryClient.getQueryData<TicketDetail>(['ticket', id])
      return known === undefined || known.ticket.conversationId === change.conversationId
    },
  }
  // No list tells how sending went.
  if (change.delivery === true) void askAgain(filters)
  else lookAtTickets(filters)
}
