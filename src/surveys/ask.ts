import type { Clock } from '../core/clock.ts'
import type { OutboundDraft } from '../core/conversation.ts'
import type { Transaction } from '../core/database.ts'
import type { Part } from '../core/message.ts'
import type { SurveyBook, SurveyMoment, SurveyReason } from '../core/survey.ts'
import type { SurveysConfig } from './config.ts'
import { hindrance, type CapabilitiesOf } from './hindrance.ts'
import { questionParts } from './words.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** Why the contact is not asked at this moment; undefined: is asked. Pure. */
export const reasonAgainstAsking = (
  moment: SurveyMoment,
  { config, capabilitiesOf, now }: Pick<AskerOptions, 'config' | 'capabilitiesOf'> & { readonly now: Date },
): SurveyReason | undefined => {
  const { lastAskedAt } = moment
  if (moment.refused) return 'said-stop'
  if (!moment.stillSolved) return 'not-solved'
  if (moment.wroteSince) return 'wrote-again'
  if (lastAskedAt !== undefined && now.getTime() - lastAskedAt.getTime() < config.everyDays * dayMs)
    return 'asked-lately'
  if (moment.otherOpen) return 'survey-open'
  return hindrance(moment.place, capabilitiesOf, now)
}

export interface AskerOptions {
  readonly book: Pick<SurveyBook, 'lock' | 'ask' | 'put'>
  readonly config: SurveysConfig
  /** false: surveys were switched off after it was planned. */
  readonly isOn: boolean
  readonly capabilitiesOf: CapabilitiesOf
  readonly clock: Clock
  readonly compose: (inboxId: string, parts: readonly Part[]) => OutboundDraft
  /** Something is in the outbox. */
  readonly onAsked: (conversationId: string) => void
}

/** Asks at the moment that was set, in the transaction that takes the moment away; or notes down why not. */
export const createAsker =
  ({ book, config, isOn, capabilitiesOf, clock, compose, onAsked }: AskerOptions) =>
  async (transaction: Transaction, invitationId: string): Promise<void> => {
    const moment = await book.lock(transaction, invitationId)
    if (moment === undefined) return
    const now = clock.now()
    const reason = isOn ? reasonAgainstAsking(moment, { config, capabilitiesOf, now }) : 'switched-off'
    if (reason !== undefined) return book.put(transaction, invitationId, reason, now)
    const { place, ticketNumber, language } = moment
    const draft = compose(place.inboxId, questionParts(config, { invitationId, ticketNumber, language }))
    const expiresAt = new Date(now.getTime() + config.answerHours * hourMs)
    await book.ask(transaction, invitationId, { draft, expiresAt }, now)
    transaction.afterCommit(() => onAsked(place.conversationId))
  }
