export { createApiSimulator } from './simulator.ts'
export type { ApiAccount, ApiSimulator, ApiSimulatorOptions, BrandUser } from './account.ts'
