import { useEffect, useRef } from 'react'

const isField = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input, textarea, select, [contenteditable], [role="combobox"]') !== null

/** Closed dialogs and menus may stay in the page, unseen. */
const isDialogOpen = (): boolean =>
  [...document.querySelectorAll('[role="dialog"], [role="menu"]')].some(
    (element) => element.getClientRects().length > 0,
  )

/** True while an input method is still choosing characters: every key belongs to it then. */
export const isComposing = (event: { readonly isComposing: boolean; readonly keyCode: number }): boolean =>
  event.isComposing || event.keyCode === 229

/** What Chinese input gives for the same key. */
const twins: Readonly<Record<string, string>> = { '？': '?', '、': '/', '【': '[', '】': ']' }

export type KeyActions = Readonly<Record<string, (() => void) | undefined>>

/** Single keys act, except in fields, dialogs, with a modifier, and while an input method is at work. */
export const useKeys = (actions: KeyActions): void => {
  const current = useRef(actions)
  useEffect(() => {
    current.current = actions
  })
  useEffect(() => {
    const hear = (event: KeyboardEvent): void => {
      if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return
      if (isField(event.target) || isDialogOpen()) return
      const act = current.current[twins[event.key] ?? event.key]
      if (act === undefined) return
      event.preventDefault()
      act()
    }
    document.addEventListener('keydown', hear)
    return () => {
      document.removeEventListener('keydown', hear)
    }
  }, [])
}
