import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { lazy, Suspense, useEffect, useMemo } from 'react'
import type { TicketView } from '../api/desk.ts'
import { useTickets } from '../api/queries.ts'
import { BatchBar } from '../batch/bar.tsx'
import { BatchKeys } from '../batch/keys.tsx'
import { keepWriting } from '../compose/field-after-switch.ts'
import { useKeys } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { useNow } from '../shell/time.ts'
import { TicketPane } from '../ticket/ticket-pane.tsx'
import { UndoNotice } from '../ticket/undo.tsx'
import { useWords } from '../words/index.ts'
import { useInfo } from './info.ts'
import { ListPlaceContext, type ListPlace } from './list-place.ts'
import { useSelection } from './selection.ts'
import { TicketList } from './ticket-list.tsx'
import { markRead, markUnread, useUnread } from './unread.ts'
import { useCursor, type Cursor } from './use-cursor.ts'
import { ViewsPane } from './views-pane.tsx'
import { inView, isCustom, isView, listOf, type View } from './views.ts'

const ViewHead = lazy(async () => ({ default: (await import('../views/index.ts')).ViewHead }))

/** What the address says: which view, which ticket, and whether the information stands in front. */
const usePlace = () => {
  const { view = 'unassigned', ticketId } = useParams({ strict: false })
  const { info = false } = useSearch({ strict: false })
  const shown: View = isView(view) ? view : 'unassigned'
  return { view: shown, ticketId, info }
}

/** The tickets of a view: chosen from all open ones, or, where those are more than a page, a list of the server's own. */
const useView = (view: View) => {
  const { agent, may } = useSession()
  const mayRead = may('ticket.read')
  const all = useTickets(listOf(view), mayRead)
  const isPart = listOf(view) !== view && all.hasNextPage
  const own = useTickets(view, mayRead && isPart)
  const list = isPart && own.data !== undefined ? own : all
  const { data } = list
  const now = useNow()
  // Only what time alone brings into view is looked at again as it goes on.
  const at = view === 'due' ? now : 0
  const tickets = useMemo(
    () => inView(data ?? [], view, { agentId: agent.id, at }),
    [data, view, agent.id, at],
  )
  return { ...list, tickets }
}

/** On narrow screens the list may stand behind the ticket. */
const isListShown = (): boolean => (document.querySelector('.list')?.getClientRects().length ?? 0) > 0

interface ListKeys extends ListPlace {
  readonly tickets: readonly TicketView[]
  readonly ticketId: string | undefined
  readonly cursor: Cursor
}

/** The keys that move through the list. */
const useListKeys = ({ tickets, ticketId, cursor, open }: ListKeys): void => {
  const { agent } = useSession()
  const isUnread = useUnread(agent.id)
  const toggle = useSelection((state) => state.toggle)
  const info = useInfo()
  const at = tickets.find(({ id }) => id === cursor.at)
  const step = (by: 1 | -1): void => {
    const next = cursor.move(by)
    if (next !== undefined && !isListShown()) open(next)
  }
  const switchBy = (by: 1 | -1): void => {
    const place = tickets.findIndex(({ id }) => id === ticketId)
    const next = place < 0 ? tickets[0] : tickets[place + by]
    if (next === undefined) return
    keepWriting()
    open(next.id)
  }
  useKeys({
    next: () => step(1),
    previous: () => step(-1),
    open: at === undefined ? undefined : () => open(at.id),
    select: at === undefined ? undefined : () => toggle(at.id),
    unread: at === undefined ? undefined : () => (isUnread(at) ? markRead : markUnread)(agent.id, at),
    'switch-next': () => switchBy(1),
    'switch-previous': () => switchBy(-1),
    'info-show': ticketId === undefined ? undefined : () => info.show(true),
    'info-hide': ticketId === undefined ? undefined : () => info.show(false),
  })
}

/** The tickets of the view that the agent chose; another view begins with none. */
const useSelected = (tickets: readonly TicketView[], view: View): readonly TicketView[] => {
  const { ids, set } = useSelection()
  useEffect(() => () => set([]), [view, set])
  return useMemo(() => tickets.filter(({ id }) => ids.has(id)), [tickets, ids])
}

const useOpen = (view: View) => {
  const navigate = useNavigate()
  return (id: string | undefined): void => {
    if (id === undefined) void navigate({ to: '/inbox/$view', params: { view } })
    else void navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId: id } })
  }
}

/** What is opened is read; what was marked as unread meanwhile stays so. */
const useRead = (ticket: TicketView | undefined): void => {
  const { agent } = useSession()
  const news = ticket?.nextReplyDueAt
  useEffect(() => {
    if (ticket !== undefined) markRead(agent.id, ticket)
    // eslint-disable-next-line react-hooks/exhaustive-deps -- other changes of a ticket are no news
  }, [agent.id, ticket?.id, news])
}

/** The inbox: views, tickets, one ticket, and what is known of it. On narrow screens one after the other. */
export const Inbox = () => {
  const t = useWords()
  const { view, ticketId, info } = usePlace()
  const { isHidden } = useInfo()
  const { tickets, error, isPending, isFetching, refetch, hasNextPage, fetchNextPage } = useView(view)
  const selected = useSelected(tickets, view)
  const open = useOpen(view)
  const neighbourOf = (id: string): string | undefined => {
    const place = tickets.findIndex((one) => one.id === id)
    return place < 0 ? undefined : (tickets[place + 1] ?? tickets[place - 1])?.id
  }
  const cursor = useCursor(tickets, ticketId)
  useListKeys({ tickets, ticketId, cursor, open, neighbourOf })
  useRead(tickets.find(({ id }) => id === ticketId))
  const atCursor = tickets.filter(({ id }) => ticketId === undefined && id === cursor.at)
  const front = ticketId === undefined ? 'list' : info ? 'info' : 'ticket'
  return (
    <main className="inbox" data-front={front} data-info={isHidden ? 'hidden' : undefined}>
      <ViewsPane view={view} />
      <TicketList
        {...{ tickets, view, ticketId, cursor, open, error, isPending, retry: () => void refetch() }}
        more={hasNextPage && !isFetching ? () => void fetchNextPage({ cancelRefetch: false }) : undefined}
        bar={
          <>
            {isCustom(view) ? (
              <Suspense fallback={null}>
                <ViewHead key={view} view={view} />
              </Suspense>
            ) : null}
            {selected.length === 0 ? null : <BatchBar selected={selected} all={tickets} />}
          </>
        }
      />
      {ticketId === undefined ? (
        <section className="ticket ticket-none">{t('ticket.none')}</section>
      ) : (
        <ListPlaceContext value={{ neighbourOf, open }}>
          <TicketPane key={ticketId} id={ticketId} info={info} leave={() => open(undefined)} />
        </ListPlaceContext>
      )}
      {atCursor.length === 0 ? null : <BatchKeys tickets={atCursor} />}
      <UndoNotice />
    </main>
  )
}
