import { createFaultSwitches } from '../kit/switches.ts'
import type { FaultSwitches } from '../kit/switches.ts'

/** What can go wrong on the way in, and on the brand's side. */
export const faultNames = [
  'bad-signature',
  'stale-timestamp',
  'duplicate',
  'out-of-order',
  'lost-answer',
  'window-closed',
  'quota-used-up',
  'api-500',
  'api-429',
  'api-hang',
  'api-half-answer',
] as const
export type FaultName = (typeof faultNames)[number]

export type Faults = FaultSwitches<FaultName>

/** Faults that are all off. */
export const createFaults = (): Faults => createFaultSwitches(faultNames)
