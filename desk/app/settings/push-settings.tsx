import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query'
import Alert from 'antd/es/alert'
import App from 'antd/es/app'
import Button from 'antd/es/button'
import { useState } from 'react'
import { desk, type Push } from '../api/desk.ts'
import { ApiError } from '../api/request.ts'
import { keys } from '../api/queries.ts'
import { browserName } from '../push/browser-name.ts'
import { forgetHere, obstacleHere, subscribeHere } from '../push/device.ts'
import { rememberPushWish } from '../shell/push-wish.ts'
import { explain } from '../shell/explain.ts'
import { useSession } from '../shell/session.ts'
import { exactTime } from '../shell/time.ts'
import { useWords } from '../words/settings.ts'

type Device = Push['subscriptions'][number]

const DeviceRow = ({ device, remove, busy }: { device: Device; remove: () => void; busy: boolean }) => {
  const t = useWords()
  const name = browserName(device.userAgent) ?? device.service
  return (
    <li>
      {name}
      {device.here ? ` ${t('push.this')}` : ''}
      <span className="quiet">
        {' '}
        {t('push.since', { at: exactTime(device.createdAt), service: device.service })}
      </span>{' '}
      <Button size="small" disabled={busy} onClick={remove} aria-label={t('push.remove.of', { name })}>
        {t('push.remove')}
      </Button>
    </li>
  )
}

const usePush = () => {
  const t = useWords()
  const { agent } = useSession()
  const client = useQueryClient()
  const { message } = App.useApp()
  const [obstacle, setObstacle] = useState(obstacleHere)
  const query = useQuery({ queryKey: keys.push, queryFn: ({ signal }) => desk.push(signal) })
  const onSettled = () => {
    setObstacle(obstacleHere())
    return client.invalidateQueries({ queryKey: keys.push })
  }
  const subscribe = useMutation({
    mutationFn: subscribeHere,
    onSuccess: (given) => {
      if (given) rememberPushWish(agent.id)
      else void message.warning(t('push.not-given'))
    },
    onError: (error) => {
      // What the browser itself refuses: its push service cannot be reached, most of all.
      void message.error(
        !(error instanceof ApiError)
          ? t('push.failed')
          : error.code === 'conflict'
            ? t('push.many')
            : explain(error, t),
        10,
      )
    },
    onSettled,
  })
  const remove = useMutation({
    mutationFn: async ({ id, here }: Device) => {
      if (here) {
        rememberPushWish(undefined)
        await forgetHere()
      }
      await desk.unsubscribePush(id)
    },
    onError: (error) => void message.error(explain(error, t)),
    onSettled,
  })
  return { ...query, obstacle, subscribe, remove }
}

/** Notices on this machine while no window of the desk is open, and on which others. */
export const PushSettings = () => {
  const t = useWords()
  const { data, error, obstacle, subscribe, remove } = usePush()
  if (error !== null) return <Alert type="error" title={explain(error, t)} />
  if (data === undefined) return null
  const { publicKey, subscriptions } = data
  const isHere = subscriptions.some(({ here }) => here)
  return (
    <section aria-labelledby="push-head">
      <h2 id="push-head">{t('push')}</h2>
      <p className="quiet">{t('push.hint')}</p>
      {publicKey === undefined ? <Alert type="info" title={t('push.off')} /> : null}
      {obstacle === 'none' || publicKey === undefined ? null : (
        <Alert type="warning" title={t(`push.obstacle.${obstacle}`)} />
      )}
      {publicKey === undefined || isHere ? null : (
        <p>
          <Button
            type="primary"
            loading={subscribe.isPending}
            disabled={obstacle !== 'none'}
            onClick={() => {
              subscribe.mutate(publicKey)
            }}
          >
            {t('push.here')}
          </Button>
        </p>
      )}
      {subscriptions.length === 0 ? (
        <p>{t('push.nowhere')}</p>
      ) : (
        <ul aria-label={t('push.devices')}>
          {subscriptions.map((device) => (
            <DeviceRow
              key={device.id}
              device={device}
              busy={remove.isPending}
              remove={() => {
                remove.mutate(device)
              }}
            />
          ))}
        </ul>
      )}
    </section>
  )
}
