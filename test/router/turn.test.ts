import { describe, expect, it } from 'vitest'
import { createMovableClock } from '../../src/core/clock.ts'
import type { Claim } from '../../src/core/conversation.ts'
import type { Part } from '../../src/core/message.ts'
import { createTurn } from '../../src/router/index.ts'
import { claimOf, classified, dialogueWith, event, text } from '../dialogue/builders.ts'
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
