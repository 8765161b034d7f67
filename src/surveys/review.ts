import type { Clock } from '../core/clock.ts'
import type { TicketBrief } from '../core/conversation.ts'
import type { PromiseTimes } from '../core/promise.ts'
import type { LowScore, Review, SurveyReviews } from '../core/survey.ts'
import { throwFailed, tryEach } from '../core/try-each.ts'

const kind = 'feedback'
const atOnce = 50
const maxTitle = 40
const maxLine = 100

export interface ReviewerOptions {
  readonly reviews: SurveyReviews
  readonly clock: Clock
  readonly promise: PromiseTimes
  /** A ticket's summary and reason in the words that search and export read. */
  readonly describe: (brief: TicketBrief) => { readonly summary: string; readonly reason: string }
  /** Tells open desks that a ticket changed. Never throws. */
  readonly publish: (ticketId: string) => void
}

const shorten = (text: string, max: number): string => {
  const characters = Array.from(text.replace(/\s+/gu, ' ').trim())
  return characters.length <= max ? characters.join('') : `${characters.slice(0, max - 1).join('')}…`
}

const briefOf = ({ score, comment, ticketNumber }: LowScore): TicketBrief => ({
  reason: { code: 'low-score', values: { score, number: ticketNumber } },
  urgency: 'normal',
  attachments: [],
  said: { earlier: 0, lines: comment === undefined ? [] : [shorten(comment, maxLine)] },
  answered: { earlier: 0, lines: [] },
})

const noteOf = ({ score, comment }: LowScore): string =>
  `满意度 Rating: ${String(score)}/5${comment === undefined ? '' : `\n${comment}`}`

const reviewOf = (low: LowScore, { promise, describe, clock }: ReviewerOptions): Review => {
  const brief = briefOf(low)
  const { summary, reason } = describe(brief)
  const tier = low.contactTier === undefined ? {} : { tier: low.contactTier }
  return {
    of: { invitationId: low.invitationId, version: low.version },
    draft: {
      ...{ kind, brief, summary, reason, title: shorten(reason, maxTitle) },
      ...promise({ kind, priority: 'normal', channel: low.channel, ...tier }, clock.now()),
    },
    note: noteOf(low),
    tag: '低分评价',
  }
}

/**
 * Opens a ticket for each low score that is due, and notes later words there; how many were looked at. One that fails
 * holds no other up: then it throws once all of its batch had their turn, and what failed is tried again next time.
 */
export const createReviewer =
  (options: ReviewerOptions) =>
  async (signal: AbortSignal): Promise<number> => {
    const { reviews, clock, publish } = options
    let seen = 0
    for (let more = true; more && !signal.aborted;) {
      const due = await reviews.due(clock.now(), atOnce)
      const failed = await tryEach(due, async (low) => {
        for (const ticketId of await reviews.settle(reviewOf(low, options), clock.now())) publish(ticketId)
      })
      throwFailed(failed, (count) => `${String(count)} low scores could not be looked at`)
      seen += due.length
      more = due.length === atOnce
    }
    return seen
  }
