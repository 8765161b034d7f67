import type { CampaignAnswer, CampaignCount, CampaignResults } from '../core/campaign.ts'
import type { SurveyQuestion } from '../core/survey-answer.ts'
import type { PublicLanguage } from '../core/suggestions.ts'
import { answerLabel } from './campaign-words.ts'
import { npsOf, shareOf, type Estimate } from '../core/estimate.ts'
import { meanOf } from './estimate.ts'
import { answersOf } from './read-campaign.ts'
import { csvOf, type Cell } from '../core/csv.ts'

const firstSatisfied = 4
const sum = (counts: readonly number[]): number => counts.reduce((all, one) => all + one, 0)

const summaryOf = (
  { type }: SurveyQuestion,
  counts: readonly number[],
): Pick<CampaignResults, 'mean' | 'satisfied' | 'nps'> => {
  if (sum(counts) === 0 || type === 'choice') return {}
  if (type === 'nps') {
    const nps = npsOf(counts)
    return nps === undefined ? {} : { nps }
  }
  const [mean, satisfied] = [meanOf(counts), shareOf(sum(counts.slice(firstSatisfied - 1)), sum(counts))]
  return { ...(mean === undefined ? {} : { mean }), ...(satisfied === undefined ? {} : { satisfied }) }
}

/** What the answers to a campaign tell. Pure. */
export const campaignResults = (
  question: SurveyQuestion,
  { asked, refused, undelivered, answers }: CampaignCount,
  language: PublicLanguage,
): CampaignResults => {
  const counts = answersOf(question).map((value) => answers.get(value) ?? 0)
  const answered = sum(counts)
  const responseRate = shareOf(answered, asked - undelivered)
  const rows = answersOf(question).map((value, place): CampaignAnswer => {
    const [label, count] = [answerLabel(question, value, language), counts[place] ?? 0]
    const share = shareOf(count, answered)
    return {
      ...{ value, count },
      ...(label === undefined ? {} : { label }),
      ...(share === undefined ? {} : { share }),
    }
  })
  return {
    ...{ asked, answered, refused, undelivered, answers: rows },
    ...(responseRate === undefined ? {} : { responseRate }),
    ...summaryOf(question, counts),
  }
}

const heads: Readonly<Record<PublicLanguage, readonly Cell[]>> = {
  zh: ['项目', '名称', '数量', '值', '下限', '上限'],
  en: ['item', 'label', 'count', 'value', 'low', 'high'],
}

const estimate = (one: Estimate | undefined): readonly Cell[] =>
  [one?.value, one?.low, one?.high].map((value) => (value === undefined ? '' : Number(value.toFixed(4))))

/** Results as a table: one line an answer, and one for each number that sums them up. */
export const campaignCsv = (results: CampaignResults, language: PublicLanguage): string => {
  const { asked, answered, refused, undelivered, responseRate, mean, satisfied, nps, answers } = results
  const summed = Object.entries({ mean, satisfied, nps }).filter(([, one]) => one !== undefined)
  return csvOf([
    heads[language],
    ['asked', '', asked, '', '', ''],
    ['answered', '', answered, ...estimate(responseRate)],
    ['refused', '', refused, '', '', ''],
    ['undelivered', '', undelivered, '', '', ''],
    ...summed.map(([name, one]): readonly Cell[] => [name, '', answered, ...estimate(one)]),
    ...answers.map(({ value, label = '', count, share }): readonly Cell[] => [
      ...[`answer ${String(value)}`, label, count],
      ...estimate(share),
    ]),
  ])
}
