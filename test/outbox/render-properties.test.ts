import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { Capabilities } from '../../src/core/capabilities.ts'
import { textOf, type Part } from '../../src/core/message.ts'
import { render } from '../../src/outbox/render.ts'
import { maxPieces } from '../../src/outbox/split.ts'

const unit = fc.constantFrom('bytes', 'characters')
const markup = fc.constantFrom('plain', 'links', 'styles')
const capabilities = (least: number): fc.Arbitrary<Capabilities> =>
  fc.record({
    text: fc.record({ max: fc.integer({ min: least, max: 400 }), unit, markup }),
    parts: fc.constantFrom<Capabilities['parts'][]>(['text'], ['text', 'choices', 'link', 'image']),
    choices: fc.record({
      style: fc.constantFrom('buttons', 'menu', 'numbered'),
      max: fc.integer({ min: 0, max: 6 }),
    }),
    allowances: fc.constant({}),
    reservedForAgents: fc.constant(0),
    passiveOnly: fc.constant(false),
    typing: fc.constant(true),
    sendsPerSecond: fc.constant(1),
  })

const plainChannel: Capabilities = {
  text: { max: 400, unit: 'characters', markup: 'plain' },
  parts: ['text'],
  choices: { style: 'numbered', max: 6 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: true,
  sendsPerSecond: 1,
}

const pieceOfText = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'grapheme', maxLength: 30 }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom(
      '怎么退款。',
      '好的！',
      '\n',
      '\n\n',
      ' ',
      'a. ',
      '……',
      '<a href="',
      '</a>',
      '```',
    ),
  },
  fc.constantFrom('👨‍👩‍👧‍👦', '🇨🇳', '❤️', '[帮助](https://help.example/a)', '1. ', '- ', '> '),
  fc.string({ unit: 'binary', maxLength: 10 }),
)
const words = fc.array(pieceOfText, { maxLength: 80, size: 'max' }).map((pieces) => pieces.join(''))
const choice = fc.record({
  id: fc.string({ minLength: 1, maxLength: 8 }),
  label: fc.string({ minLength: 1, maxLength: 20 }),
})
const part: fc.Arbitrary<Part> = fc.oneof(
  fc.record({
    kind: fc.constant('text' as const),
    text: words,
    format: fc.constantFrom('plain' as const, 'markdown' as const),
  }),
  fc.record({
    kind: fc.constant('choices' as const),
    prompt: words,
    choices: fc.array(choice, { maxLength: 6 }),
  }),
  fc.record({ kind: fc.constant('link' as const), url: fc.oneof(fc.webUrl(), words), title: words }),
  fc.record({ kind: fc.constant('image' as const), media: fc.constant({}), url: fc.webUrl(), alt: words }),
)

const size = (text: string, { text: { unit: by } }: Capabilities): number =>
  by === 'bytes' ? Buffer.byteLength(text) : text.length
const bare = (text: string): string => text.replace(/\s/g, '')

describe('every rendered message', () => {
  it('is within the limit and never empty, whatever was to be said', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 5 }), capabilities(30), (parts, channel) => {
        for (const sent of render(parts, channel)) {
          if (sent.kind !== 'text' && sent.kind !== 'choices') continue
          const shown = textOf([sent])
          expect(size(shown, channel)).toBeLessThanOrEqual(channel.text.max)
          if (sent.kind === 'text') expect(shown.trim()).not.toBe('')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('loses nothing but white space at its breaks, unless it says that it was cut', () => {
    fc.assert(
      fc.property(words, capabilities(40), (said, channel) => {
        const pieces = render([{ kind: 'text', text: said }], channel).map((sent) => textOf([sent]))
        const whole = bare(channel.text.markup !== 'plain' ? said.replaceAll('<', '＜') : said)
        expect(pieces.length).toBeLessThanOrEqual(maxPieces)
        const joined = bare(pieces.join(''))
        if (joined !== whole) {
          expect(pieces).toHaveLength(maxPieces)
          const kept = joined.replace(/（内容较长.*）$|\(Thisistoolong.*\)$|……$/, '')
          expect(whole.startsWith(kept)).toBe(true)
          expect(kept.length).toBeLessThan(joined.length)
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('closes every style that it opens, in each piece, and opens no other', () => {
    const styled = fc
      .array(
        fc.oneof(
          words,
          fc.constantFrom('**粗**', '*斜。*', '`码`', '**粗*斜*粗**', '# 标题\n', '```\n码\n```\n', '**'),
        ),
        { maxLength: 40 },
      )
      .map((pieces) => pieces.join(''))
    fc.assert(
      fc.property(styled, fc.integer({ min: 30, max: 600 }), (text, max) => {
        const limits = { max, unit: 'characters', markup: 'styles' } as const
        const channel = { ...plainChannel, text: limits }
        for (const sent of render([{ kind: 'text', format: 'markdown', text }], channel)) {
          const shown = textOf([sent])
          expect(shown.length).toBeLessThanOrEqual(max)
          const open: string[] = []
          for (const [, slash, name = ''] of shown.matchAll(/<(\/?)([a-z]+)[^<>]*>/g))
            if (slash === '') open.push(name)
            else expect(open.pop()).toBe(name)
          expect(open).toEqual([])
          expect(shown.replace(/<a href="[^"<>]*">|<\/a>|<\/?(?:b|i|code|pre)>/g, '')).not.toContain('<')
        }
      }),
      { numRuns: 1000 },
    )
  })

  it('breaks between whole characters, as a reader sees them', () => {
    const segmenter = new Intl.Segmenter('zh', { granularity: 'grapheme' })
    const emoji = fc.array(fc.constantFrom('👨‍👩‍👧‍👦', '🇨🇳', '❤️', 'e\u0301', '👍🏽', '𠮷', '字'), {
      minLength: 20,
      maxLength: 80,
    })
    fc.assert(
      fc.property(emoji, capabilities(60), (clusters, channel) => {
        const pieces = render([{ kind: 'text', text: clusters.join('') }], channel).map((sent) =>
          textOf([sent]),
        )
        let rest = [...segmenter.segment(clusters.join(''))].map(({ segment }) => segment)
        for (const piece of pieces.slice(0, -1)) {
          const parts = [...segmenter.segment(piece)].map(({ segment }) => segment)
          expect(parts).toEqual(rest.slice(0, parts.length))
          rest = rest.slice(parts.length)
        }
      }),
    )
  })

  it('is the same for the same input', () => {
    fc.assert(
      fc.property(fc.array(part, { maxLength: 4 }), capabilities(30), (parts, channel) => {
        expect(render(parts, channel)).toEqual(render(parts, channel))
      }),
      { numRuns: 50 },
    )
  })
})
