import {
  CloseOutlined,
  EyeOutlined,
  InfoCircleOutlined,
  LeftOutlined,
  RobotOutlined,
  UserOutlined,
} from '@ant-design/icons'
import Button from 'antd/es/button'
import Tooltip from 'antd/es/tooltip'
import { lazy, Suspense, useState } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { useViewers } from '../api/viewing.ts'
import { BatchKeys } from '../batch/keys.tsx'
import { useInfo } from '../inbox/info.ts'
import { useListPlace } from '../inbox/list-place.ts'
import { ChannelMark, DueChip, PriorityChip } from '../inbox/chips.tsx'
import { useKeys, type KeyActions } from '../shell/keys.ts'
import { useAriaKeys } from '../shell/preferences.ts'
import { useSession } from '../shell/session.ts'
import { useNow } from '../shell/time.ts'
import { useWords } from '../words/index.ts'
import { allowedFor } from './allowed.ts'
import { More } from './more.tsx'
import { identityOf, reachLevel, reachOf, reachText } from './reach.ts'
import { useAct } from './use-act.ts'

const Transfer = lazy(async () => ({ default: (await import('./transfer.tsx')).Transfer }))

const ReachChip = ({ detail: { ticket, contact } }: { readonly detail: TicketDetail }) => {
  const t = useWords()
  const now = useNow()
  const identity = identityOf(contact, ticket.conversationId)
  const reach = identity === undefined ? undefined : reachOf(identity, now)
  if (reach === undefined) return null
  return (
    <Tooltip title={t('reach')}>
      <span className={`chip due-${reachLevel(reach)}`}>{reachText(reach, t)}</span>
    </Tooltip>
  )
}

/** Who else is here: whoever types may be about to answer. */
const Viewers = ({ ticketId }: { readonly ticketId: string }) => {
  const t = useWords()
  const viewers = useViewers(ticketId)
  return viewers.map(({ agentId, agentName, doing }) => (
    <span key={agentId} className={doing === 'typing' ? 'chip due-soon' : 'chip'} role="status">
      <EyeOutlined />
      <bdi>{t(doing === 'typing' ? 'viewing.typing' : 'viewing.looking', { name: agentName })}</bdi>
    </span>
  ))
}

const Actions = ({ detail }: { readonly detail: TicketDetail }) => {
  const { ticket } = detail
  const t = useWords()
  const session = useSession()
  const { take, force, handBack, solve, transfer } = allowedFor(ticket, session)
  const [isHandingOver, setHandingOver] = useState(false)
  const { mutate, isPending } = useAct(ticket)
  const place = useListPlace()
  const ariaKeys = useAriaKeys()
  const runs: KeyActions = {
    take: take ? () => mutate({ act: 'take', force }) : undefined,
    'hand-back': handBack ? () => mutate({ act: 'hand-back' }) : undefined,
    solve: solve ? () => mutate({ act: 'solve' }) : undefined,
  }
  const solveAndGoOn = (): void => {
    // Asked now: once it is solved it may have left the list.
    const next = place.neighbourOf(ticket.id)
    mutate({ act: 'solve' }, { onSuccess: () => place.open(next) })
  }
  useKeys(
    isPending
      ? {}
      : {
          ...runs,
          'solve-next': solve ? solveAndGoOn : undefined,
          transfer: transfer ? () => setHandingOver(true) : undefined,
        },
  )
  const holder = ticket.assigneeName ?? ticket.assigneeId ?? ''
  return (
    <div className="actions">
      {runs.take === undefined ? null : (
        <Button
          onClick={runs.take}
          loading={isPending}
          type={force ? 'default' : 'primary'}
          aria-keyshortcuts={ariaKeys('take')}
        >
          {force ? t('action.take-over', { name: holder }) : t('action.take')}
        </Button>
      )}
      {runs['hand-back'] === undefined ? null : (
        <Button onClick={runs['hand-back']} disabled={isPending} aria-keyshortcuts={ariaKeys('hand-back')}>
          {t('action.hand-back')}
        </Button>
      )}
      {runs.solve === undefined ? null : (
        <Button onClick={runs.solve} disabled={isPending} aria-keyshortcuts={ariaKeys('solve')}>
          {t('action.solve')}
        </Button>
      )}
      {transfer ? (
        <>
          <Button
            onClick={() => setHandingOver(true)}
            disabled={isPending}
            aria-keyshortcuts={ariaKeys('transfer')}
          >
            {t('action.transfer')}
          </Button>
          {isHandingOver ? (
            <Suspense fallback={null}>
              <Transfer ticket={ticket} close={() => setHandingOver(false)} />
            </Suspense>
          ) : null}
        </>
      ) : null}
      <More detail={detail} />
    </div>
  )
}

interface HeadProps {
  readonly detail: TicketDetail
  readonly leave: () => void
}

/** Whom it is about, what it is about, how it stands, and what may be done. */
export const TicketHead = ({ detail, leave }: HeadProps) => {
  const t = useWords()
  const info = useInfo()
  const { agent } = useSession()
  const { ticket } = detail
  const { assigneeId, assigneeName = assigneeId } = ticket
  const holder =
    assigneeId === undefined ? t('assignee.none') : assigneeId === agent.id ? t('assignee.me') : assigneeName
  return (
    <header className="head">
      <div className="head-line">
        <Button
          className="narrow"
          type="text"
          icon={<LeftOutlined />}
          aria-label={t('back')}
          onClick={leave}
        />
        <h1 tabIndex={-1}>
          <span className="quiet">T-{ticket.number}</span> <bdi>{ticket.title}</bdi>
        </h1>
        <Button
          className={info.isHidden ? '' : 'narrow'}
          type="text"
          icon={<InfoCircleOutlined />}
          aria-label={t('info.show')}
          onClick={() => info.show(true)}
        />
        <Button
          className="wide"
          type="text"
          icon={<CloseOutlined />}
          aria-label={t('close')}
          onClick={leave}
        />
      </div>
      <div className="head-line quiet">
        <ChannelMark channel={ticket.channel} />
        <bdi>{ticket.contactName || t('author.contact')}</bdi>
        <span className="chip">{t(`state.${ticket.state}`)}</span>
        <span className="chip">
          <UserOutlined />
          <bdi>{holder}</bdi>
        </span>
        <span className="chip">
          {ticket.conversationMode === 'bot' ? <RobotOutlined /> : <UserOutlined />}
          {t(`mode.${ticket.conversationMode}`)}
        </span>
        <PriorityChip priority={ticket.priority} />
        <DueChip ticket={ticket} />
        <ReachChip detail={detail} />
        <Viewers ticketId={ticket.id} />
      </div>
      <Actions detail={detail} />
      <BatchKeys tickets={[ticket]} />
    </header>
  )
}
