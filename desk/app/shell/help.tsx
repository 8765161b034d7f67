import Modal from 'antd/es/modal'
import { create } from 'zustand'
import { useWords, type WordKey } from '../words/index.ts'

interface HelpState {
  readonly open: boolean
  readonly show: () => void
  readonly hide: () => void
}

/** Whether the list of keys is shown. */
export const useHelp = create<HelpState>((set) => ({
  open: false,
  show: () => {
    set({ open: true })
  },
  hide: () => {
    set({ open: false })
  },
}))

const list: readonly (readonly [keys: string, does: WordKey])[] = [
  ['j / k', 'key.move'],
  ['Enter', 'key.open'],
  ['r', 'key.reply'],
  ['n', 'key.note'],
  ['m', 'key.take'],
  ['e', 'key.solve'],
  ['z', 'key.undo'],
  ['Ctrl+Enter', 'key.send'],
  ['Esc', 'key.leave'],
  ['?', 'key.help'],
]

/** What each key does. */
export const Help = () => {
  const t = useWords()
  const { open, hide } = useHelp()
  return (
    <Modal open={open} onCancel={hide} footer={null} title={t('key.help')} destroyOnHidden>
      <dl className="keys">
        {list.map(([keys, does]) => (
          <div key={keys}>
            <dt>
              <kbd>{keys}</kbd>
            </dt>
            <dd>{t(does)}</dd>
          </div>
        ))}
      </dl>
    </Modal>
  )
}
