import { TongdaError } from '../core/errors.ts'
import type { ReviewAnswers, ReviewPerson, ReviewService, ReviewStore, WorkReview } from '../core/review.ts'
import { checkPerson, hidden } from './access.ts'
import type { ReviewDeps } from './deps.ts'
import { checkAnswers, totalOf } from './total.ts'

/** Refuses quotes of what was not said in the work's conversation. */
export const checkQuotes = async (
  store: Pick<ReviewStore, 'known'>,
  { conversationId }: WorkReview,
  answers: ReviewAnswers,
): Promise<void> => {
  const quoted = Object.values(answers).flatMap(({ messageId }) =>
    messageId === undefined ? [] : [messageId],
  )
  const known = new Set(await store.known(conversationId, quoted))
  const strange = quoted.find((id) => !known.has(id))
  if (strange !== undefined)
    throw new TongdaError(
      'bad_input',
      `message ${strange} is not of the reviewed conversation; quote one of it`,
    )
}

const checkOwn = (review: WorkReview, { id }: ReviewPerson): void => {
  if (review.state === 'open')
    throw new TongdaError('conflict', 'nobody has claimed this review; claim it first')
  if (review.reviewerId !== id)
    throw new TongdaError('forbidden', 'this review is somebody else’s; only its reviewer fills it in')
  if (review.state !== 'claimed')
    throw new TongdaError('conflict', `this review is ${review.state}; it is not filled in any more`)
}

/** Fills reviews in and completes them. */
export const createFilling = ({ store, forms, clock }: ReviewDeps) => {
  const formOf = ({ formId, formNumber }: WorkReview) => forms.get(formId, formNumber)
  return {
    fill: async (id, filling, write) => {
      checkPerson(write.who)
      const before = await store.get(id)
      checkOwn(before, write.who)
      const { answers = {}, rightArticleId } = filling
      checkAnswers(await formOf(before), answers)
      await checkQuotes(store, before, answers)
      if (typeof rightArticleId === 'string' && before.subject !== 'bot-answer')
        throw new TongdaError('bad_input', 'only a bot answer has a right article')
      return store.apply(
        id,
        write,
        (review) => {
          checkOwn(review, write.who)
          return { change: 'saved', set: filling }
        },
        clock.now(),
      )
    },
    complete: async (id, write) => {
      checkPerson(write.who)
      const before = await store.get(id)
      const form = await formOf(before)
      const now = clock.now()
      return store.apply(
        id,
        write,
        (review, { tookPart }) => {
          checkOwn(review, write.who)
          if (tookPart)
            throw new TongdaError(
              'forbidden',
              'you had a part in this work since you took its review; give it back for somebody else',
            )
          const total = totalOf(form, review.answers)
          return { change: 'completed', set: { state: 'completed', completedAt: now, total } }
        },
        now,
      )
    },
    acknowledge: (id, write) =>
      store.apply(
        id,
        write,
        (review) => {
          if (review.revieweeId !== write.who.id || review.state !== 'completed') throw hidden()
          if (review.acknowledgedAt !== undefined) return { change: 'acknowledged', set: {} }
          return { change: 'acknowledged', set: { acknowledgedAt: clock.now() } }
        },
        clock.now(),
      ),
  } satisfies Partial<ReviewService>
}
