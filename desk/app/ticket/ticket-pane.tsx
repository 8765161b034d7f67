import { useNavigate, useSearch } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Skeleton from 'antd/es/skeleton'
import { lazy, Suspense } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { useReadMentions, useTicket } from '../api/queries.ts'
import { Composer } from '../compose/composer.tsx'
import { KeptDrafts } from '../compose/kept.tsx'
import { useServerDrafts } from '../compose/keep-drafts.ts'
import { WaitingMessages } from '../compose/waiting.tsx'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { InfoPane } from './info-pane.tsx'
import { Thread } from './thread.tsx'
import { TicketHead } from './ticket-head.tsx'

// Few tickets are complaints.
const CasePane = lazy(async () => ({ default: (await import('../complaints/case-pane.tsx')).CasePane }))

/** Of a complaint: whether its case stands in the conversation's place, and the way between the two. */
const Sides = ({ isCase }: { readonly isCase: boolean }) => {
  const t = useWords()
  const navigate = useNavigate()
  const turn = (wanted: boolean): void => {
    void navigate({
      to: '.',
      search: ({ info }) => ({ ...(info === true ? { info } : {}), ...(wanted ? { case: true } : {}) }),
    })
  }
  return (
    <div className="sides" role="group" aria-label={t('sides')}>
      {([false, true] as const).map((one) => (
        <Button
          key={String(one)}
          size="small"
          type={one === isCase ? 'primary' : 'default'}
          aria-pressed={one === isCase}
          onClick={() => turn(one)}
        >
          {t(one ? 'sides.case' : 'sides.talk')}
        </Button>
      ))}
    </div>
  )
}

const Talk = ({ detail, isFresh }: { readonly detail: TicketDetail; readonly isFresh: boolean }) => {
  const t = useWords()
  const { may } = useSession()
  return (
    <>
      <Thread key={detail.ticket.conversationId} detail={detail} isFresh={isFresh} />
      <WaitingMessages ticket={detail.ticket} />
      {may('ticket.reply') ? (
        <Composer detail={detail} />
      ) : (
        <div className="read-only">
          <p>{t('compose.read-only')}</p>
          <KeptDrafts ticketId={detail.ticket.id} />
        </div>
      )}
    </>
  )
}

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
  const { case: asksCase = false } = useSearch({ strict: false })
  const { data: detail, error, refetch, isFetchedAfterMount } = useTicket(id, may('ticket.reply'))
  useReadMentions(id, detail !== undefined)
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
  const hasCase = detail.ticket.kind === 'complaint' && may('complaint.read')
  const isCase = hasCase && asksCase
  return (
    <>
      <section className="ticket" aria-label={`T-${detail.ticket.number}`}>
        <TicketHead detail={detail} leave={leave} />
        {hasCase ? <Sides isCase={isCase} /> : null}
        {isCase ? (
          <Suspense fallback={<Skeleton active />}>
            <CasePane detail={detail} />
          </Suspense>
        ) : (
          <Talk detail={detail} isFresh={isFetchedAfterMount} />
        )}
      </section>
      <InfoPane detail={detail} />
    </>
  )
}
