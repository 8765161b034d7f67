import { createFaultSwitches } from '../kit/switches.ts'
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

/** Switches, and refusals ordered for single calls. */
export interface Faults {
  on(name: FaultName): boolean
  set(name: string, on: boolean): void
  list(): readonly FaultSwitch[]
  /** The next calls to a path get these errcodes, one each. */
  refuse(path: string, ...errcodes: readonly number[]): void
  /** Takes one ordered errcode. */
  takeRefusal(path: string): number | undefined
  clear(): void
}

export const createFaults = (): Faults => {
  const switches = createFaultSwitches(faultNames)
  const refusals = new Map<string, number[]>()
  return {
    on: switches.isOn,
    set: switches.set,
    list: switches.list,
    refuse: (path, ...errcodes) => void refusals.set(path, [...errcodes]),
    takeRefusal: (path) => refusals.get(path)?.shift(),
    clear: () => {
      switches.clear()
      refusals.clear()
    },
  }
}
