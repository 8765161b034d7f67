import { createFaultSwitches } from '../kit/switches.ts'
import type { FaultSwitches } from '../kit/switches.ts'

/** The faults that a page can switch on. */
export const faultNames = [
  'bad-signature',
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

/** A refusal in the Bot API's own form. */
export interface Refusal {
  readonly error_code: number
  readonly description: string
  readonly parameters?: Readonly<Record<string, number>>
}

/** How a call ends otherwise: `hang` answers never, `cut` breaks the connection, `half` breaks the answer off. */
export type CallFault = Refusal | 'hang' | 'cut' | 'half' | 'html'

/** Switches, and failures ordered for single calls. */
export interface Faults extends FaultSwitches<FaultName> {
  /** The next `times` calls of `method` (`*`: any) fail so. `after`: the call takes effect before. */
  order(method: string, fault: CallFault, more?: { readonly times?: number; readonly after?: boolean }): void
  /** What befalls this call, if anything. */
  take(method: string): { readonly fault: CallFault; readonly after: boolean } | undefined
}

const switched: readonly (readonly [FaultName, CallFault])[] = [
  ['token-expired', { error_code: 401, description: 'Unauthorized' }],
  ['api-500', { error_code: 500, description: 'Internal Server Error' }],
  [
    'api-429',
    { error_code: 429, description: 'Too Many Requests: retry after 3', parameters: { retry_after: 3 } },
  ],
  ['api-hang', 'hang'],
  ['api-half-answer', 'half'],
  ['lost-connection', 'cut'],
]

/** All switches off, nothing ordered. */
export const createFaults = (): Faults => {
  const switches = createFaultSwitches(faultNames)
  let ordered: { method: string; fault: CallFault; left: number; after: boolean }[] = []
  return {
    ...switches,
    order: (method, fault, { times = 1, after = false } = {}) => {
      ordered.push({ method, fault, left: times, after })
    },
    take: (method) => {
      const due = ordered.find((order) => order.method === '*' || order.method === method)
      if (due !== undefined) {
        due.left -= 1
        ordered = ordered.filter(({ left }) => left > 0)
        return due
      }
      const fault = switched.find(([name]) => switches.isOn(name))?.[1]
      // Half an answer is one to a call that took effect.
      return fault === undefined ? undefined : { fault, after: fault === 'half' }
    },
    clear: () => {
      switches.clear()
      ordered = []
    },
  }
}
