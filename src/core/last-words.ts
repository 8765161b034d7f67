import type { Message } from './conversation.ts'
import { textOf } from './message.ts'

/** What the contact said last: everything since somebody else spoke, but for notes; its last `most` UTF-16 units. */
export const lastWords = (messages: readonly Message[], most: number): string => {
  const said = messages.filter(({ direction }) => direction !== 'note')
  const last = said.findLastIndex(({ author, parts }) => author === 'contact' && textOf(parts).trim() !== '')
  const before = said.slice(0, last + 1).findLastIndex(({ author }) => author !== 'contact')
  return said
    .slice(before + 1, last + 1)
    .map(({ parts }) => textOf(parts).trim())
    .filter((words) => words !== '')
    .join('\n')
    .slice(-most)
}
