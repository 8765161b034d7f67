import type { ReviewPerson, ReviewWrite } from '../../../core/review.ts'
import type { Caller } from '../caller.ts'
import type { RawCall } from '../define-route.ts'

/** Who calls, as reviews know people. */
export const personOf = ({ kind, id, name, permissions }: Caller): ReviewPerson => ({
  ...{ id, name, isPerson: kind === 'agent' },
  mayRead: permissions.has('quality.read'),
  mayReview: permissions.has('quality.review'),
  mayManage: permissions.has('quality.manage'),
})

/** The facts of a write. */
export const reviewWriteOf = ({
  caller,
  version,
  idempotencyKey,
}: Pick<RawCall, 'caller' | 'version' | 'idempotencyKey'>): ReviewWrite => ({
  who: personOf(caller),
  expectedVersion: version,
  idempotencyKey,
})
