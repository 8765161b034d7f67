import { useNavigate, useParams, useSearch } from '@tanstack/react-router'
import { useMemo } from 'react'
import { useTickets } from '../api/queries.ts'
import { Help, useHelp } from '../shell/help.tsx'
import { useKeys } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { TicketPane } from '../ticket/ticket-pane.tsx'
import { useWords } from '../words/index.ts'
import { TicketList } from './ticket-list.tsx'
import { ViewsPane } from './views-pane.tsx'
import { inView, isView, listOf, type View } from './views.ts'

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
  const tickets = useMemo(() => inView(data ?? [], view, agent.id), [data, view, agent.id])
  return { ...list, tickets }
}

/** The inbox: views, tickets, one ticket, and what is known of it. On narrow screens one after the other. */
export const Inbox = () => {
  const t = useWords()
  const navigate = useNavigate()
  const { view, ticketId, info } = usePlace()
  const { tickets, error, isPending, refetch, hasNextPage, fetchNextPage } = useView(view)
  const open = (id: string | undefined): void => {
    if (id === undefined) void navigate({ to: '/inbox/$view', params: { view } })
    else void navigate({ to: '/inbox/$view/$ticketId', params: { view, ticketId: id } })
  }
  const step = (by: 1 | -1): void => {
    const at = tickets.findIndex(({ id }) => id === ticketId)
    const next = at < 0 ? tickets[0] : tickets[at + by]
    if (next !== undefined) open(next.id)
  }
  useKeys({
    j: () => {
      step(1)
    },
    k: () => {
      step(-1)
    },
    '/': () => {
      void navigate({ to: '/search' })
    },
    '?': useHelp((state) => state.show),
  })
  const front = ticketId === undefined ? 'list' : info ? 'info' : 'ticket'
  return (
    <main className="inbox" data-front={front}>
      <ViewsPane view={view} />
      <TicketList
        {...{ tickets, view, ticketId, open, error, isPending, retry: () => void refetch() }}
        more={hasNextPage ? () => void fetchNextPage({ cancelRefetch: false }) : undefined}
      />
      {ticketId === undefined ? (
        <section className="ticket ticket-none">{t('ticket.none')}</section>
      ) : (
        <TicketPane key={ticketId} id={ticketId} info={info} leave={() => open(undefined)} />
      )}
      <Help />
    </main>
  )
}
