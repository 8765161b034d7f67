export { articleAddress } from './addresses.ts'
export { mountHelpCentre } from './routes.ts'
export type { HelpOptions } from './routes.ts'
export { createSlips } from './votes.ts'
