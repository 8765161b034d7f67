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

/** Whether a word names a fault. */
export const isFault = (name: string): name is FaultName => faultNames.some((known) => known === name)

export interface Faults {
  has(name: FaultName): boolean
  set(name: FaultName, on: boolean): void
}

export const createFaults = (): Faults => {
  const on = new Set<FaultName>()
  return {
    has: (name) => on.has(name),
    set: (name, wanted) => {
      if (wanted) on.add(name)
      else on.delete(name)
    },
  }
}
