import { describe, expect, it } from 'vitest'
import { silentLog } from '../../src/core/log.ts'
import { createQueueNews, queuesConfig } from '../../src/queues/index.ts'

const now = new Date('2026-11-24T02:00:00Z')
const arriving = {
  conversationId: 'c',
  kind: 'question',
  topic: 'vip-refund',
  priority: 'normal',
  firstReplyDueAt: now,
} as const
const news = (config: object, fail = false) => {
  const answer = <Found>(found: Found): Promise<Found> =>
    fail ? Promise.reject(new Error('the database is away')) : Promise.resolve(found)
  return createQueueNews({
    outlook: {
      ahead: () => answer({ position: 2 }),
      places: () => answer(new Map([['t', { position: 1 }]])),
    },
    config: queuesConfig.parse(config),
    log: silentLog,
  })
}

describe('what contacts are told of the queue', () => {
  it('is their place', async () => {
    expect(await news({}).ahead(arriving, now)).toEqual({ position: 2 })
    expect(await news({}).places(['t'], now)).toEqual(new Map([['t', { position: 1 }]]))
  })

  it('is nothing where people take tickets by hand, or while it cannot be read', async () => {
    for (const silent of [news({ assign: false }), news({}, true)]) {
      expect(await silent.ahead(arriving, now)).toBeUndefined()
      expect(await silent.places(['t'], now)).toEqual(new Map())
    }
  })
})
