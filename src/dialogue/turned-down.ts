import type { Claim } from '../core/conversation.ts'
import type { Said } from './said.ts'

/** What of a turn is there before it is understood. */
interface Heard {
  readonly claim: Claim
  readonly said: Said
}

/** Most articles that are remembered as turned down. */
const maxRejected = 8

/** Articles that the contact turned down with this turn. */
export const turnedDown = ({ claim, said }: Heard): readonly string[] => {
  if (said.correction === undefined || said.correction.kind === 'no-help') return []
  const { given = [], offered } = claim.dialogue
  const listed = offered.flatMap(({ articleId }) => articleId ?? [])
  return given.length === 0 || said.correction.kind === 'none' ? [...given, ...listed] : given
}

/** How often in a row the contact was misunderstood, this turn included. */
export const correctionsOf = ({ claim, said }: Heard): number =>
  (claim.dialogue.corrections ?? 0) + (said.correction === undefined ? 0 : 1)

/** Words after an answer that was not turned down begin a new question. */
export const startsAnew = ({ claim, said }: Heard): boolean =>
  said.correction === undefined && said.text !== '' && (claim.dialogue.given ?? []).length > 0

/** Articles that are out of the running for the question at hand. */
export const rejectedIn = (turn: Heard): readonly string[] =>
  startsAnew(turn)
    ? []
    : [...new Set([...(turn.claim.dialogue.rejected ?? []), ...turnedDown(turn)])].slice(-maxRejected)
