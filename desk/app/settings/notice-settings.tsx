import Alert from 'antd/es/alert'
import Button from 'antd/es/button'
import Radio from 'antd/es/radio'
import Switch from 'antd/es/switch'
import { useId, useState } from 'react'
import { occasions, useBell, usualNotices, type Loudness, type Occasion } from '../shell/bell.ts'
import { usePreferences, useSetPreferences } from '../shell/preferences.ts'
import { ring } from '../shell/ring.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/settings.ts'
import { PushSettings } from './push-settings.tsx'

const loudness: readonly Loudness[] = ['off', 'notice', 'sound']

/** Whether the browser lets us: `none` where it cannot, as over plain http. */
const permissionNow = (): NotificationPermission | 'none' =>
  'Notification' in globalThis ? Notification.permission : 'none'

/** Whether this browser tells at all, and what stands in the way. */
const Here = () => {
  const t = useWords()
  const id = useId()
  const { isOn, turn } = useBell()
  const [permission, setPermission] = useState(permissionNow)
  const ask = async (): Promise<void> => {
    if (permissionNow() === 'default') await Notification.requestPermission()
    setPermission(permissionNow())
  }
  const tryIt = async (): Promise<void> => {
    ring()
    await ask()
    if (permissionNow() === 'granted')
      new Notification(t('notices.try.title'), { body: t('notices.try.body'), tag: 'tongda', silent: true })
  }
  return (
    <>
      <p>
        <Switch
          id={id}
          checked={isOn}
          onChange={(on) => {
            turn(on)
            if (on) void ask()
          }}
        />{' '}
        <label htmlFor={id}>{t('notices.here')}</label>
        <br />
        <span className="quiet">{t('notices.here.hint')}</span>
      </p>
      {isOn && (permission === 'denied' || permission === 'none') ? (
        <Alert type="warning" title={t(`notices.${permission}`)} />
      ) : null}
      <p>
        <Button onClick={() => void tryIt()}>{t('notices.try')}</Button>
      </p>
    </>
  )
}

/** What the agent is told of, and how loudly. */
export const NoticeSettings = () => {
  const t = useWords()
  const { may } = useSession()
  const { notices } = usePreferences()
  const change = useSetPreferences()
  const set = (occasion: Occasion, how: Loudness): void => {
    change((before) => ({ ...before, notices: { ...before.notices, [occasion]: how } }))
  }
  return (
    <>
      <header className="page-head">
        <h1>{t('settings.notices')}</h1>
      </header>
      <Here />
      <p className="quiet">{t('settings.where')}</p>
      {occasions.map((occasion) => (
        <fieldset key={occasion} className="notices">
          <legend>{t(`notices.${occasion}`)}</legend>
          <Radio.Group
            value={notices[occasion] ?? usualNotices[occasion]}
            options={loudness.map((how) => ({ value: how, label: t(`notices.${how}`) }))}
            onChange={({ target }) => {
              set(occasion, loudness.find((how) => how === target.value) ?? 'off')
            }}
          />
        </fieldset>
      ))}
      {may('ticket.take') ? <PushSettings /> : null}
    </>
  )
}
