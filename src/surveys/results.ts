import { TZDate } from '@date-fns/tz'
import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { leastForInterval, shareOf, type Estimate } from '../core/estimate.ts'
import type {
  SurveyCount,
  SurveyGrouping,
  SurveyRecords,
  SurveyResult,
  SurveyResults,
} from '../core/survey.ts'
import { meanOf } from './estimate.ts'

const boundsOf = (month: string, timeZone: string): { readonly from: Date; readonly to: Date } => {
  const [year = Number.NaN, number = Number.NaN] = month.split('-').map(Number)
  const start = (offset: number): Date =>
    new Date(new TZDate(year, number - 1 + offset, 1, timeZone).getTime())
  return { from: start(0), to: start(1) }
}

/** 4 and 5. */
const firstSatisfied = 3

const named = <Name extends string>(name: Name, estimate: Estimate | undefined) =>
  (estimate === undefined ? {} : { [name]: estimate }) as Partial<Record<Name, Estimate>>

/** What a count tells. Of one agent few answers tell nothing: they would be about single contacts. */
export const resultOf = (count: SurveyCount, ofOneAgent: boolean): SurveyResult => {
  const { asked, scores } = count
  const answered = scores.reduce((sum, one) => sum + one, 0)
  const satisfied = scores.slice(firstSatisfied).reduce((sum, one) => sum + one, 0)
  const tooFew = ofOneAgent && answered < leastForInterval
  return {
    ...count,
    // Three answers of one agent are three contacts: their scores stay untold.
    scores: tooFew ? [] : scores,
    answered,
    ...named('responseRate', shareOf(answered, asked)),
    ...(tooFew
      ? {}
      : { ...named('mean', meanOf(scores)), ...named('satisfied', shareOf(satisfied, answered)) }),
  }
}

export interface ResultsOptions {
  readonly records: Pick<SurveyRecords, 'count'>
  readonly timeZone: string
  readonly clock: Clock
}

/** Makes the results of a month. Throws `bad_input` for one that has not begun. */
export const createSurveyResults =
  ({ records, timeZone, clock }: ResultsOptions) =>
  async (month: string, by: SurveyGrouping, agentId?: string): Promise<SurveyResults> => {
    const { from, to } = boundsOf(month, timeZone)
    if (!(from <= clock.now()))
      throw new TongdaError('bad_input', `${month} has not begun; ask for this month or an earlier one`)
    const counts = await records.count({ from, to, by, ...(agentId === undefined ? {} : { agentId }) })
    const ofOneAgent = by === 'agent' || agentId !== undefined
    return { month, timeZone, by, groups: counts.map((count) => resultOf(count, ofOneAgent)) }
  }
