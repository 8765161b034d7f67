import { expect, it, onTestFinished } from 'vitest'
import { createInProcessBus } from '../../src/bus/index.ts'
import { createBell } from '../../src/core/bell.ts'
import { keepLooking, type Looking } from '../../src/core/keep-looking.ts'

const hourMs = 3_600_000

const nothing = (): Promise<boolean> => Promise.resolve(false)

/** A loop that only rings can wake, unless told otherwise; with its looks and what went wrong. */
const start = async ({ look = nothing, ...options }: Partial<Looking>) => {
  const bus = createInProcessBus()
  const seen = { looks: 0, faults: [] as unknown[] }
  const stop = await keepLooking({
    ...{ bus, topics: ['first', 'second'], gatherMs: 1, everyMs: hourMs, ...options },
    look: () => {
      seen.looks += 1
      return look()
    },
    onFault: (error) => seen.faults.push(error),
  })
  onTestFinished(stop)
  return { bus, seen, stop }
}

it('looks at once, and again after whatever is published', async () => {
  const { bus, seen } = await start({})
  await expect.poll(() => seen.looks).toBe(1)
  bus.publish('first', {})
  await expect.poll(() => seen.looks).toBe(2)
  bus.publish('second', {})
  await expect.poll(() => seen.looks).toBe(3)
})

it('looks for all that comes together once', async () => {
  const { bus, seen } = await start({ gatherMs: 50 })
  await expect.poll(() => seen.looks).toBe(1)
  for (const topic of ['first', 'second', 'first']) bus.publish(topic, {})
  await expect.poll(() => seen.looks).toBe(2)
  bus.publish('first', {})
  await expect.poll(() => seen.looks).toBe(3)
})

it('looks again after a while though nothing rang, and when its bell is rung', async () => {
  const { seen } = await start({ everyMs: 1 })
  await expect.poll(() => seen.looks).toBeGreaterThan(2)
  const bell = createBell()
  const rung = await start({ bell })
  await expect.poll(() => rung.seen.looks).toBe(1)
  bell.ring()
  await expect.poll(() => rung.seen.looks).toBe(2)
})

it('goes on without a ring while there is more to do', async () => {
  let left = 4
  const { seen } = await start({ look: () => Promise.resolve((left -= 1) > 0) })
  await expect.poll(() => seen.looks).toBe(4)
})

it('tells of a look that failed, and goes on', async () => {
  const fault = new Error('away')
  const { bus, seen } = await start({ look: () => Promise.reject(fault) })
  await expect.poll(() => seen.faults).toEqual([fault])
  bus.publish('first', {})
  await expect.poll(() => seen.faults).toEqual([fault, fault])
})

it('ends once the look under way has, and looks no more', async () => {
  let end: () => void = () => undefined
  const { bus, seen, stop } = await start({
    look: () => new Promise((resolve) => (end = () => resolve(false))),
  })
  await expect.poll(() => seen.looks).toBe(1)
  let ended = false
  const stopping = stop().then(() => (ended = true))
  expect(ended).toBe(false)
  end()
  await stopping
  bus.publish('first', {})
  expect(seen.looks).toBe(1)
})
