import type { CaseState, Verdict } from './complaint.ts'

/** What can be done to a case, as far as its state goes. */
export type CaseMove =
  | 'examine'
  | 'ask'
  | 'supply'
  | 'propose'
  | 'approve'
  | 'reject'
  | 'decide'
  | 'appeal'
  | 'expire'
  | 'withdraw'
  | 'change'

/** Which state each move leads to, from which. What is not listed is refused. A review after an appeal is final. */
const table: Readonly<Record<CaseMove, Partial<Readonly<Record<CaseState, CaseState>>>>> = {
  examine: { received: 'examining', 'awaiting-evidence': 'examining', appealed: 'examining' },
  ask: { received: 'awaiting-evidence', examining: 'awaiting-evidence' },
  supply: {
    received: 'received',
    examining: 'examining',
    'awaiting-evidence': 'examining',
    appealed: 'appealed',
  },
  propose: { examining: 'proposed' },
  approve: { proposed: 'decided' },
  reject: { proposed: 'examining' },
  decide: { examining: 'decided' },
  appeal: { decided: 'appealed' },
  expire: { decided: 'final' },
  withdraw: {
    received: 'withdrawn',
    examining: 'withdrawn',
    'awaiting-evidence': 'withdrawn',
    proposed: 'withdrawn',
  },
  change: {
    received: 'received',
    examining: 'examining',
    'awaiting-evidence': 'awaiting-evidence',
    appealed: 'appealed',
  },
}

/** Where a move leads; undefined: the state does not allow it. `round` 2 ends what round 1 leaves open to appeal. */
export const moveTo = (state: CaseState, round: number, move: CaseMove): CaseState | undefined => {
  const to = table[move][state]
  if (round > 1 && move === 'withdraw') return undefined
  return round > 1 && to === 'decided' ? 'final' : to
}

/** The moves a state allows, for refusals that say what could be done. */
export const movesFrom = (state: CaseState, round: number): readonly CaseMove[] =>
  (Object.keys(table) as CaseMove[]).filter((move) => moveTo(state, round, move) !== undefined)

/** What a verdict asks for. */
export interface VerdictRule {
  /** The moderation system has to act. */
  readonly enforces: boolean
  /** A second person has to agree, whatever the configuration says. */
  readonly twoPersons: boolean
  /** Whether it says for how long. */
  readonly hours: 'required' | 'optional' | 'none'
}

export const verdictRules: Readonly<Record<Verdict, VerdictRule>> = {
  takedown: { enforces: true, twoPersons: false, hours: 'none' },
  restrict: { enforces: true, twoPersons: false, hours: 'optional' },
  warn: { enforces: true, twoPersons: false, hours: 'none' },
  mute: { enforces: true, twoPersons: false, hours: 'required' },
  'ban-temporary': { enforces: true, twoPersons: true, hours: 'required' },
  'ban-permanent': { enforces: true, twoPersons: true, hours: 'none' },
  'no-violation': { enforces: false, twoPersons: false, hours: 'none' },
  'need-more-evidence': { enforces: false, twoPersons: false, hours: 'none' },
}
