import { describe, expect, inject, it } from 'vitest'
import { backlogRun } from '../../bench/torture/backlog.ts'
import { killRun } from '../../bench/torture/kills.ts'
import { stopsRun } from '../../bench/torture/stops.ts'

const learned = inject('modelCache')
/** Several starts of the product, one after the other. */
const limitMs = 300_000

describe('a server that is killed again and again', () => {
  it(
    'answers every acknowledged message, in order, and marks what it may have said twice',
    async () => {
      const result = await killRun({ kills: 3, contacts: 4, seed: 7, learned })
      expect(result.acknowledged).toBeGreaterThan(0)
      expect(result).toMatchObject({ kills: 3, lost: 0, inversions: 0 })
      expect(result.repeats).toBeLessThanOrEqual(result.marked)
    },
    limitMs,
  )
})

describe('a server that is asked to end while it works', () => {
  it(
    'ends with status 0, even when it has only just started, and says nothing twice',
    async () => {
      const result = await stopsRun({ stops: 3, workMs: 300, contacts: 4, learned })
      expect(result.acknowledged).toBeGreaterThan(0)
      expect(result).toMatchObject({ stops: 3, unclean: 0, lost: 0, inversions: 0, repeats: 0 })
    },
    limitMs,
  )
})

describe('a server that starts with much lying waiting', () => {
  it(
    'answers all of it in order and once, and everyone who writes meanwhile',
    async () => {
      const result = await backlogRun({ conversations: 20, each: 10, livePerSecond: 2, learned })
      expect(result.live).toBeGreaterThan(0)
      expect(result).toMatchObject({ answered: 200, lost: 0, inversions: 0, repeats: 0, liveLost: 0 })
    },
    limitMs,
  )
})
