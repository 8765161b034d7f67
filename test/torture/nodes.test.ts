import { expect, inject, it } from 'vitest'
import { withOwnDatabase } from '../../bench/own-database.ts'
import { clockSkewRun } from '../../bench/torture/clock-skew.ts'
import { copiesRun } from '../../bench/torture/copies.ts'
import { killRun } from '../../bench/torture/kills.ts'
import { pausesRun } from '../../bench/torture/pauses.ts'
import { postgresAwayRun } from '../../bench/torture/postgres-away.ts'
import { redisFaultsRun } from '../../bench/torture/redis-faults.ts'
import { describeWith, serviceUrl } from '../support/services.ts'

const learned = inject('modelCache')
/** Several starts of the product, one after the other. */
const limitMs = 300_000
/** Absent, the nodes hear of each other's work by looking. */
const redisUrl = serviceUrl('redis')

describeWith('postgres', 'two nodes on PostgreSQL', (postgres) => {
  it(
    'answer in order while they are killed, with few workers, slow turns and sends that fail',
    async () => {
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const hard = { kills: 2, contacts: 8, messages: 8, seed: 7, workers: 8 }
        const trouble = { slow: 0.5, faulty: 0.1, passiveBudgetMs: 0, attempts: 40 }
        const result = await killRun({ ...hard, ...trouble, nodes: 2, databaseUrl, redisUrl, learned })
        expect(result.mostOpen).toBeGreaterThan(1)
        expect(result).toMatchObject({ kills: 2, lost: 0, inversions: 0 })
        expect(result.unmarked).toBe(0)
      })
    },
    limitMs,
  )

  it(
    'take a message once, whichever of them it is delivered to, and answer all its copies alike',
    async () => {
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const hard = { contacts: 5, messages: 6, seed: 7 }
        const result = await copiesRun({ ...hard, nodes: 2, databaseUrl, redisUrl, learned })
        expect(result.deliveries).toBeGreaterThan(result.acknowledged)
        expect(result).toMatchObject({ answered: 30, lost: 0, inversions: 0, repeats: 0, differing: 0 })
      })
    },
    limitMs,
  )

  it(
    'take over from one that sleeps, which changes nothing when it wakes',
    async () => {
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const result = await pausesRun({ pauses: 1, contacts: 4, databaseUrl, redisUrl, learned })
        expect(result.acknowledged).toBeGreaterThan(0)
        expect(result).toMatchObject({ lost: 0, inversions: 0 })
        expect(result.unmarked).toBe(0)
      })
    },
    limitMs,
  )

  it(
    'answer everything in order while the clock of one is minutes off and jumps',
    async () => {
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const hard = { contacts: 4, jumps: 3, workMs: 2_000, seed: 7 }
        const result = await clockSkewRun({ ...hard, databaseUrl, redisUrl, learned })
        expect(result.acknowledged).toBeGreaterThan(0)
        expect(result).toMatchObject({ lost: 0, inversions: 0 })
        expect(result.unmarked).toBe(0)
      })
    },
    limitMs,
  )

  it(
    'acknowledge nothing while the database is away, and go on when it is back',
    async () => {
      const result = await postgresAwayRun({ restarts: 1, awayMs: 3_000, contacts: 5, learned })
      expect(result.pushedMeanwhile).toBeGreaterThan(0)
      expect(result).toMatchObject({ acknowledgedMeanwhile: 0, lost: 0, inversions: 0 })
    },
    limitMs,
  )
})

describeWith('redis', 'two nodes without their Redis', () => {
  it(
    'lose nothing while it is stopped, emptied and held still',
    async ({ skip }) => {
      const postgres = serviceUrl('postgres')
      if (postgres === undefined) return skip('needs PostgreSQL')
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const result = await redisFaultsRun({
          ...{ contacts: 5, phaseMs: 2_000, recoveryMs: 2_000 },
          ...{ databaseUrl, learned },
        })
        expect(result).toMatchObject({ lost: 0, inversions: 0 })
      })
    },
    limitMs,
  )
})
