import { TongdaError } from '../core/errors.ts'
import type { ReviewCriterion, ReviewFormFacts } from '../core/review-form.ts'

const repeated = (ids: readonly string[]): string | undefined =>
  ids.find((id, place) => ids.indexOf(id) !== place)

const criterionFault = (
  { id, group, kind, critical, wrongAnswer, mayNotApply }: ReviewCriterion,
  { groups, subject }: ReviewFormFacts,
): string | undefined => {
  if (!groups.some((one) => one.id === group))
    return `criterion ${id} is in the group ${group}, which the form does not have`
  if (critical && kind !== 'yes-no')
    return `criterion ${id} is critical, so its kind must be yes-no: a no makes the total 0`
  if (critical && mayNotApply)
    return `criterion ${id} is critical, so it always applies: set mayNotApply to false`
  if (wrongAnswer && subject !== 'bot-answer')
    return `criterion ${id} tells wrong answers of the bot: only forms for bot-answer have such`
  return undefined
}

const formFault = (form: ReviewFormFacts): string | undefined => {
  const { groups, criteria } = form
  if (criteria.length === 0) return 'a form needs a criterion at least'
  const twice = repeated(criteria.map(({ id }) => id)) ?? repeated(groups.map(({ id }) => id))
  if (twice !== undefined) return `the id ${twice} stands twice; ids are unique within a form`
  const wrong = criteria
    .map((criterion) => criterionFault(criterion, form))
    .find((fault) => fault !== undefined)
  if (wrong !== undefined) return wrong
  const empty = groups.find(({ id }) => !criteria.some(({ group }) => group === id))
  return empty && `the group ${empty.id} has no criterion; take it out`
}

/** Throws `bad_input` that names the first rule the form breaks. */
export const checkForm = (form: ReviewFormFacts): void => {
  const fault = formFault(form)
  if (fault !== undefined) throw new TongdaError('bad_input', fault)
}
