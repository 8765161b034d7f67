import { describe, expect, it } from 'vitest'
import type { Campaign, CampaignLook } from '../../src/core/campaign.ts'
import { createMovableClock } from '../../src/core/clock.ts'
import { TongdaError } from '../../src/core/errors.ts'
import { createCampaignRunner } from '../../src/surveys/index.ts'
import { surveysConfig } from '../../src/surveys/config.ts'
import { buildDraft } from '../support/builders.ts'
import { plainCapabilities } from '../support/journey.ts'

const hourMs = 3_600_000
const never = new AbortController().signal
// 20:50 in Shanghai.
const evening = new Date('2026-11-27T12:50:00Z')
const campaignOf = (id: string, over: Partial<Campaign> = {}): Campaign => ({
  ...{
    id,
    title: id,
    question: { type: 'nps', wording: { zh: '会推荐吗？' } },
    audience: {},
    state: 'running',
  },
  ...{ startsAt: new Date(0), endsAt: new Date('2027-01-01T00:00:00Z'), share: 1, mostADay: 100 },
  ...{ createdAt: new Date(0), version: 3, ...over },
})

/** A runner over a book that finds three conversations; each invitation takes a while. */
const runnerOf = (
  campaigns: readonly Campaign[],
  over: { readonly tookMs?: number; readonly timeZone?: string; readonly end?: () => Promise<unknown> } = {},
) => {
  const clock = createMovableClock({ now: () => evening })
  const looks: CampaignLook[] = []
  const invited: string[] = []
  const errors: string[] = []
  const run = createCampaignRunner({
    book: {
      running: () => Promise.resolve(campaigns),
      size: () => Promise.resolve(0),
      audience: () => Promise.resolve([]),
      release: () => Promise.resolve([]),
      candidates: (id, look) => {
        looks.push(look)
        if (id === 'broken') return Promise.reject(new Error('broken'))
        return Promise.resolve(['one', 'two', 'three'])
      },
      invite: ({ campaignId, conversationId }) => {
        invited.push(`${campaignId} ${conversationId}`)
        clock.advance(over.tookMs ?? 0)
        return Promise.resolve('invited')
      },
    },
    ...{ config: surveysConfig.parse({}), clock, timeZone: over.timeZone ?? 'Asia/Shanghai' },
    capabilitiesOf: (id) =>
      id === 'window'
        ? { ...plainCapabilities, replyWindowMs: hourMs }
        : { ...plainCapabilities, passiveOnly: id === 'passive' },
    inboxIds: () => ['plain', 'window', 'passive'],
    end: over.end ?? (() => Promise.resolve()),
    compose: () => buildDraft('x'),
    onAsked: () => undefined,
    onError: (_error, id) => void errors.push(id),
  })
  return { clock, looks, invited, errors, run: () => run(never) }
}

describe('running campaigns', () => {
  it('stops at the end of the hours, in the middle of a look too', async () => {
    const runner = runnerOf([campaignOf('a')], { tookMs: 4 * 60_000 })
    expect(await runner.run()).toBe(3)
    const slow = runnerOf([campaignOf('a')], { tookMs: 6 * 60_000 })
    expect(await slow.run()).toBe(2)
  })

  it('keeps to the hours and the day of the brand, wherever the machine stands', async () => {
    expect(await runnerOf([campaignOf('a')], { timeZone: 'Asia/Tokyo' }).run()).toBe(0)
    const west = runnerOf([campaignOf('a')], { timeZone: 'America/New_York' })
    expect(await west.run()).toBe(0)
    west.clock.advance(2 * hourMs)
    expect(await west.run()).toBe(3)
    expect(west.looks[0]?.dayStart).toEqual(new Date('2026-11-27T05:00:00Z'))
  })

  it('looks at inboxes that can be written to, and at those who wrote within their window', async () => {
    const { looks, run } = runnerOf([campaignOf('a')])
    await run()
    expect(looks[0]?.inboxes).toEqual([
      { inboxId: 'plain' },
      { inboxId: 'window', wroteAfter: new Date(evening.getTime() - hourMs) },
    ])
  })

  it('goes on with the next one when one cannot be looked after', async () => {
    const { errors, invited, run } = runnerOf([campaignOf('broken'), campaignOf('b')])
    expect(await run()).toBe(3)
    expect([errors, invited[0]]).toEqual([['broken'], 'b one'])
  })

  it('lets one go on that was given more time meanwhile', async () => {
    const over = campaignOf('a', { endsAt: new Date(0) })
    const { errors, invited, run } = runnerOf([over, campaignOf('b')], {
      end: () => Promise.reject(new TongdaError('conflict', 'this was changed meanwhile')),
    })
    expect(await run()).toBe(3)
    expect([errors, invited[0]]).toEqual([[], 'b one'])
  })
})
