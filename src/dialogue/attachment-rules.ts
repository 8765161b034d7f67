import type { Decision } from '../core/conversation.ts'
import { callPerson, decided, text } from './outcome.ts'
import type { Turn } from './turn.ts'

/**
 * Only what the bot cannot read. First it asks for words; a second time, or while a ticket is open, it goes to a
 * person who can look at it.
 */
export const attachmentOnly = (turn: Turn): Decision | undefined => {
  const { said, claim } = turn
  const [first] = said.attachments
  if (first === undefined || said.text !== '' || said.choice !== undefined) return undefined
  const values = { kinds: [...new Set(said.attachments)].join(',') }
  if (claim.ticket !== undefined)
    return callPerson(turn, {
      rule: 'attachment-for-ticket',
      reasons: [{ code: 'attachment-for-ticket', values }],
    })
  if (claim.dialogue.lastRule === 'attachment')
    return callPerson(turn, { rule: 'attachment-again', reasons: [{ code: 'attachment-again', values }] })
  return decided(turn, {
    kind: 'clarify',
    rule: 'attachment',
    reasons: [{ code: 'attachment-only', values }],
    say: [text(turn.words().wordsPlease(first))],
  })
}
