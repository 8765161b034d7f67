import type { Decision } from '../core/conversation.ts'
import {
  belongsToTicket,
  chat,
  confidentAnswer,
  nothingFound,
  notSerious,
  outOfScope,
  plausible,
  vague,
} from './answer-rules.ts'
import { attachmentOnly } from './attachment-rules.ts'
import {
  contactLeft,
  greeted,
  nothingToAnswer,
  otherEvent,
  personLeads,
  picked,
  sticker,
} from './event-rules.ts'
import {
  alsoForPerson,
  angry,
  askedForPerson,
  crisis,
  forPerson,
  leftMessage,
  personTopic,
  requestedCallback,
  urgentTopic,
} from './person-rules.ts'
import { alsoCorrected, corrected } from './correction-rules.ts'
import { codeTold } from './identity-rules.ts'
import { incidentWish, withIncidents } from './incident-rules.ts'
import { severalQuestions } from './several-rule.ts'
import { asSpoken } from './spoken.ts'
import { surveyAnswered, surveyRemarked, surveyWhileLed } from './survey-rules.ts'
import { noMoreNews, suggestionNoted } from './suggestion-rules.ts'
import { askedForTicket, stillUnsolved } from './ticket-rules.ts'
import { thingsOnly } from './thing-rules.ts'
import { withDoubt } from './doubt.ts'
import { fillForm, handOverWith, startForm, withOffer } from './forms/index.ts'
import type { Turn } from './turn.ts'

/** A rule decides, or leaves the turn to the next one. */
export type Rule = (turn: Turn) => Decision | undefined

/** All rules in order; the first that decides wins. */
export const rules: readonly Rule[] = [
  forPerson,
  nothingToAnswer,
  askedForTicket,
  surveyWhileLed,
  personLeads,
  contactLeft,
  crisis,
  requestedCallback,
  leftMessage,
  codeTold,
  surveyAnswered,
  fillForm,
  picked,
  greeted,
  sticker,
  attachmentOnly,
  otherEvent,
  incidentWish,
  noMoreNews,
  stillUnsolved,
  surveyRemarked,
  corrected,
  thingsOnly,
  severalQuestions,
  startForm,
  urgentTopic,
  askedForPerson,
  angry,
  personTopic,
  confidentAnswer,
  chat,
  notSerious,
  outOfScope,
  belongsToTicket,
  suggestionNoted,
  vague,
  plausible,
]

const firstOf = (turn: Turn): Decision => {
  for (const rule of rules) {
    const decision = rule(turn)
    if (decision !== undefined) return decision
  }
  return nothingFound(turn)
}

/** The first rule's decision; when none decides, nothing was found. */
export const decideByRules = (turn: Turn): Decision => {
  const decision = alsoForPerson(turn, withDoubt(turn, firstOf(turn)))
  const whole =
    turn.form === undefined
      ? withOffer(turn, alsoCorrected(turn, decision))
      : handOverWith(decision, turn.form)
  return inScript(turn, withIncidents(turn, whole))
}

const inScript = (turn: Turn, decision: Decision): Decision => ({
  ...decision,
  say: decision.say.map((parts) => asSpoken(parts, turn.spoken())),
  ...(decision.after === undefined ? {} : { after: asSpoken(decision.after, turn.spoken()) }),
})
