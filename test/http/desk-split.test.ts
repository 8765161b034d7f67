import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { textOf } from '../../src/core/message.ts'
import { maxPieces, render } from '../../src/outbox/index.ts'

interface Split {
  readonly pieces: readonly string[]
  readonly cut: boolean
}
// By its address: what is for browsers is checked with their types, not with ours.
const { splitText } = (await import(new URL('../../desk/app/compose/split.ts', import.meta.url).href)) as {
  splitText: (text: string, limits: Capabilities['text'] & { maxMessages: number }) => Split
}

const capabilitiesWith = (text: Capabilities['text']): Capabilities => ({
  text,
  parts: ['text'],
  choices: { style: 'numbered', max: 1 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: false,
  sendsPerSecond: 1,
})

const words = fc.constantFrom(
  '您好',
  '。',
  '，',
  ' ',
  '\n',
  '\n\n',
  '\r\n',
  'Hello',
  '. ',
  '1. ',
  '<b',
  '👨‍👩‍👧',
  '！',
  '”',
  'e\u0301',
)
const limit: fc.Arbitrary<Capabilities['text']> = fc.record({
  max: fc.integer({ min: 12, max: 80 }),
  unit: fc.constantFrom('bytes', 'characters'),
  markup: fc.constantFrom('plain', 'links'),
})

describe("the desk's counter", () => {
  it('splits a typed text as the server will', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 120 }), limit, (typed, text) => {
        const typedText = typed.join('')
        const sent = render([{ kind: 'text', text: typedText.trim() }], capabilitiesWith(text))
        const { pieces, cut } = splitText(typedText, { ...text, maxMessages: maxPieces })
        const said = sent.map((part) => textOf([part]))
        // Where the end is cut, the last message says so instead.
        expect(cut ? pieces.slice(0, -1) : pieces).toEqual(cut ? said.slice(0, -1) : said)
      }),
      { numRuns: 500 },
    )
  })
})
