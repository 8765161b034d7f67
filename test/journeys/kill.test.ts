import { describe, expect, it } from 'vitest'
import { killRun } from '../../bench/torture/kills.ts'

describe('a server that is killed again and again', () => {
  it('answers every acknowledged message, in order, and marks what it may have said twice', async () => {
    const result = await killRun({ kills: 3, contacts: 4, seed: 7 })
    expect(result.acknowledged).toBeGreaterThan(0)
    expect(result).toMatchObject({ kills: 3, lost: 0, inversions: 0 })
    expect(result.repeats).toBeLessThanOrEqual(result.marked)
  }, 240_000)
})
