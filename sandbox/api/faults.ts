import { TongdaError } from '../../src/core/errors.ts'
import type { FaultSwitch } from '../simulator.ts'

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

export interface Faults {
  isOn(name: FaultName): boolean
  list(): readonly FaultSwitch[]
  set(name: string, on: boolean): void
}

const isFaultName = (name: string): name is FaultName => faultNames.some((known) => known === name)

/** Faults that are all off. */
export const createFaults = (): Faults => {
  const on = new Set<FaultName>()
  return {
    isOn: (name) => on.has(name),
    list: () => faultNames.map((name) => ({ name, on: on.has(name) })),
    set: (name, value) => {
      if (!isFaultName(name)) throw new TongdaError('not_found', `there is no fault ${name}`)
      if (value) on.add(name)
      else on.delete(name)
    },
  }
}
