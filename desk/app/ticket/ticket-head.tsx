import {
  CloseOutlined,
  EyeOutlined,
  InfoCircleOutlined,
  LeftOutlined,
  RobotOutlined,
  UserOutlined,
} from '@ant-design/icons'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Tooltip from 'antd/es/tooltip'
import { lazy, Suspense, useState } from 'react'
import type { TicketDetail } from '../api/desk.ts'
import { useViewers } from '../api/viewing.ts'
import { ChannelMark, DueChip, PriorityChip } from '../inbox/chips.tsx'
import { useKeys } from '../shell/keys.ts'
import { useSession } from '../shell/session.ts'
import { useNow } from '../shell/time.ts'
import { useWords } from '../words/index.ts'
import { allowedFor } from './allowed.ts'
import { More } from './more.tsx'
import { identityOf, reachLevel, reachOf, reachText } from './reach.ts'
import { UndoNotice } from './undo.tsx'
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
  const runs = {
    ...(take ? { m: () => mutate({ act: 'take', force }) } : {}),
    ...(handBack ? { b: () => mutate({ act: 'hand-back' }) } : {}),
    ...(solve ? { e: () => mutate({ act: 'solve' }) } : {}),
  }
  useKeys(isPending ? {} : { ...runs, ...(transfer ? { t: () => setHandingOver(true) } : {}) })
  const holder = ticket.assigneeName ?? ticket.assigneeId ?? ''
  return (
    <div className="actions">
      {runs.m === undefined ? null : (
        <Button
          onClick={runs.m}
          loading={isPending}
          type={force ? 'default' : 'primary'}
          aria-keyshortcuts="m"
        >
          {force ? t('action.take-over', { name: holder }) : t('action.take')}
        </Button>
      )}
      {runs.b === undefined ? null : (
        <Button onClick={runs.b} disabled={isPending} aria-keyshortcuts="b">
          {t('action.hand-back')}
        </Button>
      )}
      {runs.e === undefined ? null : (
        <Button onClick={runs.e} disabled={isPending} aria-keyshortcuts="e">
          {t('action.solve')}
        </Button>
      )}
      {transfer ? (
        <>
          <Button onClick={() => setHandingOver(true)} disabled={isPending} aria-keyshortcuts="t">
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
  const navigate = useNavigate()
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
          className="narrow"
          type="text"
          icon={<InfoCircleOutlined />}
          aria-label={t('info.show')}
          onClick={() => void navigate({ to: '.', search: (was) => ({ ...was, info: true }) })}
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
      <UndoNotice />
    </header>
  )
}
