/** What can be done by a key, with the key that is usual; see `chords.ts` for how keys are written. */
export const usualKeys = {
  next: 'j',
  previous: 'k',
  open: 'Enter',
  select: 'x',
  unread: 'u',
  'switch-next': 'Alt+ArrowDown',
  'switch-previous': 'Alt+ArrowUp',
  undo: 'z',
  reply: 'r',
  note: 'n',
  take: 'm',
  solve: 'e',
  'solve-next': 'Shift+e',
  'send-solve': 'Mod+Shift+Enter',
  assign: 'a',
  tag: 't',
  snooze: 's',
  priority: 'p',
  transfer: 'Shift+t',
  'hand-back': 'b',
  'info-show': ']',
  'info-hide': '[',
  'go-unassigned': 'g u',
  'go-mine': 'g m',
  'go-mentioned': 'g n',
  'go-due': 'g d',
  'go-held': 'g h',
  'go-open': 'g a',
  'go-solved': 'g s',
  'go-knowledge': 'g k',
  'go-reports': 'g r',
  'go-admin': 'g c',
  'go-settings': 'g p',
  palette: 'Mod+k',
  search: '/',
  help: '?',
} as const

export type Command = keyof typeof usualKeys
export const commands = Object.keys(usualKeys) as readonly Command[]

/** Those that do the same again while the key is held. */
export const repeating: ReadonlySet<Command> = new Set(['next', 'previous', 'switch-next', 'switch-previous'])

export type Bindings = Readonly<Record<string, string>>

/** The key of a command as an agent has it; empty: none. */
export const keysOf = (command: Command, bindings: Bindings): string =>
  bindings[command] ?? usualKeys[command]
