import { createFaultSwitches } from '../kit/switches.ts'
import type { FaultSwitches } from '../kit/switches.ts'

/** The faults that a page can switch on. */
export const faultNames = [
  'bad-signature',
  'stale-timestamp',
  'duplicate',
  'out-of-order',
  'lost-answer',
  'api-500',
  'api-429',
  'api-hang',
  'api-half-answer',
  'token-expired',
  'lost-connection',
] as const
export type FaultName = (typeof faultNames)[number]

/** How a call of the bot fails: an HTTP answer, no answer, a broken connection, or half an answer to what was taken. */
export type CallFault =
  | 'hang'
  | 'cut'
  | 'half'
  | { readonly status: number; readonly code: string; readonly retryAfterSeconds?: number }

export interface Faults extends FaultSwitches<FaultName> {
  /** The next `times` sends fail so. */
  order(fault: CallFault, times?: number): void
  take(): CallFault | undefined
}

const switched: readonly (readonly [FaultName, CallFault])[] = [
  ['api-500', { status: 500, code: 'ServiceError' }],
  ['api-429', { status: 429, code: 'Throttled', retryAfterSeconds: 3 }],
  ['api-hang', 'hang'],
  ['api-half-answer', 'half'],
  ['lost-connection', 'cut'],
]

/** All switches off, nothing ordered. */
export const createFaults = (): Faults => {
  const switches = createFaultSwitches(faultNames)
  let ordered: { readonly fault: CallFault; left: number }[] = []
  return {
    ...switches,
    order: (fault, times = 1) => {
      ordered.push({ fault, left: times })
    },
    take: () => {
      const [due] = ordered
      if (due === undefined) return switched.find(([name]) => switches.isOn(name))?.[1]
      due.left -= 1
      ordered = ordered.filter(({ left }) => left > 0)
      return due.fault
    },
    clear: () => {
      switches.clear()
      ordered = []
    },
  }
}
