import { describe, expect, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import type { Claim } from '../../src/core/conversation.ts'
import { textOf, type Part } from '../../src/core/message.ts'
import { createTurn } from '../../src/router/index.ts'
import type { Classification } from '../../src/core/understanding.ts'
import { candidate, claimOf, classified, dialogueWith, event, text } from '../dialogue/builders.ts'
import { buildDraft, buildTicketDraft, noStandings } from '../support/builders.ts'

const clock = createMovableClock()
const turn = createTurn({
  dialogue: dialogueWith(),
  understand: (heard) => Promise.resolve(classified({ text: heard })),
  clock,
  nextTicketNumber: () => Promise.resolve(1_001),
  transcript: () => Promise.resolve([]),
  draftTicket: ({ number }) => buildTicketDraft(number),
  ...noStandings,
  compose: () => buildDraft(),
})

/** A person leads, and the ticket waits for the contact. */
const touches = async (parts: readonly Part[], over: Partial<Claim> = {}): Promise<boolean> => {
  const ticket = { id: 't', number: 1_001, state: 'pending' }
  return (await turn(claimOf([parts], { mode: 'human', ticket, ...over }))).touchesTicket
}

it('measures understanding apart from deciding', async () => {
  const slow = createTurn({
    dialogue: dialogueWith(),
    understand: async (heard) => {
      await new Promise((resolve) => setTimeout(resolve, 60))
      return classified({ text: heard })
    },
    clock,
    nextTicketNumber: () => Promise.resolve(1_001),
    transcript: () => Promise.resolve([]),
    draftTicket: ({ number }) => buildTicketDraft(number),
    ...noStandings,
    compose: () => buildDraft(),
  })
  const startedAt = performance.now()
  const { times } = await slow(claimOf([[text('大会员')], [text('怎么退款')]], { fence: 7 }))
  const tookMs = performance.now() - startedAt
  expect(times).toMatchObject({ turn: 7, pieces: 2 })
  const { understoodMs = 0, decidedMs = 0 } = times ?? {}
  expect(understoodMs).toBeGreaterThanOrEqual(55)
  // Counted twice, understanding would make the parts longer than the whole.
  expect(understoodMs + decidedMs).toBeLessThan(tookMs + 1)
})

describe('a ticket that waits for its contact', () => {
  it.each(['opened', 'subscribed', 'unsubscribed', 'scanned', 'menu', 'edited', 'other'])(
    'is not disturbed by the event %s',
    async (name) => {
      expect(await touches([event(name)])).toBe(false)
    },
  )

  it.each<[string, readonly Part[]]>([
    ['words', [text('在吗')]],
    ['a picture', [{ kind: 'image', media: { mediaId: 'm' } }]],
    ['a file', [{ kind: 'file', media: { mediaId: 'm' }, name: '凭证.pdf' }]],
    ['something we cannot read', [{ kind: 'unsupported', type: 'card', raw: {} }]],
    ['an answer that was pressed', [event('choice', 'yes')]],
    ['a mail with its facts', [text('补充'), event('mail', '主题')]],
  ])('is looked at again after %s', async (_what, parts) => {
    expect(await touches(parts)).toBe(true)
  })
})

describe('news of suggestions', () => {
  const news = { noticeId: 'n1', parts: [text('你提的建议上线了')] }
  const tell = async (over: Partial<Classification>, claim: Partial<Claim> = {}) => {
    const telling = createTurn({
      dialogue: dialogueWith(),
      understand: (heard) => Promise.resolve(classified({ text: heard, ...over })),
      clock,
      nextTicketNumber: () => Promise.resolve(1_001),
      transcript: () => Promise.resolve([]),
      draftTicket: ({ number }) => buildTicketDraft(number),
      ...noStandings,
      news: () => Promise.resolve([news]),
      compose: (_inboxId, parts) => buildDraft(textOf(parts)),
    })
    const { outbound, tellsNotices } = await telling(claimOf([[text('怎么退款')]], claim))
    return { said: outbound.map(({ parts }) => textOf(parts)), tellsNotices }
  }
  const answered = { candidates: [candidate('vip-refund-apply', 0.9)] }

  it('stand above the next answer, in the same message', async () => {
    const { said, tellsNotices } = await tell(answered)
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/^你提的建议上线了\n[^]*的答案/)
    expect(tellsNotices).toEqual(['n1'])
  })

  it.each<[string, Partial<Classification>, Partial<Claim>]>([
    ['a person is called', { asksForPerson: true }, {}],
    ['a person leads', answered, { mode: 'human' }],
    ['the contact is angry', { ...answered, emotion: 'angry', emotionStrength: 1 }, {}],
    ['the matter presses', { ...answered, urgency: 'high' }, {}],
  ])('wait while %s', async (_why, over, claim) => {
    const { said, tellsNotices } = await tell(over, claim)
    expect(said.join('\n')).not.toContain('上线了')
    expect(tellsNotices).toBeUndefined()
  })
})
