export { web } from './channel.ts'
export type { WebConfig } from './manifest.ts'
