import type { Clock } from '../core/clock.ts'
import type { SolvedTicket, SurveyBook, SurveyPlan, SurveyReason } from '../core/survey.ts'
import type { SurveysConfig } from './config.ts'

const minuteMs = 60_000
/** Tickets that were solved while nobody looked are made up for so far back; older ones are left in peace. */
const lookBackMs = 60 * minuteMs
const atOnce = 100
const idEnd = 8

/** By chance, and the same for the same ticket: the end of its id is random. */
const isSampled = ({ id }: SolvedTicket, share: number): boolean =>
  Number.parseInt(id.slice(-idEnd), 16) / 16 ** idEnd < share

const reasonAgainst = (ticket: SolvedTicket, config: SurveysConfig): SurveyReason | undefined => {
  if (config.exceptKinds.includes(ticket.kind)) return 'kind-excepted'
  if (config.exceptTopics.includes(ticket.topic)) return 'topic-excepted'
  return isSampled(ticket, config.share) ? undefined : 'not-sampled'
}

/** What is planned for a ticket that was solved. Pure. */
export const planSurvey = (ticket: SolvedTicket, config: SurveysConfig): SurveyPlan => {
  const dueAt = new Date(ticket.solvedAt.getTime() + config.delayMinutes * minuteMs)
  const reason = reasonAgainst(ticket, config)
  return reason === undefined ? { state: 'due', dueAt } : { state: 'not-possible', reason, dueAt }
}

export interface PlannerOptions {
  readonly book: SurveyBook
  readonly config: SurveysConfig
  readonly clock: Clock
  /** Sets the moment at which an invitation is due. */
  readonly setMoment: Parameters<SurveyBook['plan']>[2]
}

/** Plans for what was solved since it looked last, and ends what nobody answered; how many were planned. */
export const createPlanner =
  ({ book, config, clock, setMoment }: PlannerOptions) =>
  async (signal: AbortSignal): Promise<number> => {
    const now = clock.now()
    const since = new Date(now.getTime() - lookBackMs)
    let planned = 0
    for (let more = true; more && !signal.aborted;) {
      const count = await book.plan(
        { since, limit: atOnce },
        (ticket) => planSurvey(ticket, config),
        setMoment,
        now,
      )
      planned += count
      more = count === atOnce
    }
    while (!signal.aborted && (await book.expire(now, atOnce)) === atOnce);
    return planned
  }
