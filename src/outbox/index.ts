export { createDeliveryEnds, type DeliveryEnds } from './delivery-ends.ts'
export { isAlarming, maxTries, reactTo } from './reactions.ts'
export { render } from './render.ts'
export { startSender, type Sender } from './sender.ts'
