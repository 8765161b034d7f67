import { TongdaError } from '../../src/core/errors.ts'
import type { FaultSwitch } from '../simulator.ts'

/** Faults that stay on until switched off. */
export const faultNames = [
  'bad-signature',
  'stale-timestamp',
  'duplicate',
  'out-of-order',
  'lost-answer',
  'lost-connection',
  'window-closed',
  'quota-used-up',
  'api-500',
  'api-429',
  'api-hang',
  'api-half-answer',
  'token-expired',
  'bounce',
] as const
export type FaultName = (typeof faultNames)[number]

const isFaultName = (name: string): name is FaultName => faultNames.some((known) => known === name)

/** Switches, and refusals ordered for single calls. */
export interface Faults {
  on(name: FaultName): boolean
  set(name: string, on: boolean): void
  list(): readonly FaultSwitch[]
  /** The next calls to a path get these errcodes, one each. */
  refuse(path: string, ...errcodes: readonly number[]): void
  /** Takes one ordered errcode. */
  takeRefusal(path: string): number | undefined
}

export const createFaults = (): Faults => {
  const on = new Set<FaultName>()
  const refusals = new Map<string, number[]>()
  return {
    on: (name) => on.has(name),
    set: (name, isOn) => {
      if (!isFaultName(name)) throw new TongdaError('not_found', `the simulator has no fault ${name}`)
      if (isOn) on.add(name)
      else on.delete(name)
    },
    list: () => faultNames.map((name) => ({ name, on: on.has(name) })),
    refuse: (path, ...errcodes) => void refusals.set(path, [...errcodes]),
    takeRefusal: (path) => refusals.get(path)?.shift(),
  }
}
