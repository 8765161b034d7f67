export { isAlarming, maxAttempts, reactTo } from './reactions.ts'
export { render } from './render.ts'
export { startSender, type Sender } from './sender.ts'
export { startReroute } from './reroute.ts'
