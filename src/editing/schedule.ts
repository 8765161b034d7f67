import type { Clock } from '../core/clock.ts'
import type { PublishService } from '../core/editing.ts'
import { TongdaError } from '../core/errors.ts'
import type { ScheduleService, ScheduleStore } from '../core/publish-schedule.ts'

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

/** Publishes what its moment has come for; what speaks against it by then is kept with the schedule. */
export const createPublishDue = ({ schedules, publishing }: Omit<ScheduleOptions, 'clock'>) => {
  const isRefusal = (error: unknown): error is TongdaError =>
    error instanceof TongdaError && ['conflict', 'not_found', 'bad_input'].includes(error.code)
  return async (id: string): Promise<void> => {
    const { state, by, draftIds, reason, override } = await schedules.get(id)
    if (state !== 'waiting') return
    try {
      const request = { draftIds, reason, override }
      const { number } = await publishing.publish(request, { actor: by, idempotencyKey: `schedule:${id}` })
      await schedules.settle(id, { publishedIn: number })
    } catch (error) {
      if (!isRefusal(error)) throw error
      await schedules.settle(id, { failure: error.message })
    }
  }
}
