import type { JobHandler } from '../../../src/core/jobs.ts'
import { openJobs as opening } from '../../../src/jobs/index.ts'
import { noteDone, step, takeDue } from './points.ts'
import { watched } from './watched.ts'

export * from '../../../src/jobs/index.ts'

const dying = (handler: JobHandler): JobHandler =>
  handler.kind.name === watched
    ? {
        ...handler,
        run: async (data, run) => {
          await step('job', () => handler.run(data, run))
          noteDone()
        },
      }
    : handler

const lookMs = 100
const fallDue = `update timers set due_at = now(), fire_at = now() where kind = 'job-schedule' and key = $1`

/** Background jobs, with moments to die at; one falls due whenever that is ordered. */
export const openJobs: typeof opening = async (options) => {
  const jobs = await opening(options)
  return {
    ...jobs,
    start: async (work, schedules) => {
      const stop = await jobs.start({ ...work, handlers: work.handlers.map(dying) }, schedules)
      const look = setInterval(() => {
        if (takeDue()) void options.database.query(fallDue, [watched])
      }, lookMs)
      return async () => {
        clearInterval(look)
        await stop()
      }
    },
  }
}
