import { TongdaError } from '../core/errors.ts'
import type { ReviewInvolvement, ReviewPerson, WorkReview } from '../core/review.ts'

const forbidden = (message: string): TongdaError => new TongdaError('forbidden', message)

/** Throws `bad_input` for programs. */
export const checkPerson = ({ isPerson }: ReviewPerson): void => {
  if (!isPerson)
    throw new TongdaError('bad_input', 'this is done by a person who is signed in, not by a program')
}

/** Hidden reviews look like none: nobody learns that somebody else is reviewed. */
export const hidden = (): TongdaError =>
  new TongdaError('not_found', 'there is no such review; load the list again')

/** Whether a review is this person's own, to be seen: a reviewee sees it once it is completed. */
export const isReviewee = ({ revieweeId, state }: WorkReview, who: ReviewPerson): boolean =>
  who.isPerson && revieweeId === who.id && state === 'completed'

/** Why a person may not review a work; undefined: they may. */
export const hindranceOf = (
  review: WorkReview,
  who: ReviewPerson,
  { tookPart, reviewedOther, inPool }: ReviewInvolvement,
): TongdaError | undefined => {
  if (!who.mayReview) return forbidden('reviewing needs quality.review')
  if (tookPart || review.revieweeId === who.id)
    return forbidden('nobody reviews their own work, nor what they had a part in; leave it to somebody else')
  if (reviewedOther)
    return forbidden('you made the other review of this work; a second one is made by somebody else')
  if (!inPool && !who.mayManage) return forbidden('this review is for others: it names its reviewers')
  return undefined
}

/** What a person may see of a review that is not theirs: reviewers see what they may take, and disputes. */
export const maySee = (review: WorkReview, who: ReviewPerson, involvement: ReviewInvolvement): boolean => {
  if (who.mayRead || isReviewee(review, who)) return true
  if (!who.mayReview || !who.isPerson) return false
  if (review.reviewerId === who.id) return true
  const free = review.state === 'open' || review.dispute?.state === 'open'
  return free && !involvement.tookPart && review.revieweeId !== who.id && !involvement.reviewedOther
}
