export { alarmsAt, isFirstBroken, warningStep, type Alarms } from './alarms.ts'
export { calendarsNamed, promisesConfig, type PromisesConfig } from './config.ts'
export { createPromiseDesk } from './desk.ts'
export { createPromiseTimes, createReckon } from './reckon.ts'
