import type { Decision } from '../core/conversation.ts'
import type { Reason } from '../core/reason.ts'
import type { SurveyEffect } from '../core/survey-answer.ts'
import type { SurveyHeard, SurveyReply } from '../core/survey.ts'
import { decided, silent } from './outcome.ts'
import { certainArticle } from './person-rules.ts'
import type { Turn } from './turn.ts'

const pressedIn = ({ claim }: Turn): readonly string[] =>
  claim.pending
    .filter(({ wantsReply }) => wantsReply)
    .flatMap(({ parts }) => parts)
    .flatMap((part) => (part.kind === 'event' && part.name === 'choice' ? (part.value ?? []) : []))

const heardIn = (turn: Turn): SurveyHeard => ({
  survey: turn.claim.survey,
  // Within a form words are its answers.
  written: turn.form === undefined ? turn.said.written : '',
  pressed: pressedIn(turn),
  numbersTaken: turn.claim.dialogue.offered.length > 0,
  now: turn.now,
  language: turn.language(),
})

const reasonOf = ({ act, effect }: SurveyReply): Reason => {
  switch (act) {
    case 'scored':
      return { code: 'survey-scored', values: { score: effect?.score ?? 0 } }
    case 'stopped':
      return { code: 'survey-stopped', values: {} }
    case 'agreed':
      return { code: 'survey-agreed', values: {} }
    case 'over':
      return { code: 'survey-over', values: {} }
    default:
      return act satisfies never
  }
}

const withEffect = (decision: Decision, survey: SurveyEffect | undefined): Decision =>
  survey === undefined ? decision : { ...decision, survey }

/** What counts while a person leads: a press, and the wish that names surveys. Other words are the person's. */
const heardWhileLed = (turn: Turn): SurveyReply | undefined => {
  const { survey, ...heard } = heardIn(turn)
  const press = turn.surveys.answer({ ...heard, survey, written: '' })
  return press?.effect === undefined
    ? turn.surveys.answer({ ...heard, survey: undefined, pressed: [] })
    : press
}

/** A score that is pressed while a person leads counts, and so does the wish to be asked no more; the bot keeps quiet. */
export const surveyWhileLed = (turn: Turn): Decision | undefined => {
  if (turn.claim.mode !== 'human') return undefined
  const reply = heardWhileLed(turn)
  if (reply?.effect === undefined) return undefined
  return withEffect(silent(turn, `survey-${reply.act}`, reasonOf(reply)), reply.effect)
}

/** A score, by a press, a number or words; or the wish to be asked no more. */
export const surveyAnswered = (turn: Turn): Decision | undefined => {
  const reply = turn.surveys.answer(heardIn(turn))
  if (reply === undefined) return undefined
  const { act, effect, say, commentUntil } = reply
  const rule = `survey-${act}`
  const until = commentUntil?.toISOString()
  const { invitationId } = effect ?? {}
  const surveyComment =
    until === undefined || invitationId === undefined ? {} : { surveyComment: { invitationId, until } }
  const decision = decided(turn, {
    kind: 'chat',
    rule,
    reasons: [reasonOf(reply)],
    say,
    state: surveyComment,
  })
  return withEffect(decision, effect)
}

/** What is said right after the question what could be better. A new matter is none. */
export const surveyRemarked = (turn: Turn): Decision | undefined => {
  const { claim, said, now } = turn
  const { surveyComment } = claim.dialogue
  if (surveyComment === undefined || claim.survey?.id !== surveyComment.invitationId) return undefined
  if (new Date(surveyComment.until) <= now || turn.form !== undefined || said.choice !== undefined)
    return undefined
  const understood = turn.understood()
  if (understood?.asksForPerson === true || (understood?.urgency ?? 'normal') !== 'normal') return undefined
  const remark = turn.surveys.remark(heardIn(turn), certainArticle(turn) !== undefined)
  if (remark === undefined) return undefined
  const reasons: readonly Reason[] = [{ code: 'survey-commented', values: {} }]
  const decision = decided(turn, { kind: 'chat', rule: 'survey-commented', reasons, say: remark.say })
  return withEffect(decision, remark.effect)
}
