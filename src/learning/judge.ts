import type { DecisionRecord } from '../core/conversation.ts'
import type { DecidedTurn, FailureKind, HeardTurn } from '../core/learning.ts'
import { textOf } from '../core/message.ts'

/** A question that went wrong, as one turn tells of it. */
export interface Judged {
  readonly kind: FailureKind
  readonly question: DecidedTurn
  readonly given?: string | undefined
  readonly right?: string | undefined
}

const corrections: ReadonlySet<string> = new Set(['corrected', 'none-fits', 'not-helped', 'corrected-again'])
/** Rules by which words are answered that are no question of their own. */
const followRules: ReadonlySet<string> = new Set([
  ...['picked-option', 'menu-key', 'unknown-option', 'corrected', 'corrected-again'],
  ...['asked-for-person', 'angry-contact', 'same-answer'],
])
const questionKinds: ReadonlySet<string> = new Set(['answer', 'clarify', 'escalate'])

const has = ({ reasons }: DecisionRecord, codes: (code: string) => boolean): boolean =>
  reasons.some((reason) => typeof reason !== 'string' && codes(reason.code))
const isCorrection = (decision: DecisionRecord): boolean =>
  decision.rule.startsWith('corrected') || has(decision, (code) => corrections.has(code))
const asksForPerson = (decision: DecisionRecord): boolean =>
  decision.rule === 'asked-for-person' ||
  has(decision, (code) => code === 'asked-for-person' || code === 'chose-person')
const chosenArticle = ({ rule, articleId }: DecisionRecord): string | undefined =>
  rule === 'picked-option' || rule === 'menu-key' ? articleId : undefined

const isFollow = ({ decision }: DecidedTurn): boolean =>
  followRules.has(decision.rule) || isCorrection(decision)
const isQuestion = (turn: DecidedTurn): boolean =>
  turn.decision.classification !== undefined &&
  questionKinds.has(turn.decision.kind) &&
  turn.decision.rule !== 'vague' &&
  !isFollow(turn) &&
  textOf(turn.parts).trim() !== ''

const bestOf = ({ classification }: DecisionRecord) => classification?.candidates[0]

/** The question that the words after it still are about. */
const questionBefore = (earlier: readonly DecidedTurn[]): DecidedTurn | undefined => {
  const other = earlier.find((turn) => !isFollow(turn))
  return other !== undefined && isQuestion(other) ? other : undefined
}

/** What a choice among options tells: the article was there, and not given. */
const judgeChoice = (question: DecidedTurn, last: DecidedTurn, right: string): Judged | undefined => {
  if (last.decision.kind !== 'clarify') return undefined
  if (isCorrection(last.decision))
    return { kind: 'corrected', question, given: question.decision.articleId, right }
  const isFirst = bestOf(question.decision)?.articleId === right
  return { kind: isFirst ? 'confirmed' : 'unsure', question, right }
}

/** What was given last, by the question or by what was chosen after it. */
const lastGiven = (earlier: readonly DecidedTurn[], question: DecidedTurn): string | undefined =>
  earlier.slice(0, earlier.indexOf(question) + 1).find(({ decision }) => decision.kind === 'answer')?.decision
    .articleId

/** What words of correction tell. Where nothing was given yet, that the bot was unsure is known already. */
const judgeCorrection = (
  { kind, articleId }: DecisionRecord,
  question: DecidedTurn,
  given: string | undefined,
): Judged | undefined => {
  const right = kind === 'answer' ? articleId : undefined
  if (given !== undefined) return { kind: 'corrected', question, given, right }
  return right === undefined ? undefined : { kind: 'unsure', question, right }
}

const judgeBefore = (decision: DecisionRecord, earlier: readonly DecidedTurn[]): Judged | undefined => {
  const [last] = earlier
  const question = questionBefore(earlier)
  if (last === undefined || question === undefined) return undefined
  const given = last.decision.kind === 'answer' ? lastGiven(earlier, question) : undefined
  const right = chosenArticle(decision)
  if (right !== undefined) return judgeChoice(question, last, right)
  if (asksForPerson(decision))
    return given === undefined ? undefined : { kind: 'turned-down', question, given }
  const before = lastGiven(earlier, question)
  if (decision.kind === 'escalate' && followRules.has(decision.rule) && before !== undefined)
    return { kind: 'escalated', question, given: before }
  return isCorrection(decision) ? judgeCorrection(decision, question, given) : undefined
}

const judgeItself = (turn: DecidedTurn): Judged | undefined => {
  const { decision } = turn
  if (decision.rule === 'out-of-scope') return { kind: 'refused', question: turn }
  if (!isQuestion(turn)) return undefined
  if (decision.rule === 'nothing-found') return { kind: 'unanswered', question: turn }
  if (decision.rule === 'clarify') return { kind: 'unsure', question: turn }
  if (decision.rule !== 'failed-turns') return undefined
  const isClose = (bestOf(decision)?.score ?? 0) >= (decision.thresholds.clarify ?? 1)
  return { kind: isClose ? 'unsure' : 'unanswered', question: turn }
}

/** What one turn tells of itself and of the question before it. */
export const judge = ({ turn, earlier }: HeardTurn): readonly Judged[] => {
  if (turn === undefined) return []
  return [judgeBefore(turn.decision, earlier), judgeItself(turn)].filter((one) => one !== undefined)
}
