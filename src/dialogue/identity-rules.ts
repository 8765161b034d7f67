import type { Decision } from '../core/conversation.ts'
import { asksAgain, readCode } from '../core/told-code.ts'
import { silent } from './outcome.ts'
import type { Turn } from './turn.ts'

/** A one-time code, or the wish for another one: whoever checks it answers, and the bot would only talk in between. */
export const codeTold = (turn: Turn): Decision | undefined => {
  const { claim, said, form } = turn
  if (claim.awaitsCode !== true || form !== undefined) return undefined
  const isAbout = readCode(said.written) !== undefined || asksAgain(said.written)
  return isAbout ? silent(turn, 'identity-code', { code: 'identity-code', values: {} }) : undefined
}
