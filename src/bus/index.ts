export { createInProcessBus, createInProcessCache, createInProcessLocks } from './in-process.ts'
export { createInProcessLimiters } from './limiters.ts'
export { connectRedis, type RedisBackbone } from './redis.ts'
