import Button from 'antd/es/button'
import Skeleton from 'antd/es/skeleton'
import { useEffect, useEffectEvent, useRef, type ReactNode } from 'react'
import { VList, type VListHandle } from 'virtua'
import type { TicketView } from '../api/desk.ts'
import { ApiError } from '../api/request.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { useSelection } from './selection.ts'
import { TicketRow } from './ticket-row.tsx'
import { useUnread } from './unread.ts'
import type { Cursor } from './use-cursor.ts'
import { isCustom, type View } from './views.ts'

interface ListProps {
  readonly tickets: readonly TicketView[]
  readonly view: View
  readonly ticketId: string | undefined
  readonly open: (id: string) => void
  readonly error: Error | null
  readonly isPending: boolean
  readonly retry: () => void
  readonly cursor: Cursor
  /** What stands above: of a view that somebody made its name, and what can be done with those that are selected. */
  readonly bar: ReactNode
  /** Fetches the next tickets; undefined: these are all. */
  readonly more: (() => void) | undefined
}

/** Nearer to the end than so many rows, the next ones are fetched. */
const nearRows = 60

/** The tickets of a view; only what is seen is drawn. */
export const TicketList = (props: ListProps) => {
  const { tickets, view, ticketId, cursor, open, error, isPending, retry, bar, more } = props
  const t = useWords()
  const { agent } = useSession()
  const isUnread = useUnread(agent.id)
  const extendBy = useSelection((state) => state.extend)
  const list = useRef<VListHandle>(null)
  const at = tickets.findIndex(({ id }) => id === cursor.at)
  useEffect(() => {
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' })
  }, [at])
  const extend = (id: string): void => {
    extendBy(
      id,
      tickets.map((one) => one.id),
    )
  }
  const fetchNear = (): void => {
    const { current } = list
    if (current === null || more === undefined) return
    if (current.findItemIndex(current.scrollOffset + current.viewportSize) > tickets.length - nearRows) more()
  }
  const fetchNearNow = useEffectEvent(fetchNear)
  const mayFetch = more !== undefined && error === null
  useEffect(() => {
    // Whoever came near the end while the list was looked at again does not scroll any further.
    if (mayFetch) fetchNearNow()
  }, [mayFetch])
  return (
    <section className="list" aria-label={t('list.label')} aria-busy={isPending}>
      {bar}
      {isPending ? (
        <Skeleton active className="list-note" />
      ) : error !== null && tickets.length === 0 ? (
        <div className="list-note" role="alert">
          <p>
            {isCustom(view) && error instanceof ApiError && error.code === 'not_found'
              ? t('views.missing')
              : `${t('list.failed')} ${explain(error, t)}`}
          </p>
          <Button onClick={retry}>{t('retry')}</Button>
        </div>
      ) : tickets.length === 0 ? (
        <p className="list-note">{t(`empty.${isCustom(view) ? 'custom' : view}`)}</p>
      ) : (
        <VList ref={list} className="list-rows" data={tickets} onScroll={fetchNear}>
          {(ticket) => (
            <TicketRow
              key={ticket.id}
              {...{ ticket, open, extend }}
              takeFocus={cursor.takeFocus}
              isOpen={ticket.id === ticketId}
              isAt={ticket.id === cursor.at}
              isUnread={isUnread(ticket)}
            />
          )}
        </VList>
      )}
    </section>
  )
}
