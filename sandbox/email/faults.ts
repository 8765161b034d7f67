import { createFaultSwitches } from '../kit/switches.ts'
import type { FaultSwitch } from '../simulator.ts'

/** What can go wrong at a mail provider, each on until it is switched off. */
export const faultNames = [
  // Mail for customers
  'api-500',
  'api-429',
  'api-hang',
  'lost-answer',
  'token-expired',
  'bounce',
  'auto-reply',
  // Mail from customers
  'bad-signature',
  'duplicate',
  'out-of-order',
  'lost-connection',
] as const
export type FaultName = (typeof faultNames)[number]

export interface Faults {
  has(name: FaultName): boolean
  list(): readonly FaultSwitch[]
  /** Throws `not_found` for a name that is none. */
  set(name: string, on: boolean): void
  clear(): void
}

/** Nothing goes wrong. */
export const createFaults = (): Faults => {
  const { isOn, list, set, clear } = createFaultSwitches(faultNames)
  return { has: isOn, list, set, clear }
}
