export { webhooksConfig } from './config.ts'
export { nextWait, readRetryAfter } from './schedule.ts'
export { startWebhooks } from './start.ts'
