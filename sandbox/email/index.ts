export type { EmailAccount, EmailSimulatorOptions, MailTiming } from './account.ts'
export { createEmailSimulator } from './simulator.ts'
export type { EmailSimulator } from './simulator.ts'
