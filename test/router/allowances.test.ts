import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import type { Capabilities } from '../../src/core/capabilities.ts'
import type { InboundMessage } from '../../src/core/message.ts'
import { buildInbound } from '../support/builders.ts'
import { openTestEmbedded, type TestDatabase } from '../support/databases.ts'
import { outcomeOf, plainCapabilities, startLine } from '../support/journey.ts'

let test: TestDatabase
let line: Awaited<ReturnType<typeof startLine>>

beforeAll(async () => {
  test = await openTestEmbedded()
})
afterAll(() => test.dispose())
afterEach(() => line.stop())

const hour = 3_600_000
const capabilities: Capabilities = {
  ...plainCapabilities,
  allowances: {
    message: { count: 2, windowMs: hour },
    mention: { count: 1, windowMs: hour, reservedForAgents: 0 },
  },
  reservedForAgents: 1,
}

/** Every message is answered with its own words. */
const start = async () => {
  line = await startLine(test, {
    capabilities,
    turn: (claim) =>
      Promise.resolve(
        outcomeOf(
          claim,
          claim.pending
            .flatMap(({ parts }) => parts)
            .map((part) => (part.kind === 'text' ? part.text : ''))
            .join(''),
        ),
      ),
  })
  return line
}

const inbound = (contactKey: string, more: Partial<InboundMessage> & { text?: string }): InboundMessage =>
  buildInbound({ contactKey, ...more })

describe('what an action of the contact allows', () => {
  it('is the channel’s number less the reserve, or what the action reserves itself', async () => {
    const { accept, texts } = await start()
    await accept(inbound('contact-a', { text: '甲一', opens: 'mention' }))
    await accept(inbound('contact-b', { text: '乙一', opens: 'message' }))
    await expect.poll(() => [...texts()].sort()).toEqual(['乙一', '甲一'])
    // Opens nothing: the mention's one answer is given, and of two the other is a person's.
    await accept(inbound('contact-a', { text: '甲二' }))
    await accept(inbound('contact-b', { text: '乙二' }))
    await accept(inbound('contact-c', { text: '丙', opens: 'message' }))
    await expect.poll(texts).toContain('丙')
    expect(texts()).not.toContain('甲二')
    expect(texts()).not.toContain('乙二')
  })

  it('ends when the contact leaves, and begins again with the next action', async () => {
    const { accept, texts } = await start()
    await accept(inbound('contact-d', { text: '一', opens: 'message' }))
    await expect.poll(texts).toEqual(['一'])
    await accept(inbound('contact-d', { text: '二', closesAll: true }))
    await accept(inbound('contact-e', { text: '别人', opens: 'message' }))
    await expect.poll(texts).toContain('别人')
    expect(texts()).not.toContain('二')
    await accept(inbound('contact-d', { text: '三', opens: 'mention' }))
    await expect.poll(texts).toContain('二')
  })
})
