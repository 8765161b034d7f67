import type { Clock } from '../core/clock.ts'
import type { DraftStore, PublishService } from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import type { PublishSchedule, ScheduleService, ScheduleStore } from '../core/publish-schedule.ts'

/** More schedules of one moment there are nowhere. */
const mostTries = 20

export interface ScheduleOptions {
  readonly schedules: ScheduleStore
  readonly publishing: Pick<PublishService, 'publish' | 'mayPublish'>
  readonly clock: Clock
}

/** Publishing at a moment. */
export const createScheduleService = ({
  schedules,
  publishing,
  clock,
}: ScheduleOptions): ScheduleService => ({
  list: (limit) => schedules.list(limit),
  set: async (request, dueAt, { actor, idempotencyKey }) => {
    if (dueAt <= clock.now()) throw new TongdaError('bad_input', 'this moment is past; publish now instead')
    await publishing.mayPublish(request)
    return schedules.create({ ...request, dueAt, by: actor }, clock.now(), idempotencyKey)
  },
  cancel: (id) => schedules.cancel(id),
})

const isRace = (error: unknown): boolean =>
  error instanceof TongdaError && error.code === 'conflict' && typeof error.facts.current === 'number'

/** Two schedules of one moment: whoever was later goes on from what the other made. */
const afterRaces = async <Result>(work: () => Promise<Result>): Promise<Result> => {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries === mostTries || !isRace(error)) throw error
    }
  }
}

/** Publishes what its moment has come for; what speaks against it by then is kept with the schedule. */
export const createPublishDue = ({
  schedules,
  publishing,
  drafts,
}: Omit<ScheduleOptions, 'clock'> & { readonly drafts: Pick<DraftStore, 'get'> }) => {
  /** A reason to publish whatever the evaluation says was given for these drafts as they were. Throws `conflict`. */
  const checkUnchanged = async ({ draftIds, createdAt }: PublishSchedule): Promise<void> => {
    const changed = (await Promise.all(draftIds.map((id) => drafts.get(id)))).filter(
      ({ updatedAt, state }) => state !== 'published' && updatedAt > createdAt,
    )
    if (changed.length > 0)
      throw new TongdaError(
        'conflict',
        `these drafts changed after they were scheduled with an override: ${changed.map(({ articleId }) => articleId).join(', ')}; schedule them anew`,
      )
  }
  const isRefusal = (error: unknown): error is TongdaError =>
    error instanceof TongdaError && ['conflict', 'not_found', 'bad_input'].includes(error.code)
  return async (id: string): Promise<void> => {
    const schedule = await schedules.get(id)
    if (schedule.state !== 'waiting') return
    const { by, draftIds, reason, override } = schedule
    try {
      if (override !== undefined) await checkUnchanged(schedule)
      const request = { draftIds, reason, override }
      const { number } = await afterRaces(() =>
        publishing.publish(request, { actor: by, idempotencyKey: `schedule:${id}` }),
      )
      await schedules.settle(id, { publishedIn: number })
    } catch (error) {
      if (!isRefusal(error)) throw error
      await schedules.settle(id, { failure: error.message })
    }
  }
}
