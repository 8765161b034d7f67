import type { Case, Verdict } from './use-case.ts'

/** What complaints are about. */
export const complaintKinds = [
  'copyright',
  'personality-rights',
  'harassment',
  'privacy',
  'fraud',
  'minors',
  'illegal-content',
  'other',
] as const satisfies readonly Case['kind'][]

/** What decisions say, from the mildest on. */
export const verdicts = [
  'need-more-evidence',
  'no-violation',
  'warn',
  'restrict',
  'takedown',
  'mute',
  'ban-temporary',
  'ban-permanent',
] as const satisfies readonly Verdict[]

/** Whether somebody has to act on it. */
export const enforces = (verdict: Verdict): boolean =>
  verdict !== 'no-violation' && verdict !== 'need-more-evidence'

/** Whether it says for how long. */
export const hoursOf = (verdict: Verdict): 'required' | 'optional' | 'none' =>
  verdict === 'mute' || verdict === 'ban-temporary'
    ? 'required'
    : verdict === 'restrict'
      ? 'optional'
      : 'none'

/** Who took part in an earlier round has none in the review. */
export const tookPart = ({ round, decisions }: Case, agentId: string): boolean =>
  decisions.some(
    (decision) =>
      decision.round < round &&
      decision.verdict !== 'need-more-evidence' &&
      (decision.proposedBy === agentId || decision.settledBy === agentId),
  )
