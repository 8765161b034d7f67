/*
 * How keys are written down: `j`, `Shift+e`, `Alt+ArrowUp`, `Mod+k` (Ctrl, and ⌘ on a Mac), `g m` (one after the
 * other). Characters that need Shift anyway are written as they come: `?`.
 */

/** True while an input method is still choosing characters: every key belongs to it then. */
export const isComposing = (event: { readonly isComposing: boolean; readonly keyCode: number }): boolean =>
  event.isComposing || event.keyCode === 229

/** What Chinese input gives for the same key. */
const twins: Readonly<Record<string, string>> = { '？': '?', '、': '/', '【': '[', '】': ']', ' ': 'Space' }

/** Keys that mean nothing alone. */
const silent = new Set(['Shift', 'Control', 'Alt', 'Meta', 'CapsLock', 'Dead', 'Process', 'Unidentified'])

interface Pressed {
  readonly key: string
  readonly code: string
  readonly ctrlKey: boolean
  readonly metaKey: boolean
  readonly altKey: boolean
  readonly shiftKey: boolean
}

const isLetter = (name: string): boolean => /^[a-z]$/i.test(name)

/** With Alt some systems write another character: there the place on the keyboard counts. */
const nameOf = ({ key, code, altKey }: Pressed): string => {
  const [, letter] = /^Key([A-Z])$/.exec(code) ?? []
  const name = altKey && letter !== undefined ? letter : (twins[key] ?? key)
  return isLetter(name) ? name.toLowerCase() : name
}

/** How the pressed key is written; undefined while only a modifier is held, or where it writes a character (AltGr). */
export const chordOf = (pressed: Pressed): string | undefined => {
  // Filling in by itself gives events without a key.
  if (typeof pressed.key !== 'string' || silent.has(pressed.key)) return undefined
  const { ctrlKey, metaKey, altKey, shiftKey } = pressed
  if (ctrlKey && altKey) return undefined
  const name = nameOf(pressed)
  const countsShift = shiftKey && (isLetter(name) || name.length > 1)
  return [
    ...(ctrlKey || metaKey ? ['Mod'] : []),
    ...(altKey ? ['Alt'] : []),
    ...(countsShift ? ['Shift'] : []),
    name,
  ].join('+')
}

/** Whether Ctrl, ⌘ or Alt is held: such keys act in fields, too. */
export const isModified = (chord: string): boolean => /^(?:Mod|Alt)\+/.test(chord)

/** Whether it writes a character, as far as a field is concerned. */
export const isCharacter = (chord: string): boolean =>
  !isModified(chord) && /^(?:Shift\+)?(?:.|Space)$/u.test(chord)

const isMac = /Mac|iPhone|iPad/.test(navigator.userAgent)
const marks: Readonly<Record<string, string>> = {
  Mod: isMac ? '⌘' : 'Ctrl',
  ArrowUp: '↑',
  ArrowDown: '↓',
  ArrowLeft: '←',
  ArrowRight: '→',
}

const showOne = (chord: string): string => {
  const parts = chord.split('+')
  return parts
    .map((part) => marks[part] ?? (parts.length > 1 && isLetter(part) ? part.toUpperCase() : part))
    .join('+')
}

/** How keys are shown to people. */
export const showKeys = (keys: string): string => keys.split(' ').map(showOne).join(' ')

const aria: Readonly<Record<string, string>> = { Mod: isMac ? 'Meta' : 'Control' }

/** How assistive technology is told of them; nothing for keys one after the other, which it cannot be told. */
export const ariaKeys = (keys: string | undefined): string | undefined =>
  keys === undefined || keys === '' || keys.includes(' ')
    ? undefined
    : keys
        .split('+')
        .map((part) => aria[part] ?? part)
        .join('+')
