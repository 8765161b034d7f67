import { commands, keysOf, type Bindings, type Command } from '../shell/commands.ts'

/** Why a command cannot have certain keys. */
export type KeyFault =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'taken'; readonly by: Command }
  /** One of the two begins with the other. */
  | { readonly kind: 'begins'; readonly by: Command; readonly other: string }

/** Browsers and assistive technology need them, whatever a page wants. */
const reserved = new Set([
  ...['Mod+w', 'Mod+t', 'Mod+n', 'Mod+q', 'Mod+l', 'Mod+r', 'Mod+c', 'Mod+v', 'Mod+x', 'Mod+a', 'Mod+z'],
  ...[
    'Mod+Shift+t',
    'Mod+Shift+n',
    'Mod+Shift+w',
    'Mod+Enter',
    'Tab',
    'Shift+Tab',
    'Space',
    'F5',
    'F11',
    'F12',
  ],
  ...[
    'Alt+ArrowLeft',
    'Alt+ArrowRight',
    'ArrowUp',
    'ArrowDown',
    'ArrowLeft',
    'ArrowRight',
    'PageUp',
    'PageDown',
  ],
])

const begins = (whole: string, part: string): boolean => whole.startsWith(`${part} `)

/** What stands against giving `keys` to a command; undefined: nothing. */
export const faultOfKeys = (command: Command, keys: string, bindings: Bindings): KeyFault | undefined => {
  if (keys === '') return undefined
  if (keys.split(' ').some((one) => reserved.has(one))) return { kind: 'reserved' }
  for (const by of commands) {
    const other = keysOf(by, bindings)
    if (by === command || other === '') continue
    if (other === keys) return { kind: 'taken', by }
    if (begins(other, keys) || begins(keys, other)) return { kind: 'begins', by, other }
  }
  return undefined
}

/** Whether another key may follow: some command's keys begin so. */
export const mayGoOn = (keys: string, command: Command, bindings: Bindings): boolean =>
  commands.some((one) => one !== command && begins(keysOf(one, bindings), keys))
