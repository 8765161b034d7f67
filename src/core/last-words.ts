import type { Message } from './conversation.ts'
import { textOf } from './message.ts'

/**
 * What the contact said at one go each, until somebody else spoke, the newest first; notes count for nobody. Each is cut
 * to its last `most` UTF-16 units.
 */
export const wordsOfContact = (messages: readonly Message[], most: number): readonly string[] => {
  const turns: string[][] = [[]]
  for (const { direction, author, parts } of messages) {
    if (direction === 'note') continue
    if (author === 'contact') turns.at(-1)?.push(textOf(parts).trim())
    else turns.push([])
  }
  return turns
    .map((turn) => turn.filter((words) => words !== '').join('\n'))
    .filter((words) => words !== '')
    .map((words) => words.slice(-most))
    .toReversed()
}

/** What the contact said last; empty: nothing yet. */
export const lastWords = (messages: readonly Message[], most: number): string =>
  wordsOfContact(messages, most)[0] ?? ''
