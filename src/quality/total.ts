import { TongdaError } from '../core/errors.ts'
import type { ReviewCriterion, ReviewFormFacts } from '../core/review-form.ts'
import type { ReviewAnswer, ReviewAnswers, ReviewTotal } from '../core/review.ts'

/** The top of the scale. */
const mostPoints = 5
/** Up to this many points an answer of the bot counts as wrong. */
const wrongPoints = 1
const percent = 100

/** What was reached of a criterion, 0 to 1; undefined: it did not apply. */
const reachedOf = ({ value }: ReviewAnswer): number | undefined => {
  if (value === 'not-applicable') return undefined
  if (typeof value === 'number') return value / mostPoints
  return value === 'yes' ? 1 : 0
}

const refuse = (message: string): never => {
  throw new TongdaError('bad_input', message)
}

const checkValue = (criterion: ReviewCriterion, { value }: ReviewAnswer): void => {
  const { id, kind, mayNotApply } = criterion
  if (value === 'not-applicable') {
    if (!mayNotApply) refuse(`criterion ${id} always applies: answer it`)
  } else if (kind === 'yes-no') {
    if (typeof value === 'number') refuse(`criterion ${id} takes yes or no`)
  } else if (typeof value !== 'number' || !Number.isInteger(value) || value < 0 || value > mostPoints)
    refuse(`criterion ${id} takes a whole number from 0 to ${String(mostPoints)}`)
}

/** Refuses answers that the form does not ask for, or not so. */
export const checkAnswers = (
  { criteria }: Pick<ReviewFormFacts, 'criteria'>,
  answers: ReviewAnswers,
): void => {
  for (const [id, answer] of Object.entries(answers)) {
    const criterion = criteria.find((one) => one.id === id)
    if (criterion === undefined)
      throw new TongdaError(
        'bad_input',
        `this form has no criterion ${id}; its criteria are: ${criteria.map((one) => one.id).join(', ')}`,
      )
    checkValue(criterion, answer)
  }
}

/**
 * What answers come to: the mean of the criteria that apply by their weights, in percent with two decimals; 0 where a
 * critical one was answered with no. Throws `bad_input` while a criterion has no answer, or none applies.
 */
export const totalOf = (
  { criteria }: Pick<ReviewFormFacts, 'criteria'>,
  answers: ReviewAnswers,
): ReviewTotal => {
  const missing = criteria.filter(({ id }) => answers[id] === undefined).map(({ id }) => id)
  if (missing.length > 0)
    throw new TongdaError('bad_input', `answer every criterion; these have no answer: ${missing.join(', ')}`)
  const applying = criteria.flatMap((criterion) => {
    const answer = answers[criterion.id]
    const reached = answer === undefined ? undefined : reachedOf(answer)
    return reached === undefined ? [] : [{ criterion, reached }]
  })
  if (applying.length === 0)
    throw new TongdaError('bad_input', 'at least one criterion must apply; cancel the review if none does')
  const weights = applying.reduce((sum, { criterion }) => sum + criterion.weight, 0)
  const sum = applying.reduce((all, { criterion, reached }) => all + criterion.weight * reached, 0)
  const failed = applying.some(({ criterion, reached }) => criterion.critical && reached === 0)
  return {
    total: failed ? 0 : Math.round((sum / weights) * percent * percent) / percent,
    failed,
    reached: Object.fromEntries(applying.map(({ criterion, reached }) => [criterion.id, reached])),
    wrongAnswer: applying.some(
      ({ criterion, reached }) => criterion.wrongAnswer && reached <= wrongPoints / mostPoints,
    ),
  }
}
