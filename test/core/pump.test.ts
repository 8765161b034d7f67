import { expect, it, onTestFinished } from 'vitest'
import { startPump } from '../../src/core/pump.ts'

const hourMs = 3_600_000

it('looks again soon after a ring, for what somebody held locked at that moment', async () => {
  let isLocked = true
  let looks = 0
  const handled: string[] = []
  const pump = startPump<string>({
    claim: () => {
      looks += 1
      const found = !isLocked && handled.length === 0 ? ['item'] : []
      return Promise.resolve(found)
    },
    handle: (item) => {
      handled.push(item)
      return Promise.resolve()
    },
    onClaimError: () => undefined,
    concurrency: 2,
    pollMs: hourMs,
    againMs: 10,
  })
  onTestFinished(() => pump.stop())
  await expect.poll(() => looks).toBe(1)
  pump.ring()
  await expect.poll(() => looks).toBeGreaterThan(1)
  isLocked = false
  await expect.poll(() => handled).toEqual(['item'])
})
