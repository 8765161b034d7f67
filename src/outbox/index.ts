export { isAlarming, maxAttempts, reactTo } from './reactions.ts'
export { startSender, type Sender } from './sender.ts'
