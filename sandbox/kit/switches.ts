import { TongdaError } from '../../src/core/errors.ts'
import type { FaultSwitch } from '../simulator.ts'

/** Faults of a simulator that stay on until they are switched off. */
export interface FaultSwitches<Name extends string> {
  readonly list: () => readonly FaultSwitch[]
  readonly isOn: (name: Name) => boolean
  /** Throws `not_found` for a name that is none. */
  readonly set: (name: string, on: boolean) => void
  readonly clear: () => void
}

/** All off. */
export const createFaultSwitches = <Name extends string>(names: readonly Name[]): FaultSwitches<Name> => {
  const on = new Set<Name>()
  return {
    list: () => names.map((name) => ({ name, on: on.has(name) })),
    isOn: (name) => on.has(name),
    set: (name, wanted) => {
      const known = names.find((each) => each === name)
      if (known === undefined) throw new TongdaError('not_found', `there is no fault ${name}`)
      if (wanted) on.add(known)
      else on.delete(known)
    },
    clear: () => on.clear(),
  }
}
