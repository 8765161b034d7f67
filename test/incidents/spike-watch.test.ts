import { describe, expect, it } from 'vitest'
import type { BucketCount, SpikeEvent } from '../../src/core/spike.ts'
import { bucketMs, createSpikeWatch, emptySpikeState, type SpikeState } from '../../src/incidents/index.ts'
import { runTrial } from '../../bench/insight/spike-trial.ts'
import { hourOfWeek, mondayMs } from '../../bench/insight/traffic.ts'

const topics = ['login', 'video', 'live']
const channels = ['wechat', 'weibo', 'web']
const usual = 30

type Lift = (topic: string, channel: string) => number
const calm: Lift = () => 1
const counts = (lift: Lift): readonly BucketCount[] =>
  topics.flatMap((topic) =>
    channels.map((channel) => ({ topic, channel, count: usual * lift(topic, channel) })),
  )

/** A watch that saw three even days; `run` closes further buckets. */
const watching = (state: SpikeState = emptySpikeState(), from = 0) => {
  let ids = 0
  let at = from
  const watch = createSpikeWatch(state, { newId: () => `s${String((ids += 1))}`, hourOfWeek })
  const run = (buckets: number, lift: Lift = calm): readonly SpikeEvent[] =>
    Array.from({ length: buckets }, () => watch.close(mondayMs + at++ * bucketMs, counts(lift))).flat()
  const skip = (buckets: number): void => void (at += buckets)
  return { watch, run, skip, at: () => at }
}
const settled = () => {
  const watched = watching()
  expect(watched.run(864)).toEqual([])
  return watched
}
const told = (events: readonly SpikeEvent[]) => events.map(({ kind, spike }) => [kind, spike.scope])
const onWechat: Lift = (_, channel) => (channel === 'wechat' ? 3 : 1)
const login: Lift = (topic) => (topic === 'login' ? 3 : 1)
const loginOnWechat: Lift = (topic, channel) => (login(topic, channel) * onWechat(topic, channel) > 8 ? 3 : 1)

describe('a disturbance', () => {
  it.each([
    ['of a topic on a channel', loginOnWechat, { topic: 'login', channel: 'wechat' }],
    ['of a channel', onWechat, { channel: 'wechat' }],
    ['of a topic', login, { topic: 'login' }],
    ['of everything', () => 3, {}],
  ] as const)('%s is proposed once, as what it is, and ends', (_, lift, scope) => {
    const { run } = settled()
    expect(told(run(12, lift))).toEqual([['proposed', scope]])
    expect(told(run(12))).toEqual([['ended', scope]])
  })

  it('is explained in numbers', () => {
    const { run, at } = settled()
    const [event] = run(2, loginOnWechat)
    expect(event?.spike.sinceMs).toBe(mondayMs + (at() - 2) * bucketMs)
    expect(event?.spike.evidence).toMatchObject({ observed: 90, minutes: 5 })
    expect(event?.spike.evidence.expected).toBeCloseTo(usual, -1)
    expect(event?.spike.evidence.p).toBeLessThan(1e-7)
  })

  it('that spreads is widened', () => {
    const { run } = settled()
    run(3, loginOnWechat)
    expect(told(run(3, onWechat))).toEqual([['widened', { channel: 'wechat' }]])
  })

  it('leaves what is usual as it was', () => {
    const { run } = settled()
    run(36, loginOnWechat)
    run(24)
    const [event] = run(1, loginOnWechat)
    expect(event?.spike.evidence.expected).toBeCloseTo(usual, -1)
  })
})

describe('the watch', () => {
  it('goes on from what was kept', () => {
    const { run, watch, at } = settled()
    run(1, loginOnWechat)
    const kept = JSON.parse(JSON.stringify(watch.state())) as SpikeState
    expect(told(watching(kept, at()).run(12))).toEqual([['ended', { topic: 'login', channel: 'wechat' }]])
  })

  it('takes late messages for their own bucket', () => {
    const { run, watch, at } = settled()
    run(2)
    const late = [{ topic: 'login', channel: 'wechat', count: 100 }]
    expect(told(watch.close(mondayMs + (at() - 2) * bucketMs, late))).toEqual([
      ['proposed', { topic: 'login', channel: 'wechat' }],
    ])
  })

  it('does not take for a disturbance what waited while the product was down', () => {
    const { run, skip } = settled()
    skip(24)
    expect(run(1, () => 8)).toEqual([])
    expect(run(12)).toEqual([])
  })

  it('proposes nothing for a handful', () => {
    const state = emptySpikeState()
    const { run, watch, at } = watching(state)
    run(864, (topic) => (topic === 'login' ? 0 : 1))
    const few = [{ topic: 'login', channel: 'wechat', count: 6 }]
    expect(
      watch.close(mondayMs + at() * bucketMs, [...counts((t) => (t === 'login' ? 0 : 1)), ...few]),
    ).toEqual([])
  })
})

describe('made-up traffic of two hundred topics and channels', () => {
  it('has at most one false alarm in a week, and threefold traffic is found within ten minutes', () => {
    const { falseAlarms, trials } = runTrial({ seed: 31, learnWeeks: 2, weeks: 1, perDay: 6 })
    expect(falseAlarms.length).toBeLessThanOrEqual(1)
    const busy = trials.filter(({ expected }) => expected >= 40)
    const soon = busy.filter(({ foundAfter = Infinity }) => foundAfter <= 10)
    expect(busy.length).toBeGreaterThan(5)
    expect(soon.length / busy.length).toBeGreaterThanOrEqual(0.95)
  }, 300_000)
})
