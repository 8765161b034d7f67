import { createOutgoing } from '../../channels/kit/index.ts'
import { aheadMs } from '../core/clock.ts'
import type { JobHandler, JobSchedule } from '../core/jobs.ts'
import type { Post } from '../core/post.ts'
import { startTimers } from '../jobs/index.ts'
import { alarmRobotHandler } from './alarm-robot.ts'
import { clearUploadsHandler, clearUploadsHourly } from './clear-uploads.ts'
import { editingHandlers, publishTimer } from './editing.ts'
import { settleEveryMinute, watchEveryMinute } from './incident-jobs.ts'
import { incidentHandlers } from './incidents.ts'
import type { Inboxes } from './inboxes.ts'
import { failuresEveryMinute, refineProposalsNightly } from './learning-jobs.ts'
import { learningHandlers } from './learning.ts'
import type { Parts } from './parts.ts'
import { clearArchivesOf } from './privacy.ts'
import { retirePersonalDaily } from './privacy-jobs.ts'
import { promiseTimer } from './promises.ts'
import { pushHandler } from './push.ts'
import { coachingTimer, qualityHandler } from './quality.ts'
import { drawHourly } from './quality-jobs.ts'
import { reportMailHandlers, reportMailSchedules } from './report-mail.ts'
import { retireRecordsHandler, retireRecordsHourly } from './retire-records.ts'
import { collectEveryMinute, refineNightly } from './suggestion-jobs.ts'
import { suggestionHandlers } from './suggestions.ts'
import { surveysEveryMinute } from './survey-jobs.ts'
import { surveyHandler, surveyTimer } from './surveys.ts'
import { createPost, outgoingPolicyOf } from './webhooks.ts'

/** What comes back by the clock. */
const schedulesOf = (parts: Parts): readonly JobSchedule<unknown>[] => [
  ...reportMailSchedules(parts),
  clearUploadsHourly,
  retireRecordsHourly,
  collectEveryMinute,
  refineNightly,
  surveysEveryMinute,
  drawHourly,
  watchEveryMinute,
  settleEveryMinute,
  retirePersonalDaily,
  failuresEveryMinute,
  refineProposalsNightly,
]

const jobHandlers = (parts: Parts, inboxes: Inboxes, post: Post): readonly JobHandler[] => {
  const { config, stores, clock, origin, log } = parts
  const { robots } = config.promises
  const { timezone: timeZone } = config.dialogue
  return [
    alarmRobotHandler({ robots, post, clock, timeZone, deskUrl: `${origin}/desk` }),
    clearUploadsHandler(stores.media, log),
    retireRecordsHandler(
      { ...stores, clearArchives: clearArchivesOf(parts) },
      { days: config.api.eventDays, auditDays: config.privacy.auditDays },
    ),
    pushHandler(parts, post),
    ...suggestionHandlers(parts, inboxes),
    surveyHandler(parts, inboxes),
    qualityHandler(parts),
    ...incidentHandlers(parts, inboxes),
    ...editingHandlers(parts, inboxes),
    ...learningHandlers(parts),
    ...reportMailHandlers(parts, inboxes),
  ]
}

/** How many timers one node fires at once, each on a connection of its own. */
const timersAtOnce = 4

/** Starts working on jobs, those of `further` too, and firing timers; gives the end of both. */
export const startWork = async (
  parts: Parameters<typeof promiseTimer>[0],
  inboxes: Inboxes,
  further: readonly JobHandler[],
): Promise<() => Promise<void>> => {
  const { config, clock, work } = parts
  const { bell, timers, jobs } = work
  const log = parts.log.child({ part: 'jobs' })
  const { concurrency, stopSeconds } = config.jobs
  const outgoing = createOutgoing({ policy: outgoingPolicyOf(config) })
  const schedules = schedulesOf(parts)
  const handlers = [...jobHandlers(parts, inboxes, createPost(outgoing)), ...further]
  const stopJobs = await jobs.start({ handlers, concurrency, stopMs: stopSeconds * 1_000 }, schedules)
  const stopTimers = startTimers({
    ...{ store: timers, bell, log },
    handlers: [
      jobs.scheduling(schedules),
      promiseTimer(parts),
      surveyTimer(parts, inboxes),
      coachingTimer(parts),
      publishTimer(parts),
    ],
    aheadMs: () => aheadMs(clock),
    atOnce: parts.stores.database.kind === 'embedded' ? 1 : timersAtOnce,
  })
  return async () => {
    await stopTimers()
    await stopJobs()
    await outgoing.close()
  }
}
