import Button from 'antd/es/button'
import Skeleton from 'antd/es/skeleton'
import { memo, useEffect, useRef } from 'react'
import { VList, type VListHandle } from 'virtua'
import type { TicketView } from '../api/desk.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { ChannelMark, DueChip, PriorityChip } from './chips.tsx'
import type { View } from './views.ts'

interface RowProps {
  readonly ticket: TicketView
  readonly isOpen: boolean
  readonly open: (id: string) => void
}

/** One ticket in the list. */
const Row = memo(({ ticket, isOpen, open }: RowProps) => {
  const t = useWords()
  const { agent } = useSession()
  const { assigneeId, assigneeName = assigneeId } = ticket
  const holder =
    assigneeId === undefined ? t('assignee.none') : assigneeId === agent.id ? t('assignee.me') : assigneeName
  return (
    <button
      type="button"
      className="row"
      data-ticket={ticket.id}
      aria-current={isOpen ? 'true' : undefined}
      onClick={() => {
        open(ticket.id)
      }}
    >
      <span className="row-line">
        <ChannelMark channel={ticket.channel} />
        <bdi className="row-name">{ticket.contactName || t('author.contact')}</bdi>
        <PriorityChip priority={ticket.priority} />
        <DueChip ticket={ticket} />
      </span>
      <span className="row-title" dir="auto">
        {ticket.title}
      </span>
      <span className="row-line quiet">
        <span>T-{ticket.number}</span>
        <span>{t(`state.${ticket.state}`)}</span>
        <bdi>{holder}</bdi>
      </span>
    </button>
  )
})
Row.displayName = 'Row'

interface ListProps {
  readonly tickets: readonly TicketView[]
  readonly view: View
  readonly ticketId: string | undefined
  readonly open: (id: string) => void
  readonly error: Error | null
  readonly isPending: boolean
  readonly retry: () => void
  /** Fetches the next tickets; undefined: these are all. */
  readonly more: (() => void) | undefined
}

/** Nearer to the end than so many rows, the next ones are fetched. */
const nearRows = 60

/** The tickets of a view; only what is seen is drawn. */
export const TicketList = ({ tickets, view, ticketId, open, error, isPending, retry, more }: ListProps) => {
  const t = useWords()
  const list = useRef<VListHandle>(null)
  const at = tickets.findIndex(({ id }) => id === ticketId)
  useEffect(() => {
    if (at >= 0) list.current?.scrollToIndex(at, { align: 'nearest' })
  }, [at])
  const scrolled = (): void => {
    const { current } = list
    if (current === null || more === undefined) return
    if (current.findItemIndex(current.scrollOffset + current.viewportSize) > tickets.length - nearRows) more()
  }
  return (
    <section className="list" aria-label={t('list.label')} aria-busy={isPending}>
      {isPending ? (
        <Skeleton active className="list-note" />
      ) : error !== null && tickets.length === 0 ? (
        <div className="list-note" role="alert">
          <p>
            {t('list.failed')} {explain(error, t)}
          </p>
          <Button onClick={retry}>{t('retry')}</Button>
        </div>
      ) : tickets.length === 0 ? (
        <p className="list-note">{t(`empty.${view}`)}</p>
      ) : (
        <VList ref={list} className="list-rows" data={tickets} onScroll={scrolled}>
          {(ticket) => <Row key={ticket.id} ticket={ticket} isOpen={ticket.id === ticketId} open={open} />}
        </VList>
      )}
    </section>
  )
}
