import type { Clock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import type { CoachingNote, CoachingService, CoachingStore, SetReminder } from '../core/review-coaching.ts'
import type { ReviewPerson, ReviewStore } from '../core/review.ts'
import { checkPerson } from './access.ts'

/** To whom it is none of their business there is no such note, whatever their role. */
const unknown = (): TongdaError =>
  new TongdaError('not_found', 'there is no such coaching note among yours; load the list again')

const checkFuture = (at: Date | null | undefined, now: Date): void => {
  if (at instanceof Date && at <= now)
    throw new TongdaError('bad_input', 'followUpAt is over; name a moment to come')
}

/** What people do with coaching notes. */
export const createCoaching = (deps: {
  readonly store: CoachingStore
  readonly reviews: Pick<ReviewStore, 'get'>
  readonly clock: Clock
  readonly setReminder: SetReminder
}): CoachingService => {
  const { store, reviews, clock, setReminder } = deps
  const find = async (id: string, who: ReviewPerson): Promise<CoachingNote> => {
    checkPerson(who)
    const note = await store.get(id)
    if (note.authorId !== who.id && note.agentId !== who.id) throw unknown()
    return note
  }
  return {
    create: async (draft, { who, idempotencyKey }) => {
      checkPerson(who)
      const now = clock.now()
      if (draft.agentId === who.id)
        throw new TongdaError('bad_input', 'nobody coaches themselves; name another agent')
      checkFuture(draft.followUpAt, now)
      if (draft.reviewId !== undefined) {
        const review = await reviews.get(draft.reviewId)
        if (review.state !== 'completed' || review.revieweeId !== draft.agentId)
          throw new TongdaError('bad_input', 'the review must be a completed one of this agent’s work')
      }
      return store.create({ ...draft, authorId: who.id }, { now, idempotencyKey }, setReminder)
    },
    get: find,
    list: (who, page) => {
      checkPerson(who)
      return store.list(who.id, page)
    },
    change: async (id, { text, followUpAt, followedUp }, { who, expectedVersion }) => {
      const note = await find(id, who)
      if (note.authorId !== who.id)
        throw new TongdaError('forbidden', 'only who wrote a note changes it; you can acknowledge it')
      const now = clock.now()
      checkFuture(followUpAt, now)
      const set = {
        ...(text === undefined ? {} : { text }),
        ...(followUpAt === undefined ? {} : { followUpAt }),
        ...(followedUp === undefined ? {} : { followedUpAt: now }),
      }
      return store.change(id, set, { now, expectedVersion }, setReminder)
    },
    acknowledge: async (id, { who, expectedVersion }) => {
      const note = await find(id, who)
      if (note.agentId !== who.id) throw new TongdaError('forbidden', 'only who got a note acknowledges it')
      if (note.acknowledgedAt !== undefined) return note
      const now = clock.now()
      return store.change(id, { acknowledgedAt: now }, { now, expectedVersion }, setReminder)
    },
  }
}
