import { initialDialogue, type DialogueState } from '../core/conversation.ts'
import { correctionsOf, rejectedIn, startsAnew } from './turned-down.ts'
import type { Turn } from './turn.ts'

/** Turns after which options that were offered cannot be chosen by a number any more. */
const freshTurns = 3

/** What a rule leaves in the state. */
export type Kept = Partial<DialogueState>

const offersOf = ({ claim }: Turn, kept: Kept): Pick<DialogueState, 'offered' | 'offerAge'> => {
  if (kept.offered !== undefined) return { offered: kept.offered }
  const { offered, offerAge = 0 } = claim.dialogue
  return offered.length === 0 || offerAge >= freshTurns
    ? { offered: [] }
    : { offered, offerAge: offerAge + 1 }
}

/** What is known of the contact's writing; presses and pictures tell nothing. */
const spokenAfter = ({ claim, said, spoken }: Turn): Pick<DialogueState, 'spoken'> => {
  const known = said.written === '' ? claim.dialogue.spoken : spoken()
  return known === undefined ? {} : { spoken: known }
}

/** What holds for one turn, unless that turn says it again. */
const passing: readonly string[] = [
  'given',
  'others',
  'corrections',
  'rejected',
  'offerAge',
  'surveyComment',
] satisfies readonly (keyof DialogueState)[]

const forgotten = (state: DialogueState): DialogueState => ({
  ...initialDialogue,
  ...Object.fromEntries(Object.entries(state).filter(([name]) => !passing.includes(name))),
})

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
    ...(kept.surveyComment === undefined ? {} : { surveyComment: kept.surveyComment }),
    ...(given.length === 0 ? {} : { given }),
    ...(others.length === 0 ? {} : { others }),
    ...(corrections === 0 ? {} : { corrections }),
    ...(rejected.length === 0 ? {} : { rejected }),
  }
}
