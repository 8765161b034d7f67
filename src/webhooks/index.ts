export { webhooksConfig } from './config.ts'
export type { Post, Posted } from './send.ts'
export { nextWait, readRetryAfter } from './schedule.ts'
export { startWebhooks } from './start.ts'
