import { describe, expect, it } from 'vitest'
import type { PromiseStanding } from '../../src/core/promise.ts'
import type { TimelineEntry } from '../../src/core/ticket.ts'
import { alarmsAt, warningStep } from '../../src/promises/index.ts'

const start = new Date('2026-11-23T02:00:00Z')
const after = (minutes: number): Date => new Date(start.getTime() + minutes * 60_000)
const chain = [
  { afterMinutes: 0, tell: ['assignee' as const], robots: [] },
  { afterMinutes: 30, tell: ['supervisor' as const], robots: [] },
]
const reply: PromiseStanding = { name: 'first-reply', since: start, dueAt: after(120), dangerAt: after(90) }
const settled: PromiseStanding = {
  name: 'resolution',
  since: start,
  dueAt: after(1_440),
  dangerAt: after(1_080),
}

const told = (promise: string, step: number, since = start) => ({
  at: after(0),
  actor: 'system' as const,
  change: (step < 0 ? 'promise-in-danger' : 'promise-broken') as TimelineEntry['change'],
  detail: { promise, since: since.toISOString(), step },
})
const at = (
  minutes: number,
  open: readonly PromiseStanding[] = [reply],
  history: readonly ReturnType<typeof told>[] = [],
) => alarmsAt({ history }, { open }, { chain, now: after(minutes) })

describe('alarms', () => {
  it('come when a quarter of the time is left, when it is over, and step by step after that', () => {
    expect(at(0)).toEqual({ due: [], nextAt: after(90) })
    expect(at(90)).toMatchObject({ due: [{ promise: 'first-reply', step: warningStep }], nextAt: after(120) })
    const warned = [told('first-reply', warningStep)]
    expect(at(100, [reply], warned)).toEqual({ due: [], nextAt: after(120) })
    expect(at(120, [reply], warned)).toMatchObject({ due: [{ step: 0 }], nextAt: after(150) })
    const broken = [...warned, told('first-reply', 0)]
    expect(at(150, [reply], broken)).toMatchObject({ due: [{ step: 1 }] })
    expect(at(150, [reply], [...broken, told('first-reply', 1)])).toEqual({ due: [] })
  })

  it('tell how it stands after an absence, not how it came', () => {
    expect(at(200).due).toMatchObject([{ step: 1 }])
    expect(at(200, [reply], [told('first-reply', 1)])).toEqual({ due: [] })
  })

  it('keep two promises apart, and two rounds of one', () => {
    expect(at(130, [reply, settled])).toMatchObject({ due: [{ promise: 'first-reply' }], nextAt: after(150) })
    const next = { ...reply, name: 'next-reply' as const }
    expect(at(95, [next], [told('next-reply', warningStep, after(-600))]).due).toHaveLength(1)
    expect(at(95, [next], [told('next-reply', warningStep)]).due).toEqual([])
  })

  it('do not come while nothing runs', () => {
    expect(at(500, [])).toEqual({ due: [] })
  })

  it('warn at once when a change leaves less than a quarter', () => {
    const late = { ...reply, dangerAt: after(-1) }
    expect(at(0, [late])).toMatchObject({ due: [{ step: warningStep }], nextAt: after(120) })
  })
})
