import { ClockCircleOutlined, CloseCircleOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import { useEffect } from 'react'
import { useLive } from '../api/live.ts'
import { ApiError } from '../api/request.ts'
import type { TicketView } from '../api/desk.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import { sendAnyway, sendWaiting, takeBack, useOutbox } from './outbox.ts'

const retryMs = 15_000

/** Sends what waits once the server is there: when the line is live again, when the browser says so, now and then. */
export const useSendWaiting = (): void => {
  const { agent } = useSession()
  const status = useLive((state) => state.status)
  const isAnything = useOutbox(({ waiting }) => waiting.length > 0)
  useEffect(() => {
    if (!isAnything) return undefined
    const go = (): void => void sendWaiting(agent.id)
    if (status !== 'off') go()
    addEventListener('online', go)
    const timer = setInterval(go, retryMs)
    return () => {
      removeEventListener('online', go)
      clearInterval(timer)
    }
  }, [agent.id, status, isAnything])
}

/** What was said on a ticket and has not left yet, with the ways out. */
export const WaitingMessages = ({ ticket }: { readonly ticket: TicketView }) => {
  const t = useWords()
  const { agent } = useSession()
  const waiting = useOutbox((state) => state.waiting)
  const own = waiting.filter(({ ticketId, agentId }) => ticketId === ticket.id && agentId === agent.id)
  return own.map((one) => (
    <div key={one.key} className="waiting" role="status">
      <p className="words" dir="auto">
        {one.text}
        {one.files.map(({ name }) => ` 📎 ${name}`)}
      </p>
      <span className={one.refusal === undefined ? 'delivery' : 'delivery bad'}>
        {one.refusal === undefined ? <ClockCircleOutlined /> : <CloseCircleOutlined />}{' '}
        {one.refusal !== undefined
          ? `${explain(new ApiError(one.refusal), t)}${one.solve === true ? t('waiting.unsolved') : ''}`
          : t(one.solve === true ? 'waiting.offline.solve' : 'waiting.offline')}
      </span>{' '}
      {one.refusal === undefined ? null : (
        <Button size="small" onClick={() => void sendAnyway(one, ticket.version, agent.id)}>
          {t('conflict.send')}
        </Button>
      )}
      <Button size="small" onClick={() => takeBack(one)}>
        {t('waiting.back')}
      </Button>
    </div>
  ))
}
