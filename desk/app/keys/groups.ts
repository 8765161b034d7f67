import { commands, type Command } from '../shell/commands.ts'

const listed: ReadonlySet<Command> = new Set([
  'next',
  'previous',
  'open',
  'select',
  'unread',
  'switch-next',
  'switch-previous',
])
const general: ReadonlySet<Command> = new Set(['palette', 'search', 'help', 'undo'])

const groupOf = (command: Command): Group =>
  command.startsWith('go-')
    ? 'go'
    : listed.has(command)
      ? 'list'
      : general.has(command)
        ? 'general'
        : 'ticket'

/** The parts in which commands are listed. */
export const groups = ['list', 'ticket', 'go', 'general'] as const
export type Group = (typeof groups)[number]

/** The commands of a part, in their order. */
export const commandsIn = (group: Group): readonly Command[] =>
  commands.filter((command) => groupOf(command) === group)
