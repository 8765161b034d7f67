import { randomBytes, randomInt } from 'node:crypto'
import type { WeiboAccount } from './account.ts'

export type { WeiboAccount, WeiboSimulatorOptions, WeiboUser } from './account.ts'
export type { WeiboDeed } from './deed.ts'
export { faultNames as weiboFaultNames } from './faults.ts'
export type { PushOutcome as WeiboPushOutcome } from './pusher.ts'
export { writePush } from './push-request.ts'
export { createWeiboSimulator } from './simulator.ts'
export type { WeiboSimulator } from './simulator.ts'

/** An account with secrets made now: both sides only have to agree within this process. */
export const createWeiboAccount = (name: string): WeiboAccount => ({
  name,
  uid: `19${String(randomInt(10_000_000, 99_999_999))}`,
  appSecret: randomBytes(16).toString('hex'),
  accessToken: `2.00${randomBytes(16).toString('base64url')}`,
})
