import { TongdaError } from '../core/errors.ts'
import type { ReviewForm, ReviewForms, ReviewSubject } from '../core/review-form.ts'
import type {
  ReviewChange,
  ReviewInvolvement,
  ReviewPerson,
  ReviewService,
  WorkReview,
} from '../core/review.ts'
import { checkPerson, hidden, hindranceOf, maySee } from './access.ts'
import type { ReviewDeps } from './deps.ts'
import { createDisputing } from './disputes.ts'
import { createFilling } from './filling.ts'

const dayMs = 86_400_000

/** The form to review with: the one that is named, or the only active one for the subject. */
const formFor = async (
  forms: ReviewForms,
  subject: ReviewSubject,
  formId: string | undefined,
): Promise<ReviewForm> => {
  if (formId !== undefined) {
    const form = await forms.get(formId)
    if (form.subject !== subject)
      throw new TongdaError('bad_input', `this form is for ${form.subject}, not for ${subject}`)
    if (form.state !== 'active')
      throw new TongdaError('bad_input', `this form is ${form.state}; take an active one`)
    return form
  }
  const active = (await forms.list()).filter((form) => form.subject === subject && form.state === 'active')
  const [only] = active
  if (only === undefined || active.length > 1)
    throw new TongdaError(
      'bad_input',
      `there are ${String(active.length)} active forms for ${subject}; name one with formId`,
    )
  return only
}

/** Reads reviews, as far as the person may. */
const createReading = ({ store, forms, articleOf }: ReviewDeps) => {
  const see = async (id: string, who: ReviewPerson): Promise<WorkReview> => {
    const review = await store.get(id)
    if (maySee(review, who, await store.involvement(id, who.id))) return review
    throw hidden()
  }
  return {
    get: async (id, who) => {
      const review = await see(id, who)
      return { review, form: await forms.get(review.formId, review.formNumber) }
    },
    work: async (id, who) => {
      const review = await see(id, who)
      const messages = await store.messages(review)
      const decision = messages.find((message) => message.id === review.workId)?.decision
      const weighed =
        decision?.classification?.candidates.map(({ articleId, question }) => ({
          id: articleId,
          question,
        })) ?? []
      const given = review.articleId
      const all =
        given === undefined || weighed.some(({ id: one }) => one === given)
          ? weighed
          : [{ id: given, question: given }, ...weighed]
      return { messages, articles: all.map((article) => articleOf(article.id) ?? article) }
    },
    history: async (id, who) => {
      await see(id, who)
      return store.history(id)
    },
    list: (filter, page) => store.list(filter, page),
    queue: (who, page) => {
      checkPerson(who)
      return store.queue(who.id, who.mayManage, page)
    },
  } satisfies Partial<ReviewService>
}

const claimed = (
  { state, ...review }: WorkReview,
  who: ReviewPerson,
  involvement: ReviewInvolvement,
): ReviewChange => {
  const hindrance = hindranceOf({ ...review, state }, who, involvement)
  if (hindrance !== undefined) throw hindrance
  if (state === 'claimed' && review.reviewerId === who.id) return { change: 'claimed', set: {} }
  if (state !== 'open')
    throw new TongdaError('conflict', `this review is ${state}; take another of the queue`)
  return { change: 'claimed', set: { state: 'claimed', reviewerId: who.id } }
}

/** Nobody takes away the review of what they did themselves, whatever their role. Throws `forbidden`. */
const checkApart = ({ revieweeId }: WorkReview, who: ReviewPerson, { tookPart }: ReviewInvolvement): void => {
  if (tookPart || revieweeId === who.id)
    throw new TongdaError('forbidden', 'this is a review of your own work; leave it to somebody else')
}

/** What was filled in is gone: the next one begins anew. */
const released = (
  { state, reviewerId, ...review }: WorkReview,
  who: ReviewPerson,
  involvement: ReviewInvolvement,
): ReviewChange => {
  if (state !== 'claimed') throw new TongdaError('conflict', `this review is ${state}`)
  if (reviewerId !== who.id) checkApart({ ...review, state }, who, involvement)
  if (reviewerId !== who.id && !who.mayManage)
    throw new TongdaError('forbidden', 'it is somebody else’s; only they, or quality.manage, give it back')
  const nothing = { answers: {}, comment: null, rightArticleId: null }
  return { change: 'released', set: { state: 'open', reviewerId: null, ...nothing } }
}

const cancelled = (
  { state, ...review }: WorkReview,
  { who, reason }: { readonly who: ReviewPerson; readonly reason: string },
  involvement: ReviewInvolvement,
): ReviewChange => {
  checkApart({ ...review, state }, who, involvement)
  if (state === 'completed' || state === 'cancelled')
    throw new TongdaError('conflict', `this review is ${state}; only one that is not can be cancelled`)
  return { change: 'cancelled', detail: { reason }, set: { state: 'cancelled' } }
}

/** Adds reviews by hand, and says who makes them. */
const createTaking = ({ store, forms, clock, config }: ReviewDeps) =>
  ({
    add: async (request, write) => {
      const { subject, workId, formId, reviewerTeamId, reviewerIds = [], dueDays, second = false } = request
      if (reviewerTeamId !== undefined && reviewerIds.length > 0)
        throw new TongdaError('bad_input', 'name either a team or persons as reviewers, not both')
      const form = await formFor(forms, subject, formId)
      const work = await store.find(subject, workId)
      if (work.revieweeId === write.who.id)
        throw new TongdaError(
          'forbidden',
          'this is your own work; somebody else has it reviewed, and says by whom',
        )
      const now = clock.now()
      const added = await store.add(
        {
          ...{ work, formId: form.id, formNumber: form.number, round: second ? 2 : 1, reviewerIds },
          ...(reviewerTeamId === undefined ? {} : { reviewerTeamId }),
          dueAt: new Date(now.getTime() + (dueDays ?? config.dueDays) * dayMs),
        },
        write,
        now,
      )
      if (added !== undefined) return added
      throw new TongdaError(
        'conflict',
        second
          ? 'this work has a second review under this form already'
          : 'this work is, or was, reviewed under this form; set second to have it reviewed by somebody else too',
      )
    },
    claim: async (id, write) => {
      checkPerson(write.who)
      const decide = (review: WorkReview, involvement: ReviewInvolvement) =>
        claimed(review, write.who, involvement)
      return store.apply(id, write, decide, clock.now())
    },
    release: (id, write) =>
      store.apply(id, write, (review, involvement) => released(review, write.who, involvement), clock.now()),
    cancel: (id, reason, write) =>
      store.apply(
        id,
        write,
        (review, involvement) => cancelled(review, { who: write.who, reason }, involvement),
        clock.now(),
      ),
  }) satisfies Partial<ReviewService>

/** What people do with reviews. */
export const createReviewService = (deps: ReviewDeps): ReviewService => ({
  ...createReading(deps),
  ...createTaking(deps),
  ...createFilling(deps),
  ...createDisputing(deps),
})
