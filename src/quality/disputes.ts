import { TongdaError } from '../core/errors.ts'
import type { ReviewForm } from '../core/review-form.ts'
import type { ReviewChange, ReviewDispute, ReviewPerson, ReviewService, WorkReview } from '../core/review.ts'
import { checkPerson, hidden } from './access.ts'
import { checkQuotes } from './filling.ts'
import type { ReviewDeps } from './deps.ts'
import { checkAnswers, totalOf } from './total.ts'

const dayMs = 86_400_000

const checkDisputable = (review: WorkReview, disputeDays: number, now: Date): void => {
  const { completedAt, dispute } = review
  if (dispute !== undefined)
    throw new TongdaError('conflict', 'this review was disputed before; a review is disputed once')
  const late = completedAt === undefined || now.getTime() > completedAt.getTime() + disputeDays * dayMs
  if (late)
    throw new TongdaError(
      'conflict',
      `a review can be disputed within ${String(disputeDays)} days of its completion; these are over`,
    )
}

/** Gives the dispute that is open. */
const decidable = (review: WorkReview, who: ReviewPerson): ReviewDispute => {
  const { dispute, reviewerId, revieweeId } = review
  if (!who.mayReview) throw new TongdaError('forbidden', 'deciding disputes needs quality.review')
  if (reviewerId === who.id)
    throw new TongdaError('forbidden', 'you made this review; somebody else decides on its dispute')
  if (revieweeId === who.id)
    throw new TongdaError('forbidden', 'this is your own work; somebody else decides on its dispute')
  if (dispute === undefined) throw new TongdaError('conflict', 'nobody disputes this review')
  if (dispute.state !== 'open') throw new TongdaError('conflict', 'this dispute was decided before')
  return dispute
}

/** A decision on a dispute, with what it rests on. */
type Decision = Parameters<ReviewService['decide']>[1]
interface Deciding extends Decision {
  readonly form: ReviewForm
  readonly who: ReviewPerson
  readonly now: Date
  readonly tookPart: boolean
}

/** The scores stand, or are others from now on. Throws `forbidden`. */
const decided = (
  review: WorkReview,
  { form, who, now, tookPart, reason, answers }: Deciding,
): ReviewChange => {
  const open = decidable(review, who)
  if (tookPart)
    throw new TongdaError('forbidden', 'you had a part in this work; somebody else decides on its dispute')
  const dispute = { ...open, decidedAt: now, decidedBy: who.id, decidedByName: who.name, reason }
  if (answers === undefined)
    return {
      change: 'decided',
      detail: { reason, outcome: 'upheld' },
      set: { dispute: { ...dispute, state: 'upheld' } },
    }
  const after = { ...review.answers, ...answers }
  const { total = 0, failed = false } = review
  const before = { total, failed, answers: review.answers }
  return {
    change: 'decided',
    detail: { reason, outcome: 'changed' },
    set: {
      answers: after,
      total: totalOf(form, after),
      dispute: { ...dispute, state: 'changed', before },
    },
  }
}

/** Disputes, and what comes of them. */
export const createDisputing = ({ store, forms, clock, config }: ReviewDeps) =>
  ({
    dispute: async (id, reasons, write) => {
      checkPerson(write.who)
      const before = await store.get(id)
      if (before.revieweeId !== write.who.id || before.state !== 'completed') throw hidden()
      const { criteria } = await forms.get(before.formId, before.formNumber)
      const strange = Object.keys(reasons).find((name) => !criteria.some((one) => one.id === name))
      if (strange !== undefined)
        throw new TongdaError('bad_input', `this form has no criterion ${strange}; say why by criterion`)
      const now = clock.now()
      return store.apply(
        id,
        write,
        (review) => {
          checkDisputable(review, config.disputeDays, now)
          return {
            change: 'disputed',
            detail: { reasons },
            set: { dispute: { state: 'open', at: now, reasons } },
          }
        },
        now,
      )
    },
    decide: async (id, decision, write) => {
      const { who } = write
      checkPerson(who)
      const before = await store.get(id)
      decidable(before, who)
      const form = await forms.get(before.formId, before.formNumber)
      const { answers = {} } = decision
      checkAnswers(form, answers)
      await checkQuotes(store, before, answers)
      const now = clock.now()
      return store.apply(
        id,
        write,
        (review, { tookPart }) => decided(review, { ...decision, form, who, now, tookPart }),
        now,
      )
    },
  }) satisfies Partial<ReviewService>
