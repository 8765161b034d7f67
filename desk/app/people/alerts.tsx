import { BellOutlined } from '@ant-design/icons'
import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import Button from 'antd/es/button'
import Popover from 'antd/es/popover'
import { useState } from 'react'
import { keys } from '../api/queries.ts'
import { createKey } from '../api/request.ts'
import { answerOf, v1, type Schemas } from '../api/v1.ts'
import { shortTime } from '../shell/time.ts'
import { isWord, useWords } from '../words/index.ts'
import { useAlerts } from './use-alerts.ts'

const useSee = () => {
  const client = useQueryClient()
  return useMutation({
    mutationFn: (ids: readonly string[]) =>
      answerOf(
        v1.POST('/alerts/seen', {
          params: { header: { 'Idempotency-Key': createKey() } },
          body: { ids: [...ids] },
        }),
      ),
    onSettled: () => client.invalidateQueries({ queryKey: keys.alerts }),
  })
}

/** What the agent is told of promised times: a button that counts, and a list behind it. */
export const Alerts = () => {
  const t = useWords()
  const navigate = useNavigate()
  const [open, setOpen] = useState(false)
  const { data: alerts = [] } = useAlerts()
  const see = useSee()
  const textOf = ({ number, kind, promise, dueAt }: Schemas['Alert']): string => {
    const what = `due.what.${promise}`
    return `T-${number} · ${t(`alert.${kind}`, { what: isWord(what) ? t(what) : promise })} · ${shortTime(dueAt)}`
  }
  const follow = ({ id, ticketId }: Schemas['Alert']): void => {
    see.mutate([id])
    setOpen(false)
    void navigate({ to: '/inbox/$view/$ticketId', params: { view: 'open', ticketId } })
  }
  if (alerts.length === 0) return null
  const list = (
    <div className="alerts">
      <ul>
        {alerts.map((alert) => (
          <li key={alert.id}>
            <Button
              type="link"
              onClick={() => {
                follow(alert)
              }}
            >
              {textOf(alert)} <bdi>{alert.title}</bdi>
            </Button>
          </li>
        ))}
      </ul>
      <Button
        onClick={() => {
          see.mutate(alerts.map(({ id }) => id))
          setOpen(false)
        }}
      >
        {t('alerts.seen')}
      </Button>
    </div>
  )
  return (
    <Popover content={list} trigger="click" placement="rightBottom" open={open} onOpenChange={setOpen}>
      <Button
        type="text"
        className="bell"
        icon={<BellOutlined />}
        aria-label={t('alerts', { n: alerts.length })}
      >
        <span className="bell-count" aria-hidden="true">
          {alerts.length}
        </span>
      </Button>
    </Popover>
  )
}
