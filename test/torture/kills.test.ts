import { describe, expect, inject, it } from 'vitest'
import { backlogRun } from '../../bench/torture/backlog.ts'
import { answerOf, keyOf, openCluster } from '../../bench/torture/cluster.ts'
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
      expect(result.unmarked).toBe(0)
    },
    limitMs,
  )
})

describe('an answer that stands on the screen when the server dies, and again when it is repeated', () => {
  it(
    'is marked once for each time that nobody knows of',
    async () => {
      const cluster = await openCluster({ contacts: 1, passiveBudgetMs: 0, attempts: 40, learned })
      const [node] = cluster.nodes
      const [openid = ''] = cluster.contacts
      try {
        let deaths = 0
        let alive: Promise<unknown> = Promise.resolve()
        // The platform shows it before it answers the call, so the call's end is never recorded.
        cluster.simulator.onEvent((event) => {
          if (event.kind !== 'transcript' || event.entry.source !== 'api' || deaths === 2) return
          deaths += 1
          const dead = node?.kill()
          // It may be killed before its start is over, which then fails.
          const over = () => dead
          alive = alive.then(over, over).then(() => node?.start())
        })
        const { state } = await cluster.simulator.push(openid, { kind: 'click', key: keyOf(0), label: '' })
        const asked = [[{ answer: answerOf(0), acknowledged: state !== 'failed' }]]
        await expect.poll(() => cluster.verdict(asked).repeats, { timeout: limitMs }).toBe(2)
        await alive
        await node?.stop()
        expect(await cluster.marks()).toEqual([{ contact: openid, text: answerOf(0), times: 2 }])
        expect(await cluster.countUnmarked(asked)).toBe(0)
      } finally {
        await cluster.dispose()
      }
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
