import { afterEach, beforeEach, expect, it, vi } from 'vitest'
import { startNodeReports } from '../../src/app/node-reports.ts'
import { silentLog } from '../../src/core/log.ts'

beforeEach(() => vi.useFakeTimers())
afterEach(() => vi.useRealTimers())

it('tells nothing more while a report hangs, and stops all the same', async () => {
  let told = 0
  const board = {
    tell: () => {
      told += 1
      return told === 1 ? Promise.resolve() : new Promise<void>(() => undefined)
    },
    leave: () => Promise.resolve(),
    list: () => Promise.resolve([]),
    nodes: () => Promise.resolve([]),
  }
  const stop = await startNodeReports({ board, role: 'all', statuses: () => [], log: silentLog })
  await vi.advanceTimersByTimeAsync(60_000)
  expect(told).toBe(2)
  let hasStopped = false
  void stop().then(() => (hasStopped = true))
  await vi.advanceTimersByTimeAsync(10_000)
  expect(hasStopped).toBe(true)
})
