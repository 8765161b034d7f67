export { visitJobs } from './books.ts'
export { migrateJobs, openJobs } from './open-jobs.ts'
export { startTimers } from './timer-loop.ts'
