export { createInProcessBus, createInProcessCache, createInProcessLocks } from './in-process.ts'
export { connectRedis, type RedisBackbone } from './redis.ts'
