import type { DialogueState } from '../core/conversation.ts'
import type { Turn } from './turn.ts'

/** Turns after which options that were offered cannot be chosen by a number any more. */
const freshTurns = 3
/** Most articles that are remembered as turned down. */
const maxRejected = 8

/** What of a turn is there before it is understood. */
type Heard = Pick<Turn, 'claim' | 'said'>

/** What a rule leaves in the state. */
export type Kept = Partial<DialogueState>

const offersOf = ({ claim }: Turn, kept: Kept): Pick<DialogueState, 'offered' | 'offerAge'> => {
  if (kept.offered !== undefined) return { offered: kept.offered }
  const { offered, offerAge = 0 } = claim.dialogue
  return offered.length === 0 || offerAge >= freshTurns
    ? { offered: [] }
    : { offered, offerAge: offerAge + 1 }
}

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
const startsAnew = ({ claim, said }: Heard): boolean =>
  said.correction === undefined && said.text !== '' && (claim.dialogue.given ?? []).length > 0

/** Articles that are out of the running for the question at hand. */
export const rejectedIn = (turn: Heard): readonly string[] =>
  startsAnew(turn)
    ? []
    : [...new Set([...(turn.claim.dialogue.rejected ?? []), ...turnedDown(turn)])].slice(-maxRejected)

/** What is known of the contact's writing; presses and pictures tell nothing. */
const spokenAfter = ({ claim, said, spoken }: Turn): Pick<DialogueState, 'spoken'> => {
  const known = said.written === '' ? claim.dialogue.spoken : spoken()
  return known === undefined ? {} : { spoken: known }
}

/** What the next turn does not go by. */
const forgotten = ({
  given: _given,
  others: _others,
  corrections: _corrections,
  rejected: _rejected,
  offerAge: _offerAge,
  ...state
}: DialogueState): DialogueState => state

/** The state after a turn: what a rule left, what ages, and what is forgotten. */
export const stateAfter = (turn: Turn, rule: string, kept: Kept): DialogueState => {
  const { given = [], others = [] } = kept
  const rejected = rejectedIn(turn)
  const corrections = startsAnew(turn) ? 0 : correctionsOf(turn)
  return {
    ...forgotten({ ...turn.claim.dialogue, ...kept }),
    ...offersOf(turn, kept),
    ...spokenAfter(turn),
    lastRule: rule,
    ...(given.length === 0 ? {} : { given }),
    ...(others.length === 0 ? {} : { others }),
    ...(corrections === 0 ? {} : { corrections }),
    ...(rejected.length === 0 ? {} : { rejected }),
  }
}
