import { Gauge, type Registry } from 'prom-client'

/** What one reading says of a gauge: labels and value. */
export type Reading = readonly [labels: Readonly<Record<string, string>>, value: number]

/** How a gauge is called, what it tells, and by what its values are told apart. */
export interface GaugeFacts {
  readonly name: string
  readonly help: string
  readonly labelNames?: readonly string[]
}

/** Prometheus waits ten seconds for everything; a database that hangs must not cost it the other figures. */
const patienceMs = 3_000

const inTime = async <Found>(reading: Promise<Found>): Promise<Found> => {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new Error('no answer in time')), patienceMs)
  })
  try {
    return await Promise.race([reading, late])
  } finally {
    clearTimeout(timer)
  }
}

/** Adds a gauge whose values are read when somebody asks. What fails, or hangs, leaves a hole in its curve alone. */
export const addGauge = (
  registry: Registry,
  { name, help, labelNames = [] }: GaugeFacts,
  read: () => readonly Reading[] | Promise<readonly Reading[]>,
): void => {
  const gauge = new Gauge({
    ...{ name, help, labelNames, registers: [registry] },
    collect: async () => {
      const readings = await inTime(Promise.resolve().then(read)).catch(() => [])
      gauge.reset()
      for (const [labels, value] of readings) gauge.set(labels, value)
    },
  })
}

/** Gauges that are read together are told of one look. */
export const shared = <Found>(look: () => Promise<Found>): (() => Promise<Found>) => {
  let looking: Promise<Found> | undefined
  return () =>
    (looking ??= look().finally(() => {
      looking = undefined
    }))
}
