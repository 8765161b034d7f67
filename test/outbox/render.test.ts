import { describe, expect, it } from 'vitest'
import type { Capabilities } from '../../src/core/capabilities.ts'
import type { Part } from '../../src/core/message.ts'
import { render } from '../../src/outbox/render.ts'

const channel = (over: Partial<Capabilities> = {}): Capabilities => ({
  text: { max: 4_000, unit: 'characters', markup: 'plain' },
  parts: ['text', 'choices', 'link'],
  choices: { style: 'buttons', max: 8 },
  allowances: {},
  reservedForAgents: 0,
  passiveOnly: false,
  typing: true,
  sendsPerSecond: 10,
  ...over,
})
const web = channel()
const wechat = channel({
  text: { max: 2_000, unit: 'bytes', markup: 'links' },
  parts: ['text', 'link', 'image'],
  choices: { style: 'numbered', max: 10 },
})
const limited = (max: number, markup: Capabilities['text']['markup'] = 'plain'): Capabilities =>
  channel({ text: { max, unit: 'characters', markup }, choices: { style: 'numbered', max: 10 } })

const say = (parts: readonly Part[], capabilities: Capabilities): readonly string[] =>
  render(parts, capabilities).map((part) => (part.kind === 'text' ? part.text : `(${part.kind})`))
const markdown = (text: string): Part => ({ kind: 'text', text, format: 'markdown' })
const text = (words: string): Part => ({ kind: 'text', text: words })

