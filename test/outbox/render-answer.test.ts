import { describe, expect, it } from 'vitest'
import type { Capabilities } from '../../src/core/capabilities.ts'
import type { Part } from '../../src/core/message.ts'
import { renderAnswer } from '../../src/outbox/index.ts'

const channel = (over: Partial<Capabilities> = {}): Capabilities => ({
  text: { max: 2_000, unit: 'characters', markup: 'plain' },
  parts: ['text', 'image'],
  choices: { style: 'numbered', max: 8 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: true,
  sendsPerSecond: 10,
  ...over,
})
const window = { windowMs: 1_000 }
const telegram = channel()
/** Like WeChat: a press of the menu opens three messages, one of them for a person. */
const counted = channel({
  allowances: {
    message: { count: 5, ...window },
    click: { count: 3, ...window },
    hello: { count: 1, ...window },
  },
  reservedForAgents: 1,
})

const text = (words: string): Part => ({ kind: 'text', text: words, format: 'markdown' })
const picture = (name: string): Part => ({
  kind: 'image',
  alt: name,
  media: { mediaId: name, contentType: 'image/png', bytes: 1_000 },
})
const linkTo = ({ mediaId = '' }: { readonly mediaId?: string }): string =>
  `https://us.example/media/${mediaId}`
const link = (name: string): string => `[图片] ${name}（https://us.example/media/${name}）`
const say = (parts: readonly Part[], capabilities: Capabilities): readonly string[] =>
  renderAnswer(parts, capabilities, linkTo).map((part) => {
    if (part.kind === 'text') return part.text
    return part.kind === 'image' ? `(${part.alt ?? ''})` : `(${part.kind})`
  })

const answer = [text('一'), picture('甲'), text('二'), picture('乙'), text('三')]

describe('an answer with pictures', () => {
  it('goes in the order it was written where nobody counts', () => {
    expect(say(answer, telegram)).toEqual(['一', '(甲)', '二', '(乙)', '三'])
  })

  it('has its words first where messages are counted, and links for what is over the count', () => {
    expect(say(answer, counted)).toEqual([`一\n\n二\n\n${link('乙')}\n\n三`, '(甲)'])
    expect(say([text('一'), picture('甲'), text('二')], counted)).toEqual(['一\n\n二', '(甲)'])
    expect(say([picture('甲'), text('一')], counted)).toEqual(['一', '(甲)'])
  })

  it('takes no more messages than the smallest allowance leaves the bot, words above all', () => {
    const long = text(`${'字'.repeat(1_500)}。${'字'.repeat(1_500)}。`)
    const said = say([long, picture('甲')], counted)
    expect(said).toHaveLength(2)
    expect(said.join('')).toContain('media/甲')
    expect(said.join('').match(/字/g)).toHaveLength(3_000)
  })

  it('becomes links where only one message rides on a request', () => {
    expect(say([text('一'), picture('甲'), text('二')], channel({ passiveOnly: true }))).toEqual([
      `一\n\n${link('甲')}\n\n二`,
    ])
  })

  it('becomes links where the channel shows no pictures, or not this kind', () => {
    expect(say([text('一'), picture('甲')], channel({ parts: ['text'] }))).toEqual([`一\n\n${link('甲')}`])
    const gifs = { image: { contentTypes: ['image/gif'], maxBytes: 9_999 } }
    expect(say([text('一'), picture('甲')], channel({ files: gifs }))).toEqual([`一\n\n${link('甲')}`])
  })

  it('loses its links before a word is cut', () => {
    const narrow = channel({ parts: ['text'], text: { max: 60, unit: 'characters', markup: 'plain' } })
    const words = `${'字'.repeat(50)}。${'词'.repeat(50)}。${'句'.repeat(50)}。`
    expect(say([text(words), picture('甲')], narrow)).toEqual([
      `${'字'.repeat(50)}。`,
      `${'词'.repeat(50)}。`,
      `${'句'.repeat(50)}。`,
    ])
  })

  it('is one text with the pictures between its words where the channel’s texts hold them', () => {
    const mail = channel({ text: { ...telegram.text, pictures: { maxBytes: 5_000 } } })
    expect(renderAnswer(answer, mail, linkTo)).toEqual([
      {
        kind: 'text',
        text: '一\n\n二\n\n三',
        pictures: [
          { after: 1, alt: '甲', media: { mediaId: '甲', contentType: 'image/png', bytes: 1_000 } },
          { after: 4, alt: '乙', media: { mediaId: '乙', contentType: 'image/png', bytes: 1_000 } },
        ],
      },
    ])
    const small = channel({ text: { ...telegram.text, pictures: { maxBytes: 1_500 } } })
    expect(say(answer, small)).toEqual([`一\n\n${link('甲')}\n\n二\n\n${link('乙')}\n\n三`])
  })

  it('without pictures is rendered as any message', () => {
    expect(say([text('一'), text('二')], counted)).toEqual(['一\n\n二'])
  })
})
