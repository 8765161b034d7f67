import { useEffect, useRef } from 'react'
import { chordOf, isCharacter, isComposing, isModified } from './chords.ts'
import { commands, keysOf, repeating, type Command } from './commands.ts'
import { currentPreferences } from './preferences.ts'

export { isComposing } from './chords.ts'

const isField = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('input:not([type="checkbox"]), textarea, select, [contenteditable], [role="combobox"]') !==
    null

/** What Enter and space press by themselves. */
const isPressable = (target: EventTarget | null): boolean =>
  target instanceof Element &&
  target.closest('button, a[href], summary, input, [role="button"], [role="option"]') !== null

/** Closed dialogs and menus may stay in the page, unseen. */
const isDialogOpen = (): boolean =>
  [...document.querySelectorAll('[role="dialog"], [role="menu"]')].some(
    (element) => element.getClientRects().length > 0,
  )

export type KeyActions = Readonly<Partial<Record<Command, (() => void) | undefined>>>

interface Layer {
  readonly over: boolean
  readonly actions: { readonly current: KeyActions }
}

/** What can be done now, by the parts of the page that can do it. */
const layers = new Set<Layer>()

const actionOf = (command: Command): (() => void) | undefined => {
  const able = [...layers].filter(({ actions }) => actions.current[command] !== undefined)
  return (able.findLast(({ over }) => over) ?? able.at(-1))?.actions.current[command]
}

/** What can be done now. */
export const availableCommands = (): readonly Command[] =>
  commands.filter((command) => actionOf(command) !== undefined)

/** Does it, if it can be done now. */
export const run = (command: Command): void => {
  actionOf(command)?.()
}

/** How long the second of two keys may be waited for. */
const waitMs = 1_500
let begun: { readonly chord: string; readonly at: number } | undefined

/** The keys so far: those begun shortly before, with this one. */
const keysWith = (chord: string): string => {
  const whole = begun !== undefined && Date.now() - begun.at < waitMs ? `${begun.chord} ${chord}` : chord
  begun = undefined
  return whole
}

const isInert = (chord: string, target: EventTarget | null): boolean =>
  isDialogOpen() ||
  (isField(target) && !isModified(chord)) ||
  (/^(?:Enter|Space)$/.test(chord) && isPressable(target)) ||
  (isCharacter(chord) && !currentPreferences().keys.single)

const hear = (event: KeyboardEvent): void => {
  if (event.defaultPrevented || isComposing(event)) return
  const chord = chordOf(event)
  if (chord === undefined || isInert(chord, event.target)) return
  const pressed = keysWith(chord)
  const { bindings } = currentPreferences().keys
  const command = commands.find((one) => keysOf(one, bindings) === pressed)
  if (command === undefined) {
    if (!commands.some((one) => keysOf(one, bindings).startsWith(`${pressed} `))) return
    begun = { chord: pressed, at: Date.now() }
    event.preventDefault()
    return
  }
  const act = actionOf(command)
  if (act === undefined || (event.repeat && !repeating.has(command))) return
  event.preventDefault()
  act()
}

/**
 * Says what can be done while a part of the page is there; its keys do it, except in fields (unless Ctrl, ⌘ or Alt is
 * held), in dialogs, and while an input method is at work. Of two parts that can do the same the later one does; one that
 * is `over` the others goes first.
 */
export const useKeys = (actions: KeyActions, over = false): void => {
  const current = useRef(actions)
  useEffect(() => {
    current.current = actions
  })
  useEffect(() => {
    const layer = { over, actions: current }
    if (layers.size === 0) document.addEventListener('keydown', hear)
    layers.add(layer)
    return () => {
      layers.delete(layer)
      if (layers.size === 0) document.removeEventListener('keydown', hear)
    }
  }, [over])
}
