import type { Clock } from '../core/clock.ts'
import type {
  CountIncident,
  IncidentReading,
  IncidentReport,
  IncidentSlot,
  SpikeProposals,
} from '../core/incident.ts'

export interface ReporterOptions {
  readonly reading: Pick<IncidentReading, 'get' | 'history' | 'updates'>
  readonly spikes: Pick<SpikeProposals, 'get'>
  readonly count: CountIncident
  readonly clock: Clock
  readonly timeZone: string
}

const slotMs = 600_000
/** So much is shown before it began, and after it ended. */
const aroundMs = 3_600_000
/** Longer ones are shown from their beginning. */
const mostMs = 3 * 86_400_000

const down = (ms: number): number => Math.floor(ms / slotMs) * slotMs

const spanOf = (since: Date, until: Date, now: Date): { readonly from: Date; readonly to: Date } => {
  const from = down(since.getTime() - aroundMs)
  const to = Math.min(until.getTime() + aroundMs, now.getTime(), from + mostMs)
  return { from: new Date(from), to: new Date(Math.max(down(to) + slotMs, from + slotMs)) }
}

const sumUp = (slots: readonly IncidentSlot[]): IncidentReport['channels'] => {
  const sums = new Map<string, { channel: string; count: number; usual?: number }>()
  for (const { channel, count, usual } of slots) {
    const sum = sums.get(channel) ?? { channel, count: 0 }
    sum.count += count
    if (usual !== undefined) sum.usual = Math.round(((sum.usual ?? 0) + usual) * 100) / 100
    sums.set(channel, sum)
  }
  return [...sums.values()].toSorted((one, other) => other.count - one.count)
}

/** Tells what was, when an incident is over, or so far. Throws `not_found`. */
export const createIncidentReporter =
  ({ reading, spikes, count, clock, timeZone }: ReporterOptions) =>
  async (id: string): Promise<IncidentReport> => {
    const incident = await reading.get(id)
    const now = clock.now()
    const span = spanOf(incident.sinceAt, incident.closedAt ?? now, now)
    const figures = await count(incident, span)
    return {
      ...figures,
      ...span,
      ...{ incident, timeZone },
      ...(incident.spikeId === undefined ? {} : { spike: await spikes.get(incident.spikeId) }),
      timeline: await reading.history(incident.id),
      updates: await reading.updates(incident.id),
      channels: sumUp(figures.slots),
    }
  }
