import { describe, expect, inject, it } from 'vitest'
import { withOwnDatabase } from '../../bench/own-database.ts'
import { reconnectsRun } from '../../bench/torture/reconnects.ts'
import { describeWith, serviceUrl } from '../support/services.ts'

const learned = inject('modelCache')
/** Several starts of the product, one after the other. */
const limitMs = 300_000
const hard = { visitors: 6, desks: 2, cuts: 2, restarts: 1 }

describe('pages whose connections break, while the server is restarted', () => {
  it(
    'miss nothing and are told nothing twice',
    async () => {
      const result = await reconnectsRun({ ...hard, learned })
      expect(result.taken).toBeGreaterThan(0)
      expect(result).toMatchObject({ gaps: 0, doubles: 0, behind: 0 })
    },
    limitMs,
  )
})

describeWith('postgres', 'pages whose connections break, while one of two nodes is restarted', (postgres) => {
  it(
    'miss nothing and are told nothing twice',
    async () => {
      await withOwnDatabase(postgres, async (databaseUrl) => {
        // Absent, the nodes hear of each other's work by looking.
        const redisUrl = serviceUrl('redis')
        const result = await reconnectsRun({ ...hard, nodes: 2, databaseUrl, redisUrl, learned })
        expect(result.taken).toBeGreaterThan(0)
        expect(result).toMatchObject({ gaps: 0, doubles: 0, behind: 0 })
      })
    },
    limitMs,
  )
})
