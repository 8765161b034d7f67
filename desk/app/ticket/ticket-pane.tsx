import Button from 'antd/es/button'
import Skeleton from 'antd/es/skeleton'
import { useTicket } from '../api/queries.ts'
import { Composer } from '../compose/composer.tsx'
import { KeptDraft } from '../compose/kept-draft.tsx'
import { useServerDrafts } from '../compose/keep-drafts.ts'
import { WaitingMessages } from '../compose/waiting.tsx'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { InfoPane } from './info-pane.tsx'
import { Thread } from './thread.tsx'
import { TicketHead } from './ticket-head.tsx'

interface TicketPaneProps {
  readonly id: string
  /** On narrow screens: the information stands in front. */
  readonly info: boolean
  readonly leave: () => void
}

/** One ticket: what was said, what may be said, what is known. */
export const TicketPane = ({ id, leave }: TicketPaneProps) => {
  const t = useWords()
  const { may } = useSession()
  const { data: detail, error, refetch, isFetchedAfterMount } = useTicket(id, may('ticket.reply'))
  useServerDrafts(isFetchedAfterMount ? detail : undefined)
  if (detail === undefined)
    return (
      <section className="ticket ticket-none" aria-busy={error === null}>
        {error === null ? (
          <Skeleton active />
        ) : (
          <div role="alert">
            <p>{explain(error, t)}</p>
            <Button onClick={() => void refetch()}>{t('retry')}</Button>
            <Button onClick={leave}>{t('back')}</Button>
          </div>
        )}
      </section>
    )
  return (
    <>
      <section className="ticket" aria-label={`T-${detail.ticket.number}`}>
        <TicketHead detail={detail} leave={leave} />
        <Thread key={detail.ticket.conversationId} detail={detail} isFresh={isFetchedAfterMount} />
        <WaitingMessages ticket={detail.ticket} />
        {may('ticket.reply') ? <Composer detail={detail} /> : <KeptDraft detail={detail} />}
      </section>
      <InfoPane detail={detail} />
    </>
  )
}
