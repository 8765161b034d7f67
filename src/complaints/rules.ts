import { movesFrom, moveTo, verdictRules, type CaseMove } from '../core/case-lifecycle.ts'
import type { CaseDecision, CaseState, ComplaintCase, ComplaintKind, Verdict } from '../core/complaint.ts'
import type { CaseRequest, DecisionInput } from '../core/complaint-work.ts'
import { TongdaError } from '../core/errors.ts'

type Person = CaseRequest['actor']

/** Where the move leads. Throws `conflict` that names the rule and what could be done instead. */
export const stateAfter = (
  { state, round, version }: Pick<ComplaintCase, 'state' | 'round' | 'version'>,
  move: CaseMove,
): CaseState => {
  const to = moveTo(state, round, move)
  if (to !== undefined) return to
  const open = movesFrom(state, round)
  throw new TongdaError(
    'conflict',
    `a case that is ${state} does not take “${move}”; ${open.length === 0 ? 'it is over' : `possible are: ${open.join(', ')}`}`,
    { version, state },
  )
}

/** Refuses what was made on an older version. Throws `conflict`. */
export const checkVersion = (found: ComplaintCase, yours: number | undefined): void => {
  if (yours !== undefined && yours !== found.version)
    throw new TongdaError(
      'conflict',
      'the case has changed since it was read; look at what is new, then try again',
      { version: found.version, yours },
    )
}

/** Decisions are people's. Throws `forbidden`. */
export const checkPerson = (actor: Person, what: string): void => {
  if (actor.program === true)
    throw new TongdaError('forbidden', `${what} is a person's to do, not a program's; sign in as an agent`)
}

/** To ask for evidence decides nothing. */
const tookPart = ({ verdict, proposedBy, settledBy }: CaseDecision, { id }: Person): boolean =>
  verdict !== 'need-more-evidence' && (proposedBy === id || settledBy === id)

/** After an appeal nobody decides who had a part in an earlier decision. Throws `forbidden`. */
export const checkDecider = ({ round, decisions }: ComplaintCase, actor: Person): void => {
  if (decisions.some((decision) => decision.round < round && tookPart(decision, actor)))
    throw new TongdaError(
      'forbidden',
      'you had a part in the decision that was appealed; the review is for somebody who had none',
    )
}

/** Two persons: who proposes does not approve. Throws `forbidden`. */
export const checkApprover = (found: ComplaintCase, proposed: CaseDecision, actor: Person): void => {
  checkDecider(found, actor)
  if (proposed.proposedBy === actor.id)
    throw new TongdaError(
      'forbidden',
      'you proposed this decision; by the two-person rule somebody else approves or rejects it',
    )
}

/** Whether a verdict waits for a second person; bans always do. */
export const needsTwo = (verdict: Verdict, alsoTwo: readonly Verdict[]): boolean =>
  verdictRules[verdict].twoPersons || (verdictRules[verdict].enforces && alsoTwo.includes(verdict))

const mostHours = 8_760

const checkHours = ({ verdict, hours }: DecisionInput): void => {
  const rule = verdictRules[verdict].hours
  if (rule === 'required' && hours === undefined)
    throw new TongdaError('bad_input', `${verdict} ends by itself; say after how many hours`)
  if (rule === 'none' && hours !== undefined)
    throw new TongdaError('bad_input', `${verdict} has no duration; leave hours out`)
  if (hours !== undefined && (!Number.isInteger(hours) || hours < 1 || hours > mostHours))
    throw new TongdaError('bad_input', `hours must be a whole number from 1 to ${String(mostHours)}`)
}

/** Nothing is enforced for somebody unknown where the kind asks who it is. Throws `conflict`. */
const checkIdentity = ({ kind, identity }: ComplaintCase, asked: readonly ComplaintKind[]): void => {
  if (!asked.includes(kind) || identity?.state === 'verified' || identity?.state === 'waived') return
  throw new TongdaError(
    'conflict',
    `a ${kind} case is enforced once the reporter has shown who they are: send a code by …/identity, or waive it with a reason by …/identity/waive`,
  )
}

/**
 * What a decision needs beside a reason; `identityOf` are the kinds that ask who the reporter is. Throws `bad_input` and
 * `conflict`.
 */
export const checkDecision = (
  found: ComplaintCase,
  decision: DecisionInput,
  identityOf: readonly ComplaintKind[],
): void => {
  checkHours(decision)
  const { verdict, ask, toReported } = decision
  const { enforces } = verdictRules[verdict]
  if ((verdict === 'need-more-evidence') !== (ask !== undefined))
    throw new TongdaError(
      'bad_input',
      '`ask` says what is missing: it belongs to need-more-evidence, and to nothing else',
    )
  if (toReported !== undefined && !enforces)
    throw new TongdaError(
      'bad_input',
      `after ${verdict} the reported user is told nothing; leave toReported out`,
    )
  if (!enforces) return
  if (found.objects.length === 0)
    throw new TongdaError('conflict', 'the case does not name what is reported; add the object first')
  if (found.kind === 'copyright' && found.rights?.statement === undefined)
    throw new TongdaError(
      'conflict',
      'a copyright case is enforced on a declaration of rights only; add it with its statement first',
    )
  checkIdentity(found, identityOf)
}
