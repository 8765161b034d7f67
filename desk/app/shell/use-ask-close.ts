import App from 'antd/es/app'
import { useEffect, useRef } from 'react'
import { useWords } from '../words/index.ts'

/** A calendar does not say on its field that it is open. */
const openCalendar = '.ant-picker-dropdown:not(.ant-picker-dropdown-hidden)'

/** A dialog that listens neither to Escape nor to a press beside it. */
const stays = { keyboard: false, mask: { closable: false } } as const

/** How a dialog is closed. */
interface AskClose {
  readonly askClose: () => void
  /** To be given to the dialog: Escape is heard for it, and what it would hear itself comes too late. */
  readonly stays: typeof stays
}

/** Closes a dialog; what was typed in it goes only when asked. Escape closes an open list first and the dialog after. */
export const useAskClose = (isTouched: () => boolean, close: () => void): AskClose => {
  const t = useWords()
  const { modal } = App.useApp()
  const isAsking = useRef(false)
  const ask = async (): Promise<void> => {
    if (isAsking.current) return
    isAsking.current = true
    const sure =
      !isTouched() ||
      (await modal.confirm({
        title: t('leave.ask'),
        okText: t('leave.yes'),
        cancelText: t('leave.no'),
      }))
    isAsking.current = false
    if (sure) close()
  }
  // A dialog's own Escape hears of the key once a list was closed by it, and would close the dialog as well.
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      const { key, isComposing, target } = event
      if (key !== 'Escape' || isComposing || isAsking.current) return
      // An open list or calendar, or a question that stands in front of the dialog.
      if (document.querySelector(openCalendar) !== null) return
      if (
        target instanceof Element &&
        (target.getAttribute('aria-expanded') === 'true' || target.closest('.ant-modal-confirm') !== null)
      )
        return
      // The question that this brings up would be answered by the same key.
      event.stopPropagation()
      void ask()
    }
    addEventListener('keydown', hear, { capture: true })
    return () => removeEventListener('keydown', hear, { capture: true })
  })
  return { askClose: () => void ask(), stays }
}