describe('markdown becomes text', () => {
  const cases: readonly (readonly [string, string, string])[] = [
    [
      'numbered list below its line',
      '这样做：\n1. 打开 **我的**\n2. 点 `设置`',
      '这样做：\n1. 打开 我的\n2. 点 设置',
    ],
    ['bulleted list', '- 甲\n- 乙\n\n然后结束', '• 甲\n• 乙\n\n然后结束'],
    ['a list that starts at 3', '3. 三\n4. 四', '3. 三\n4. 四'],
    ['nested lists', '- 甲\n  1. 子一\n  2. 子二\n- 乙', '• 甲\n  1. 子一\n  2. 子二\n• 乙'],
    ['a second paragraph in an item', '1. 甲\n\n   再说\n2. 乙', '1. 甲\n  再说\n2. 乙'],
    ['headings, quotes and code', '# 题\n\n> 引\n\n```\na < b\n```', '题\n\n引\n\na < b'],
    ['two paragraphs', '一\n二\n\n三', '一\n二\n\n三'],
    ['HTML stays words', '<b>粗</b>', '<b>粗</b>'],
  ]
  it.each(cases)('%s', (_name, source, shown) => expect(say([markdown(source)], web)).toEqual([shown]))

  it('writes links with their address in plain text', () => {
    expect(say([markdown('看[帮助](https://help.example/a)，或写 [邮件](mailto:a@b.cn)')], web)).toEqual([
      '看帮助（https://help.example/a），或写 邮件（a@b.cn）',
    ])
    expect(say([markdown('<https://help.example/a>')], web)).toEqual(['https://help.example/a'])
  })

  it('writes links as the one tag where the channel knows it', () => {
    expect(say([markdown('看[帮**助**](https://help.example/?a="b")')], wechat)).toEqual([
      '看<a href="https://help.example/?a=%22b%22">帮助</a>',
    ])
  })

  it('shows an image as a link', () => {
    expect(say([markdown('![步骤图](https://img.example/1.png)')], web)).toEqual([
      '步骤图（https://img.example/1.png）',
    ])
  })

  it.each(['javascript:alert(1)', 'weixin://x', 'data:text/html,x', 'file:///etc/passwd', '//evil.example'])(
    'leaves out the address %s',
    (url) => {
      for (const capabilities of [web, wechat]) {
        const shown = say([markdown(`[点我](${url})`)], capabilities).join('')
        expect(shown).toContain('点我')
        expect(shown).not.toContain('<a')
        expect(say([{ kind: 'link', url, title: '点我' }], capabilities)).toEqual(['点我'])
      }
    },
  )

  it('leaves no tag of the writer where tags are read', () => {
    const attack = '<a href="https://evil.example">领奖</a><script>'
    for (const part of [text(attack), markdown(attack), markdown('<**a** href="x">')])
      expect(say([part], wechat).join('')).not.toMatch(/<[a-z/]/i)
    expect(say([text(attack)], web)).toEqual([attack])
    expect(say([markdown('[<b>](https://a.cn/<x>)')], wechat).join('')).not.toMatch(
      /<(?!a href="https:|\/a>)/,
    )
  })

  // What grew faster than its input would not end within the test's time.
  it('reads deep nesting and long input, and shows what is too long as it stands', () => {
    for (const source of ['> '.repeat(8_000), '- '.repeat(8_000), '['.repeat(16_000), '*a_ '.repeat(4_000)])
      render([markdown(source)], web)
    expect(say([markdown(`**${'长'.repeat(17_000)}**`)], web)[0]).toMatch(/^\*\*长/)
  })
})

describe('one message', () => {
  it('joins texts with a blank line and leaves out what says nothing', () => {
    expect(
      say([text('一'), text('  '), markdown('**二**'), { kind: 'event', name: 'x' }, text('三')], web),
    ).toEqual(['一\n\n二\n\n三'])
    expect(render([], web)).toEqual([])
    expect(render([text(' \n ')], web)).toEqual([])
  })

  it('keeps the order of texts around a part that stands alone', () => {
    const link: Part = { kind: 'link', url: 'https://a.cn/', title: '题' }
    expect(say([text('前'), link, text('后')], web)).toEqual(['前', '(link)', '后'])
  })
})

describe('choices', () => {
  const choices: Part = {
    kind: 'choices',
    prompt: '你想问的是？',
    choices: [
      { id: 'a', label: '退款' },
      { id: 'b', label: '找人工' },
    ],
  }

  it('stay choices where there are buttons', () => expect(render([choices], web)).toEqual([choices]))

  it('become a numbered list joined with the text before them elsewhere', () => {
    expect(say([text('你好'), choices], wechat)).toEqual([
      '你好\n\n你想问的是？\n1. 退款\n2. 找人工\n回复数字选择',
    ])
    const few = channel({ choices: { style: 'buttons', max: 1 } })
    expect(say([choices], few)[0]).toContain('1. 退款')
    expect(say([choices], channel({ parts: ['text'] }))[0]).toContain('2. 找人工')
  })

  it('ask for a number in the language of the question', () => {
    const english: Part = {
      kind: 'choices',
      prompt: 'Which?',
      choices: [{ id: 'a', label: 'Refund' }],
      footer: 'Thanks',
    }
    expect(say([english], wechat)).toEqual(['Which?\n1. Refund\nThanks\nReply with a number to choose'])
  })

  it('let a prompt without room go ahead as text, the options stay with its end', () => {
    const long: Part = { ...choices, prompt: '这是一句话。'.repeat(30) }
    const parts = render([long], channel({ text: { max: 120, unit: 'characters', markup: 'plain' } }))
    expect(parts.slice(0, -1).every((part) => part.kind === 'text')).toBe(true)
    const last = parts.at(-1)
    expect(last).toMatchObject({ kind: 'choices', choices: choices.choices })
    expect(last?.kind === 'choices' && last.prompt.length).toBeGreaterThan(0)
    expect(last?.kind === 'choices' && last.prompt.length).toBeLessThan(120)
  })

  it('carry no tag of an article where tags are read', () => {
    const tagged: Part = { kind: 'choices', prompt: '<a href=x>', choices: [{ id: 'a', label: '<b>' }] }
    const menu = channel({ ...wechat, parts: ['text', 'choices'], choices: { style: 'menu', max: 10 } })
    expect(render([tagged], menu)).toEqual([
      { kind: 'choices', prompt: '＜a href=x>', choices: [{ id: 'a', label: '＜b>' }] },
    ])
  })
})

describe('parts a channel cannot show', () => {
  const cases: readonly (readonly [Part, RegExp])[] = [
    [{ kind: 'image', media: {}, url: 'https://a.cn/1.png', alt: '截图' }, /截图（https:\/\/a.cn\/1.png）/],
    [{ kind: 'image', media: { mediaId: 'm' } }, /图片/],
    [{ kind: 'audio', media: {}, transcript: { text: '你好', source: 'wechat' } }, /语音.*你好/],
    [{ kind: 'video', media: {} }, /视频/],
    [{ kind: 'file', media: {}, name: '合同.pdf' }, /合同\.pdf/],
    [{ kind: 'location', latitude: 31.23, longitude: 121.47, label: '人民广场' }, /人民广场.*31\.23/],
    [{ kind: 'sticker', name: '比心' }, /比心/],
    [
      { kind: 'link', url: 'https://a.cn/', title: '题', description: '说明' },
      /题（https:\/\/a.cn\/）\n说明/,
    ],
  ]
  it.each(cases)('are said in words: %j', (part, words) => {
    const [shown, ...more] = say([part], channel({ parts: ['text'] }))
    expect(shown).toMatch(words)
    expect(more).toEqual([])
  })

  it('are sent as they are where the channel can', () => {
    const image: Part = { kind: 'image', media: { mediaId: 'm' } }
    expect(render([image], wechat)).toEqual([image])
    expect(say([{ kind: 'image', media: {}, url: 'https://a.cn/1.png' }], wechat)[0]).toContain('<a href=')
  })
})

describe('long text', () => {
  it('breaks at paragraphs first, then at sentences', () => {
    const paragraph = `${'甲'.repeat(30)}。${'乙'.repeat(20)}`
    expect(say([text(`${paragraph}\n\n${paragraph}`)], limited(80))).toEqual([paragraph, paragraph])
    const sentences = `${'甲'.repeat(30)}！」${'乙'.repeat(30)}……${'丙'.repeat(30)}`
    expect(say([text(sentences)], limited(70))).toEqual([
      `${'甲'.repeat(30)}！」${'乙'.repeat(30)}……`,
      '丙'.repeat(30),
    ])
  })

  it('breaks English between words and not after a list number', () => {
    const [first] = say([text('1. Open the page and choose the settings that you want')], limited(30))
    expect(first).toBe('1. Open the page and choose')
  })

  it('never cuts an emoji family, a flag, a variation or an accent', () => {
    for (const cluster of ['👨‍👩‍👧‍👦', '🇨🇳', '❤️', 'e\u0301', '👍🏽', '𠮷']) {
      const pieces = say([text(`啊${cluster.repeat(40)}`)], limited(60))
      for (const piece of pieces.slice(0, -1))
        expect(piece.replace('啊', '').replaceAll(cluster, '')).toBe('')
    }
  })

  it('never cuts a link, and shows one that is longer than a message as text', () => {
    const body = Array.from(
      { length: 12 },
      (_, place) => `[标签${place}](https://help.example/${place})`,
    ).join('、')
    const pieces = say([markdown(body)], limited(160, 'links'))
    expect(pieces.length).toBeGreaterThan(1)
    for (const piece of pieces) expect(piece.replace(/<a href="[^"<>]*">[^<]*<\/a>/g, '')).not.toMatch(/[<>]/)
    const endless = say([markdown(`[长](https://help.example/${'a'.repeat(200)})`)], limited(160, 'links'))
    expect(endless.join('')).toBe(`长（https://help.example/${'a'.repeat(200)}）`)
  })

  it('shows emphasis, code and headings where there are tags for them', () => {
    const body =
      '# 退款\n\n**七天内**可以*全额*退，输入 `a < b & c`：\n\n```\nnpm start\n```\n\n见[**帮助**](https://help.example/a)'
    expect(say([markdown(body)], limited(4_096, 'styles'))).toEqual([
      '<b>退款</b>\n\n<b>七天内</b>可以<i>全额</i>退，输入 <code>a ＜ b & c</code>：\n\n<pre>npm start</pre>\n\n见<a href="https://help.example/a">帮助</a>',
    ])
    expect(say([text('1 <b>2</b> 3')], limited(4_096, 'styles'))).toEqual(['1 ＜b>2＜/b> 3'])
  })

  it('goes on with a style behind a break', () => {
    const pieces = say([markdown(`**${'很重要的一句话。'.repeat(40)}**`)], limited(200, 'styles'))
    expect(pieces.length).toBeGreaterThan(1)
    for (const piece of pieces) expect(piece).toMatch(/^<b>[^<]*。<\/b>$/)
  })

  it('ends after four pieces and says where the rest is', () => {
    const pieces = say([text('很长的话。'.repeat(500))], limited(100))
    expect(pieces).toHaveLength(4)
    expect(pieces[3]).toMatch(/帮助中心/)
    expect(say([text('A long story. '.repeat(500))], limited(200))[3]).toMatch(/help centre/)
  })

  it('reads no more of a text than it shows, however long it is', () => {
    for (const words of ['a'.repeat(1_000_000), '。\n'.repeat(500_000), `a${'\u0301'.repeat(1_000_000)}`])
      expect(say([text(words)], wechat)).toHaveLength(4)
  })

  it('counts bytes where the channel does', () => {
    const capabilities = channel({ text: { max: 90, unit: 'bytes', markup: 'plain' } })
    expect(say([text('字'.repeat(60))], capabilities).map((piece) => piece.length)).toEqual([30, 30])
  })
})

describe('files', () => {
  const linkTo = ({ mediaId = '' }: { readonly mediaId?: string }): string =>
    `https://support.example/media/${mediaId}`
  const png: Part = {
    kind: 'image',
    media: { mediaId: 'a', contentType: 'image/png', bytes: 100 },
    alt: '截图',
  }
  const onlyWords = channel({ parts: ['text'] })
  const picky = channel({
    parts: ['text', 'image'],
    files: { image: { contentTypes: ['image/png'], maxBytes: 100 } },
  })

  it('of any kind go as they are up to the size that the channel takes', () => {
    const heavy = channel({ parts: ['file'], files: { file: { maxBytes: 100 } } })
    const file = (bytes: number): Part => ({
      kind: 'file',
      media: { mediaId: 'f', contentType: 'application/pdf', bytes },
      name: '说明.pdf',
    })
    expect(render([file(100)], heavy, linkTo)).toEqual([file(100)])
    expect(render([file(101)], heavy, linkTo)).toEqual([
      text('[文件] 说明.pdf（https://support.example/media/f）'),
    ])
  })

  it('go as they are where the channel takes them', () => {
    expect(render([text('看'), png], picky, linkTo)).toEqual([text('看'), png])
  })

  it('become links where it does not', () => {
    expect(render([text('看'), png], onlyWords, linkTo)).toEqual([
      text('看\n\n[图片] 截图（https://support.example/media/a）'),
    ])
    const others: readonly Part[] = [
      { kind: 'audio', media: { mediaId: 'b' } },
      { kind: 'video', media: { mediaId: 'c' } },
      { kind: 'file', media: { mediaId: 'd' }, name: '说明.pdf' },
    ]
    expect(
      render(others, onlyWords, linkTo).flatMap((part) => (part.kind === 'text' ? [part.text] : [])),
    ).toEqual([
      [
        '[语音]（https://support.example/media/b）',
        '[视频]（https://support.example/media/c）',
        '[文件] 说明.pdf（https://support.example/media/d）',
      ].join('\n\n'),
    ])
  })

  it.each([
    ['of a type that it refuses', { contentType: 'image/webp', bytes: 100 }],
    ['that are too large for it', { contentType: 'image/png', bytes: 101 }],
  ])('become links %s', (_name, facts) => {
    const part: Part = { kind: 'image', media: { mediaId: 'a', ...facts } }
    expect(render([part], picky, linkTo)).toEqual([text('[图片]（https://support.example/media/a）')])
  })

  it('are named where no link can be made', () => {
    expect(render([png], onlyWords, () => undefined)).toEqual([text('[图片] 截图')])
  })
})
