import App from 'antd/es/app'
import Button from 'antd/es/button'
import Switch from 'antd/es/switch'
import { useId } from 'react'
import type { Preferences } from '../api/desk.ts'
import { commandsIn, groups } from '../keys/groups.ts'
import { commands, type Command } from '../shell/commands.ts'
import { usePreferences, useSetPreferences } from '../shell/preferences.ts'
import { useWords } from '../words/settings.ts'
import { KeyRow } from './key-row.tsx'

/** The agent's keys: whether single ones act, and which does what. */
export const KeySettings = () => {
  const t = useWords()
  const { modal } = App.useApp()
  const singleId = useId()
  const { single, bindings } = usePreferences().keys
  const change = useSetPreferences()
  const setKeys = (keys: Partial<Preferences['keys']>): void => {
    change((before) => ({ ...before, keys: { ...before.keys, ...keys } }))
  }
  const bind = (command: Command, keys: string | undefined): void => {
    const others = Object.entries(bindings).filter(([one]) => one !== command)
    setKeys({ bindings: Object.fromEntries(keys === undefined ? others : [...others, [command, keys]]) })
  }
  const changed = commands.filter((command) => bindings[command] !== undefined).length
  const resetAll = async (): Promise<void> => {
    const sure = await modal
      .confirm({
        title: t('settings.usual.sure', { n: changed }),
        okText: t('settings.usual.all'),
        cancelText: t('cancel'),
      })
      .then(
        (yes) => yes,
        () => false,
      )
    if (sure) setKeys({ bindings: {} })
  }
  return (
    <>
      <header className="page-head">
        <h1>{t('settings.keys')}</h1>
        <Button disabled={changed === 0} onClick={() => void resetAll()}>
          {t('settings.usual.all')}
        </Button>
      </header>
      <p className="quiet">{t('settings.where')}</p>
      <p>
        <Switch id={singleId} checked={single} onChange={(on) => setKeys({ single: on })} />{' '}
        <label htmlFor={singleId}>{t('settings.single')}</label>
        <br />
        <span className="quiet">{t('settings.single.hint')}</span>
      </p>
      {groups.map((group) => (
        <table key={group} className="settings">
          <caption>{t(`keys.${group}`)}</caption>
          <thead className="unseen">
            <tr>
              <th scope="col">{t('settings.command')}</th>
              <th scope="col">{t('settings.now')}</th>
              <th scope="col">{t('settings.change')}</th>
            </tr>
          </thead>
          <tbody>
            {commandsIn(group).map((command) => (
              <KeyRow
                key={command}
                command={command}
                bindings={bindings}
                set={(keys) => bind(command, keys)}
              />
            ))}
          </tbody>
        </table>
      ))}
    </>
  )
}
