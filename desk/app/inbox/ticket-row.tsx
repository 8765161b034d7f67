import { memo, useEffect, useRef, type MouseEvent } from 'react'
import type { TicketView } from '../api/desk.ts'
import { useSession } from '../shell/session.ts'
import { dayAndClock, exactTime, spanOf, useNow } from '../shell/time.ts'
import { useWords } from '../words/index.ts'
import { ChannelMark, DueChip, PriorityChip } from './chips.tsx'
import { useSelection } from './selection.ts'

export interface RowProps {
  readonly ticket: TicketView
  readonly isOpen: boolean
  /** Keys have moved here. */
  readonly isAt: boolean
  readonly isUnread: boolean
  /** Whether it is to have the focus; said once. */
  readonly takeFocus: (id: string) => boolean
  readonly open: (id: string) => void
  /** Selects everything up to here. */
  readonly extend: (id: string) => void
}

/** Chooses a ticket for what is done to several; with Shift everything between. */
const Pick = ({ ticket: { id, number }, extend }: Pick<RowProps, 'ticket' | 'extend'>) => {
  const t = useWords()
  const isPicked = useSelection((state) => state.ids.has(id))
  const toggle = useSelection((state) => state.toggle)
  return (
    <label className="row-pick">
      <input
        type="checkbox"
        checked={isPicked}
        aria-label={t('select.one', { number })}
        onChange={({ nativeEvent }) => {
          if ('shiftKey' in nativeEvent && nativeEvent.shiftKey === true) extend(id)
          else toggle(id)
        }}
      />
    </label>
  )
}

/** When a wait ends, and how long that is. */
const HeldUntil = ({ until }: { readonly until: string }) => {
  const t = useWords()
  const left = Date.parse(until) - useNow()
  const at = dayAndClock(until)
  return (
    <time dateTime={until} title={exactTime(until)}>
      {left > 0 ? t('row.held.until', { at, left: spanOf(left, t) }) : t('row.held.over', { at })}
    </time>
  )
}

/** Of a ticket that waits for somebody else: until when, and for whom or what. */
const Held = ({ ticket: { state, holdReason = '', holdUntil } }: Pick<RowProps, 'ticket'>) => {
  const t = useWords()
  if (state !== 'on_hold') return null
  const reason = t('row.held', { reason: holdReason })
  return (
    <span className="row-title row-held quiet" dir="auto">
      {holdUntil === undefined ? null : (
        <>
          <HeldUntil until={holdUntil} /> ·{' '}
        </>
      )}
      <span title={reason}>{reason}</span>
    </span>
  )
}

/** One ticket in the list. */
export const TicketRow = memo(({ ticket, isOpen, isAt, isUnread, takeFocus, open, extend }: RowProps) => {
  const t = useWords()
  const { agent } = useSession()
  const button = useRef<HTMLButtonElement>(null)
  const toggle = useSelection((state) => state.toggle)
  const { id, assigneeId, assigneeName = assigneeId } = ticket
  useEffect(() => {
    if (isAt && takeFocus(id)) button.current?.focus()
  })
  const onClick = ({ shiftKey, ctrlKey, metaKey }: MouseEvent): void => {
    if (shiftKey) extend(id)
    else if (ctrlKey || metaKey) toggle(id)
    else open(id)
  }
  const holder =
    assigneeId === undefined ? t('assignee.none') : assigneeId === agent.id ? t('assignee.me') : assigneeName
  return (
    <div className="row-box" data-unread={isUnread ? '' : undefined}>
      <Pick ticket={ticket} extend={extend} />
      <button
        ref={button}
        type="button"
        className="row"
        data-ticket={id}
        aria-current={isOpen ? 'true' : undefined}
        onClick={onClick}
      >
        <span className="row-line">
          {isUnread ? (
            <span className="row-unread">
              <span aria-hidden="true">●</span>
              <span className="unseen">{t('unread')}</span>
            </span>
          ) : null}
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
        <Held ticket={ticket} />
      </button>
    </div>
  )
})
TicketRow.displayName = 'TicketRow'
