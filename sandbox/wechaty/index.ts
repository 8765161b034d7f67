export { createWechatySimulator } from './simulator.ts'
export type { WechatySimulator, WechatySimulatorOptions } from './simulator.ts'
