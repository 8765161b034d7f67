import { describe, expect, it } from 'vitest'
import type { LowScore, Review } from '../../src/core/survey.ts'
import { createReviewer } from '../../src/surveys/index.ts'

const now = new Date('2026-11-27T12:00:00Z')
const lowOf = (invitationId: string): LowScore => ({
  ...{ invitationId, version: 1, score: 1, ticketNumber: 7, topic: 'vip', channel: 'web' },
})

describe('looking after low scores', () => {
  it('settles the others when one of them fails, and says so', async () => {
    const settled: string[] = []
    const told: string[] = []
    const settle = ({ of: { invitationId } }: Review): Promise<readonly string[]> => {
      if (invitationId === 'broken') return Promise.reject(new Error('the ticket is gone'))
      settled.push(invitationId)
      return Promise.resolve([`of ${invitationId}`])
    }
    const review = createReviewer({
      reviews: { due: () => Promise.resolve(['one', 'broken', 'two'].map(lowOf)), settle },
      clock: { now: () => now },
      promise: () => ({ firstReplyDueAt: now, resolutionDueAt: now }),
      describe: () => ({ summary: '低分', reason: '1/5' }),
      publish: (ticketId) => void told.push(ticketId),
    })
    await expect(review(new AbortController().signal)).rejects.toThrow('1 low scores could not be looked at')
    expect([settled, told]).toEqual([
      ['one', 'two'],
      ['of one', 'of two'],
    ])
  })
})
