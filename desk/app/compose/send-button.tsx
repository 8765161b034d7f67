import { DownOutlined } from '@ant-design/icons'
import Button from 'antd/es/button'
import Dropdown from 'antd/es/dropdown'
import Space from 'antd/es/space'
import { showKeys } from '../shell/chords.ts'
import { keysOf } from '../shell/commands.ts'
import { useKeys } from '../shell/keys.ts'
import { usePreferences } from '../shell/preferences.ts'
import { useSession } from '../shell/session.ts'
import { useWords } from '../words/index.ts'
import type { Mode } from './drafts.ts'

interface SendProps {
  readonly mode: Mode
  readonly isPending: boolean
  readonly isReady: boolean
  /** Sends what stands in the field; `solve`: and solves the ticket with it. */
  readonly submit: (solve?: boolean) => void
}

const Hint = ({ keys }: { readonly keys: string }) =>
  keys === '' ? null : <span className="quiet"> {showKeys(keys)}</span>

/** Sends, and beside it the ways to send: who waits then, or that nobody does. */
export const SendButton = ({ mode, isPending, isReady, submit }: SendProps) => {
  const t = useWords()
  const { may } = useSession()
  const { bindings } = usePreferences().keys
  const maySolve = mode === 'reply' && may('ticket.solve')
  useKeys({ 'send-solve': maySolve && isReady && !isPending ? () => submit(true) : undefined })
  const button = (
    <Button
      htmlType="submit"
      type={mode === 'note' ? 'default' : 'primary'}
      loading={isPending}
      disabled={!isReady}
      title={t('compose.hint')}
    >
      {mode === 'note' ? t('compose.add') : t('compose.send')}
    </Button>
  )
  if (!maySolve) return button
  const items = (
    [
      ['send-wait', 'Mod+Enter'],
      ['send-solve', keysOf('send-solve', bindings)],
    ] as const
  ).map(([key, keys]) => ({
    key,
    label: (
      <>
        {t(`compose.${key}`)}
        <Hint keys={keys} />
      </>
    ),
    onClick: () => submit(key === 'send-solve'),
  }))
  return (
    <Space.Compact>
      {button}
      <Dropdown menu={{ items }} trigger={['click']} placement="topRight" disabled={!isReady || isPending}>
        <Button
          type="primary"
          icon={<DownOutlined />}
          disabled={!isReady || isPending}
          aria-label={t('compose.ways')}
          aria-haspopup="menu"
        />
      </Dropdown>
    </Space.Compact>
  )
}
