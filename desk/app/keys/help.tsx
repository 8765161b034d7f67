import { Link } from '@tanstack/react-router'
import Alert from 'antd/es/alert'
import Modal from 'antd/es/modal'
import { keysOf } from '../shell/commands.ts'
import { usePreferences } from '../shell/preferences.ts'
import { useWords } from '../words/keys.ts'
import { commandsIn, groups } from './groups.ts'
import { ShownKeys } from './shown-keys.tsx'

/** Keys that belong to the field and cannot be changed. */
const inField = [
  ['Mod+Enter', 'keys.send'],
  ['Escape', 'keys.leave'],
] as const

/** What each key does, as the agent has them. */
export const Help = ({ close }: { readonly close: () => void }) => {
  const t = useWords()
  const { single, bindings } = usePreferences().keys
  return (
    <Modal open onCancel={close} footer={null} title={t('do.help')} width={720}>
      {single ? <p>{t('keys.rest')}</p> : <Alert type="warning" title={t('keys.off')} />}
      <div className="keys">
        {groups.map((group) => (
          <section key={group} aria-label={t(`keys.${group}`)}>
            <h3>{t(`keys.${group}`)}</h3>
            <dl>
              {commandsIn(group).map((command) => (
                <div key={command}>
                  <dt>
                    <ShownKeys keys={keysOf(command, bindings)} />
                  </dt>
                  <dd>{t(`do.${command}`)}</dd>
                </div>
              ))}
            </dl>
          </section>
        ))}
        <section aria-label={t('keys.writing')}>
          <h3>{t('keys.writing')}</h3>
          <dl>
            {inField.map(([keys, does]) => (
              <div key={keys}>
                <dt>
                  <ShownKeys keys={keys} />
                </dt>
                <dd>{t(does)}</dd>
              </div>
            ))}
          </dl>
        </section>
      </div>
      <Link to="/settings/keys" onClick={close}>
        {t('keys.change')}
      </Link>
    </Modal>
  )
}
