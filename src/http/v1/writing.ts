import { TongdaError } from '../../core/errors.ts'
import type { FeedbackActor } from '../../core/suggestions.ts'
import type { RawCall } from './define-route.ts'
import { staleProblem } from './versions.ts'

/** Who makes a call. */
export const actorOf = ({ caller: { kind, id, name } }: Pick<RawCall, 'caller'>): FeedbackActor => ({
  kind,
  id,
  name,
})

/** A refusal because the thing has moved on becomes one that shows it as it is. */
export const showingCurrent = async <Result>(
  work: () => Promise<Result>,
  current: () => Promise<{ readonly version: number }>,
  yours: { readonly version: number | undefined; readonly changes: unknown },
): Promise<Result> => {
  try {
    return await work()
  } catch (error) {
    const isStale =
      error instanceof TongdaError && error.code === 'conflict' && error.facts.yours !== undefined
    throw isStale ? staleProblem(await current(), yours) : error
  }
}
