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
  personTopic,
  requestedCallback,
  urgentTopic,
} from './person-rules.ts'
import type { Turn } from './turn.ts'

/** A rule decides, or leaves the turn to the next one. */
export type Rule = (turn: Turn) => Decision | undefined

/** All rules in order; the first that decides wins. */
export const rules: readonly Rule[] = [
  forPerson,
  nothingToAnswer,
  personLeads,
  contactLeft,
  crisis,
  requestedCallback,
  picked,
  greeted,
  sticker,
  attachmentOnly,
  otherEvent,
  urgentTopic,
  askedForPerson,
  angry,
  personTopic,
  confidentAnswer,
  chat,
  notSerious,
  outOfScope,
  belongsToTicket,
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
export const decideByRules = (turn: Turn): Decision => alsoForPerson(turn, firstOf(turn))
