import { describe, expect, inject, it } from 'vitest'
import { withOwnDatabase } from '../../bench/own-database.ts'
import { providerFaultsRun } from '../../bench/torture/provider-faults.ts'
import { retryStormRun } from '../../bench/torture/retry-storm.ts'
import { tokenTakeoverRun } from '../../bench/torture/token-takeover.ts'
import { tokensRun } from '../../bench/torture/tokens.ts'
import { describeWith, serviceUrl } from '../support/services.ts'

const learned = inject('modelCache')
/** Several starts of the product, one after the other. */
const limitMs = 300_000
/** Absent, the nodes hear of each other's work by looking. */
const redisUrl = serviceUrl('redis')

describe('one node', () => {
  it(
    'fetches one token when the old one is over in the middle of many sends, and every answer arrives',
    async () => {
      const result = await tokensRun({ contacts: 20, messages: 5, expiries: 1, learned })
      expect(result).toMatchObject({ answered: 100, lost: 0, inversions: 0, repeats: 0, mostRefreshes: 1 })
    },
    limitMs,
  )

  it(
    'answers in the end however its provider fails, keeps the pause that was asked for, and answers elsewhere',
    async () => {
      const only = [
        'too many requests',
        'HTTP 500',
        'a broken connection',
        'half an answer',
        'no JSON',
        'busy',
      ]
      const result = await providerFaultsRun({ only, times: 1, beforeMs: 1_000, learned })
      expect(result).toMatchObject({ faults: only.length, unanswered: [], tooEarly: 0 })
      expect(result).toMatchObject({ givenUp: 0, alarming: 0 })
      expect(Object.values(result.repeats).reduce((sum, more) => sum + more, 0)).toBeLessThanOrEqual(
        result.marked,
      )
      expect(result.askedElsewhere).toBeGreaterThan(0)
      expect(result.answeredElsewhere).toBe(result.askedElsewhere)
    },
    limitMs,
  )

  it(
    'takes everything that is pushed three times while answers take long, and answers each once',
    async () => {
      const hard = { perSecond: 20, seconds: 3, thinkMs: 2_000, calmSeconds: 1 }
      const result = await retryStormRun({ ...hard, learned })
      expect(result.storm.pushes).toBeGreaterThan(result.storm.messages)
      expect(result.fresh.messages).toBeGreaterThan(0)
      expect(result).toMatchObject({ refused: 0, lost: 0, repeats: 0 })
    },
    limitMs,
  )
})

describeWith('postgres', 'two nodes', (postgres) => {
  it(
    'fetch one token when the old one is over in the middle of many sends, and every answer arrives',
    async ({ skip }) => {
      if (redisUrl === undefined) return skip('needs Redis')
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const hard = { contacts: 20, messages: 5, expiries: 1 }
        const result = await tokensRun({ ...hard, nodes: 2, databaseUrl, redisUrl, learned })
        expect(result).toMatchObject({ answered: 100, lost: 0, inversions: 0, repeats: 0, mostRefreshes: 1 })
      })
    },
    limitMs,
  )

  it(
    'fetch at most one more when the one that fetches dies, and every answer arrives',
    async ({ skip }) => {
      if (redisUrl === undefined) return skip('needs Redis')
      await withOwnDatabase(postgres, async (databaseUrl) => {
        const result = await tokenTakeoverRun({ contacts: 20, messages: 5, databaseUrl, redisUrl, learned })
        expect(result).toMatchObject({ lost: 0, inversions: 0, unmarked: 0 })
        expect(result.acknowledged).toBeGreaterThan(0)
        expect([1, 2]).toContain(result.refreshes)
      })
    },
    limitMs,
  )
})
