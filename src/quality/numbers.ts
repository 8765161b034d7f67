import { TZDate } from '@date-fns/tz'
import type { Clock } from '../core/clock.ts'
import { csvOf, type Cell } from '../core/csv.ts'
import { TongdaError } from '../core/errors.ts'
import { leastForInterval, meanWithin, shareOf, type Estimate } from '../core/estimate.ts'
import type {
  NumbersRequest,
  ReviewCount,
  ReviewCounting,
  ReviewNumbering,
  ReviewNumbers,
  ReviewResult,
} from '../core/review-numbers.ts'
import { agreements } from './kappa.ts'

const startOf = (month: string, offset: number, timeZone: string): Date => {
  const [year = Number.NaN, number = Number.NaN] = month.split('-').map(Number)
  return new Date(new TZDate(year, number - 1 + offset, 1, timeZone).getTime())
}

const longestMonths = 24
const monthMs = 31 * 86_400_000

const boundsOf = (request: { from: string; to: string }, timeZone: string, now: Date) => {
  const from = startOf(request.from, 0, timeZone)
  const to = startOf(request.to, 1, timeZone)
  if (!(from <= now))
    throw new TongdaError('bad_input', `${request.from} has not begun; ask for this month or an earlier one`)
  if (!(from < to)) throw new TongdaError('bad_input', 'the last month is before the first; swap them')
  if (to.getTime() - from.getTime() > longestMonths * monthMs)
    throw new TongdaError('bad_input', `ask for ${String(longestMonths)} months at most`)
  return { from, to }
}

const named = <Name extends string>(name: Name, estimate: Estimate | undefined) =>
  (estimate === undefined ? {} : { [name]: estimate }) as Partial<Record<Name, Estimate>>

/** What a count tells. Of one agent few reviews tell no mean: it would be about single tickets. */
export const resultOf = (
  count: ReviewCount,
  { ofOneAgent, most, bot }: { readonly ofOneAgent: boolean; readonly most: number; readonly bot: boolean },
): ReviewResult => {
  const { key, name, count: reviews, failed, wrong } = count
  const group = {
    ...(key === undefined ? {} : { key }),
    ...(name === undefined ? {} : { name }),
    reviews,
  }
  if (ofOneAgent && reviews < leastForInterval) return group
  return {
    ...group,
    ...named('mean', meanWithin(count, [0, most])),
    ...named('failed', shareOf(failed, reviews)),
    ...(bot ? named('wrong', shareOf(wrong, reviews)) : {}),
  }
}

const checkRequest = ({ by, formId, subject }: NumbersRequest): void => {
  if (by === 'criterion' && formId === undefined)
    throw new TongdaError('bad_input', 'criteria belong to a form: name it with form')
  if ((by === 'band' || by === 'article') && subject !== 'bot-answer')
    throw new TongdaError('bad_input', `${by} is about the bot: ask with subject=bot-answer`)
  if ((by === 'agent' || by === 'team') && subject === 'bot-answer')
    throw new TongdaError('bad_input', `bot answers are nobody's: group them by topic, band or article`)
}

const heads: Readonly<Record<'zh' | 'en', readonly string[]>> = {
  zh: [
    ...['编号', '名称', '质检数', '平均分', '平均分下限', '平均分上限', '一票否决率', '一票否决率下限'],
    ...['一票否决率上限', '答错率', '答错率下限', '答错率上限'],
  ],
  en: [
    ...['key', 'name', 'reviews', 'mean', 'mean low', 'mean high', 'failed', 'failed low', 'failed high'],
    ...['wrong', 'wrong low', 'wrong high'],
  ],
}
const digits = 4
const cells = (one: Estimate | undefined): readonly Cell[] =>
  [one?.value, one?.low, one?.high].map((value) => (value === undefined ? '' : Number(value.toFixed(digits))))

const csv = ({ groups }: ReviewNumbers, language: 'zh' | 'en'): string =>
  csvOf([
    heads[language],
    ...groups.map(({ key = '', name = '', reviews, mean, failed, wrong }) => [
      ...[key, name, reviews],
      ...[...cells(mean), ...cells(failed), ...cells(wrong)],
    ]),
  ])

/** Makes numbers of completed reviews. */
export const createReviewNumbering = (options: {
  readonly counting: ReviewCounting
  readonly timeZone: string
  readonly clock: Clock
}): ReviewNumbering => {
  const { counting, timeZone, clock } = options
  return {
    numbers: async (request) => {
      checkRequest(request)
      const { from: first, to: last, ...wanted } = request
      const { from, to } = boundsOf({ from: first, to: last }, timeZone, clock.now())
      const counts = await counting.count({ ...wanted, from, to, timeZone })
      const facts = {
        ofOneAgent: wanted.by === 'agent' || wanted.agentId !== undefined,
        most: wanted.by === 'criterion' ? 1 : 100,
        bot: wanted.subject === 'bot-answer',
      }
      return { from, to, timeZone, by: wanted.by, groups: counts.map((count) => resultOf(count, facts)) }
    },
    calibration: async (first, last) => {
      const { from, to } = boundsOf({ from: first, to: last }, timeZone, clock.now())
      const [pairs, counts] = await Promise.all([counting.pairs(from, to), counting.doubled(from, to)])
      return { from, to, timeZone, ...counts, criteria: agreements(pairs) }
    },
    csv,
  }
}
