import { createFaultSwitches } from '../kit/switches.ts'
import type { FaultSwitches } from '../kit/switches.ts'

/** Faults that stay on until they are switched off. */
export const faultNames = [
  'bad-signature',
  'stale-timestamp',
  'duplicate',
  'out-of-order',
  'lost-answer',
  'window-closed',
  'quota-used-up',
  'token-expired',
  'api-500',
  'api-429',
  'api-hang',
  'api-half-answer',
] as const
export type FaultName = (typeof faultNames)[number]

/** A refusal in the platform's own words. */
export interface WeiboRefusal {
  readonly errorCode: number
  readonly error: string
}

/** What the next call gets instead: a refusal, one that looks like a picture, a bare HTTP status, half an answer. */
export type OrderedFault =
  WeiboRefusal | { readonly asPicture: WeiboRefusal } | { readonly status: number } | { readonly half: true }

export interface Faults extends FaultSwitches<FaultName> {
  /** The next call whose path ends with `path` gets this; several are taken in order. */
  order(path: string, fault: OrderedFault): void
  take(path: string): OrderedFault | undefined
}

/** All switches off, nothing ordered. */
export const createFaults = (): Faults => {
  const switches = createFaultSwitches(faultNames)
  let ordered: { readonly path: string; readonly fault: OrderedFault }[] = []
  return {
    ...switches,
    order: (path, fault) => void ordered.push({ path, fault }),
    take: (path) => {
      const at = ordered.findIndex((order) => path.endsWith(order.path))
      return at === -1 ? undefined : ordered.splice(at, 1)[0]?.fault
    },
    clear: () => {
      switches.clear()
      ordered = []
    },
  }
}
