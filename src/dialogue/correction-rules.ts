import type { Decision } from '../core/conversation.ts'
import type { Reason } from '../core/reason.ts'
import { correctionsOf, turnedDown } from './turned-down.ts'
import { asking, callPerson, decided, insteadOf, questions, subjects, text } from './outcome.ts'
import { angry, askedForPerson, certainArticle } from './person-rules.ts'
import type { Turn } from './turn.ts'

/** Corrections in a row after which a person is called. */
const patience = 2

/** What the contact turned down, for editors to see. */
const reasonsOf = (turn: Turn): readonly Reason[] => {
  const { correction } = turn.said
  if (correction === undefined) return []
  if (correction.kind === 'no-help')
    return [{ code: correction.thumbed === true ? 'thumbed-down' : 'not-helped', values: {} }]
  const { given = [] } = turn.claim.dialogue
  const wrong = given.flatMap((articleId) => turn.library.find(articleId) ?? [])
  if (wrong.length === 0 || correction.kind === 'none') return [{ code: 'none-fits', values: {} }]
  return wrong.map(({ question }) => ({ code: 'corrected', values: { question } }))
}

const promptOf = (turn: Turn): string => {
  const words = turn.words()
  switch (turn.said.correction?.kind) {
    case 'no-help':
      return words.notHelped
    case 'none':
      return words.noneFits
    case 'wrong':
    case undefined:
      return words.meantOtherwise
  }
}

const offerOthers = (turn: Turn, reasons: readonly Reason[]): Decision => {
  const { given = [] } = turn.claim.dialogue
  const before = given.length > 0 ? given : turnedDown(turn)
  const articles = insteadOf(
    turn,
    before.flatMap((articleId) => turn.library.find(articleId) ?? []),
  )
  const isNone = articles.length === 0
  const prompt = isNone ? turn.words().noneFits : promptOf(turn)
  const asked = asking(turn, prompt, isNone ? subjects(turn) : questions(turn, articles))
  const failedTurns = turn.claim.dialogue.failedTurns
  return decided(turn, {
    kind: 'clarify',
    rule: 'corrected',
    reasons,
    say: asked.say,
    state: { ...asked.state, failedTurns },
  })
}

/**
 * "不是这个", "都不是", "还是不行": offers what came next, then a person. What is said instead of the wrong answer is
 * left to the rules below when they know an answer to it, the first time also when they do not.
 */
export const corrected = (turn: Turn): Decision | undefined => {
  const { correction } = turn.said
  if (correction === undefined) return undefined
  const upset = askedForPerson(turn) ?? angry(turn)
  if (upset !== undefined) return upset
  const count = correctionsOf(turn)
  if (correction.rest !== '' && (count < patience || certainArticle(turn) !== undefined)) return undefined
  const reasons = reasonsOf(turn)
  if (count < patience) return offerOthers(turn, reasons)
  const { lastTopic } = turn.claim.dialogue.context
  return callPerson(turn, {
    rule: 'corrected-again',
    ...(lastTopic === undefined ? {} : { topic: lastTopic }),
    reasons: [{ code: 'corrected-again', values: { count } }, ...reasons],
    say: [text(turn.words().stillNoHelp)],
  })
}

/** Adds to any decision what the contact turned down with it. */
export const alsoCorrected = (turn: Turn, decision: Decision): Decision => {
  const known = new Set(decision.record.reasons.map((reason) => JSON.stringify(reason)))
  const more = reasonsOf(turn).filter((reason) => !known.has(JSON.stringify(reason)))
  if (more.length === 0) return decision
  return { ...decision, record: { ...decision.record, reasons: [...decision.record.reasons, ...more] } }
}
