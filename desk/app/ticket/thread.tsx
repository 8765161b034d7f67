import { DownOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import { useEffect, useEffectEvent, useRef, type ReactElement } from 'react'
import { VList } from 'virtua'
import type { TicketDetail } from '../api/desk.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { Message } from './message.tsx'
import { useOpenOriginals } from './originals.ts'
import { isMessage, useReading, type Row } from './use-reading.ts'
import { useThread, type Way } from './use-thread.ts'

interface MoreProps {
  readonly way: Way
  readonly isLoading: boolean
  readonly fault: unknown
  readonly load: (way: Way) => void
}

/** What stands at an edge beyond which there is more: it comes by itself when one gets near, or when it is pressed. */
const More = ({ way, isLoading, fault, load }: MoreProps) => {
  const t = useWords()
  return (
    <div className="thread-more">
      {fault === undefined ? null : <span role="alert">{explain(fault, t)} </span>}
      <Button size="small" type="text" loading={isLoading} onClick={() => load(way)}>
        {t(fault === undefined ? `thread.${way}` : 'retry')}
      </Button>
    </div>
  )
}

/** What was just said here is to be seen, wherever one reads. */
const useOwnInSight = ({ messages }: TicketDetail, toEnd: () => void): void => {
  const { agent } = useSession()
  const last = messages.at(-1)
  const seen = useRef(last?.seq)
  const look = useEffectEvent(() => {
    if (last?.seq !== seen.current && last?.agentId === agent.id) toEnd()
    seen.current = last?.seq
  })
  useEffect(() => {
    look()
  }, [last?.seq])
}

interface ThreadProps {
  readonly detail: TicketDetail
  /** Whether this visit asked for it: where reading goes on is known. */
  readonly isFresh: boolean
}

/** What was said, oldest first: opens where reading goes on; stays at the end while the reader is there. */
export const Thread = ({ detail, isFresh }: ThreadProps) => {
  const t = useWords()
  const { ticket } = detail
  const { agent } = useSession()
  const { shown, goal, unreadFrom, isOpened, isBefore, loading, fault, load, toEnd } = useThread(
    detail,
    isFresh,
  )
  useOwnInSight(detail, toEnd)
  const { messages, earlier, later } = shown
  const rows: readonly Row[] = [
    ...(earlier ? (['earlier'] as const) : []),
    ...messages,
    ...(later ? (['later'] as const) : []),
  ]
  const { list, scrolled } = useReading(rows, {
    ...{ ticketId: ticket.id, agentId: agent.id, isOpened },
    ...{ goal, later, load },
  })
  const isOriginalOpen = useOpenOriginals()
  // A frame that is taken out of the page is fetched anew when it comes back, and its reader's place is lost.
  const kept = rows.flatMap((row, at) => (isMessage(row) && isOriginalOpen(row.id) ? [at] : []))
  const draw = (row: Row): ReactElement =>
    isMessage(row) ? (
      <div key={row.id}>
        {row.seq === unreadFrom ? (
          <div className="thread-unread" role="separator">
            {t('thread.unread')}
          </div>
        ) : null}
        <Message message={row} contactName={ticket.contactName} />
      </div>
    ) : (
      <More key={row} {...{ way: row, load, fault }} isLoading={loading === row} />
    )
  return (
    <div className="thread" role="log" aria-label={t('thread.label')} tabIndex={0}>
      <VList
        {...{ ref: list, className: 'thread-rows', data: rows, shift: isBefore, keepMounted: kept }}
        onScroll={scrolled}
      >
        {draw}
      </VList>
      {later ? (
        <Button className="thread-end" icon={<DownOutlined />} onClick={toEnd}>
          {t('thread.newest')}
        </Button>
      ) : null}
    </div>
  )
}
