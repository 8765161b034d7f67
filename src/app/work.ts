import { createBell } from '../core/bell.ts'
import type { Config } from '../config.ts'
import type { Bus } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { Database } from '../core/database.ts'
import type { JobKind } from '../core/jobs.ts'
import type { Logger } from '../core/log.ts'
import { openJobs } from '../jobs/index.ts'
import { createTimerStore } from '../store/index.ts'
import { alarmRobot } from './alarm-robot.ts'
import { clearUploads } from './clear-uploads.ts'
import { compareArticles, evaluateKnowledge, publishKnowledge } from './editing-job.ts'
import { summariseHandover } from './handoff-job.ts'
import { sendIdentityCode } from './identity-job.ts'
import { settleIncidents, watchSpikes } from './incident-jobs.ts'
import { collectFailures, refineProposals } from './learning-jobs.ts'
import { pushNotice } from './push-job.ts'
import { drawReviews } from './quality-jobs.ts'
import { eraseContact, exportContact, retirePersonal } from './privacy-jobs.ts'
import { reportMailKinds } from './report-mail-jobs.ts'
import { retireRecords } from './retire-records.ts'
import { lookAfterSurveys } from './survey-jobs.ts'
import { collectSuggestions, refineSuggestions, tellSuggestions } from './suggestion-jobs.ts'

/** Every kind of background job the product has, whatever is configured. */
const jobKinds: readonly JobKind<unknown>[] = [
  alarmRobot,
  clearUploads,
  retireRecords,
  collectSuggestions,
  refineSuggestions,
  tellSuggestions,
  lookAfterSurveys,
  drawReviews,
  sendIdentityCode,
  watchSpikes,
  settleIncidents,
  evaluateKnowledge,
  publishKnowledge,
  compareArticles,
  exportContact,
  eraseContact,
  retirePersonal,
  collectFailures,
  refineProposals,
  pushNotice,
  summariseHandover,
]

interface WorkDeps {
  readonly database: Database
  readonly bus: Bus
  readonly clock: Clock
  readonly log: Logger
}

/** What can be put off: jobs for the background, timers for moments. */
export const openWork = async (config: Config, { database, bus, clock, log }: WorkDeps) => {
  const bell = createBell()
  const timers = createTimerStore(database, () => bell.ring())
  const kinds = [...jobKinds, ...reportMailKinds(config)]
  const jobs = await openJobs({ database, timers, bus, kinds, clock, log })
  return { bell, timers, jobs }
}
export type Work = Awaited<ReturnType<typeof openWork>>
