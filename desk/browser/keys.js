/* global document, Element */
import { isComposing } from './composer.js'
import { isDialogOpen } from './dialogs.js'

const isField = (target) =>
  target instanceof Element && target.closest('input, textarea, select, [contenteditable]') !== null

/** Single letters act, except in fields, dialogs, with a modifier, and while an input method is at work. */
export const listenToKeys = (actions) => {
  document.addEventListener('keydown', (event) => {
    if (isComposing(event) || event.ctrlKey || event.metaKey || event.altKey) return
    if (isField(event.target) || isDialogOpen()) return
    const act = actions[event.key === '？' ? '?' : event.key]
    if (act === undefined) return
    event.preventDefault()
    act()
  })
}
