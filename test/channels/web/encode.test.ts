import { describe, expect, it } from 'vitest'
import type { Message } from '../../../src/core/conversation.ts'
import type { Part } from '../../../src/core/message.ts'
import { encodeEvent } from '../../../channels/web/encode.ts'
import { toPlainText } from '../../../channels/web/plain-text.ts'

const message = (fields: Partial<Message>): Message => ({
  id: 'm1',
  conversationId: 'c1',
  seq: 5,
  direction: 'out',
  author: 'bot',
  parts: [{ kind: 'text', text: '您好' }],
  createdAt: new Date('2026-11-23T10:00:00Z'),
  ...fields,
})
const partsOf = (parts: readonly Part[]) => encodeEvent(message({ parts }))?.parts

describe('events', () => {
  it('show who said what, and nothing of why', () => {
    const encoded = encodeEvent(
      message({
        author: 'agent',
        agentId: 'agent-7',
        agentName: '李然',
        decision: { kind: 'answer', rule: 'secret-rule', reasons: [], thresholds: {}, thinkingMs: 1 },
        delivery: {
          status: 'failed',
          attempts: 3,
          repeated: false,
          error: { code: 'permanent', message: 'inner' },
        },
      }),
    )
    expect(encoded).toEqual({
      seq: 5,
      id: 'm1',
      author: 'agent',
      agentName: '李然',
      at: '2026-11-23T10:00:00.000Z',
      parts: [{ kind: 'text', text: '您好' }],
      status: 'sent',
    })
  })

  it('call surveys the system and name nobody but agents', () => {
    expect(encodeEvent(message({ author: 'survey', agentName: '李然' }))).toMatchObject({ author: 'system' })
    expect(encodeEvent(message({ author: 'bot', agentName: '李然' }))).not.toHaveProperty('agentName')
  })

  it('say that the visitor’s own words are stored', () => {
    expect(encodeEvent(message({ direction: 'in', author: 'contact' }))).toMatchObject({
      author: 'contact',
      status: 'accepted',
    })
  })

  it.each(['note', 'activity'] as const)('leave out every %s', (direction) =>
    expect(encodeEvent(message({ direction }))).toBeUndefined(),
  )

  it('leave out messages with nothing to show', () => {
    expect(
      encodeEvent(
        message({ direction: 'in', author: 'contact', parts: [{ kind: 'event', name: 'opened' }] }),
      ),
    ).toBeUndefined()
    expect(partsOf([{ kind: 'unsupported', type: 'x', raw: { secret: 1 } }])).toBeUndefined()
  })

  it('carry questions with their options, and choices by id', () => {
    const choices = [{ id: 'a', label: '退款', articleId: 'hidden' }]
    expect(partsOf([{ kind: 'choices', prompt: '您想问:', choices, footer: '回复数字也可以' }])).toEqual([
      { kind: 'choices', prompt: '您想问:', choices: [{ id: 'a', label: '退款' }], footer: '回复数字也可以' },
    ])
    expect(partsOf([{ kind: 'event', name: 'choice', value: 'a' }])).toEqual([{ kind: 'choice', id: 'a' }])
  })

  it.each(['javascript:alert(1)', 'data:text/html,x', 'file:///etc/passwd', 'not a url', '//evil.test'])(
    'never link to %s',
    (url) => {
      expect(partsOf([{ kind: 'link', url, title: '标题' }])).toEqual([{ kind: 'text', text: '标题' }])
      expect(partsOf([{ kind: 'image', media: {}, url }])).toEqual([{ kind: 'placeholder', of: 'image' }])
    },
  )

  it('name stored files by their place, without the store’s keys', () => {
    const media = { mediaId: 'private-key', bytes: 7 }
    expect(
      partsOf([
        { kind: 'image', media, alt: '截图' },
        { kind: 'audio', media },
        { kind: 'text', text: '看这个' },
        { kind: 'file', media, name: 'a.pdf' },
        { kind: 'image', media, url: 'https://cdn.example.com/a.png', alt: '步骤' },
      ]),
    ).toEqual([
      { kind: 'media', of: 'image', part: 0, bytes: 7, label: '截图' },
      { kind: 'media', of: 'audio', part: 1, bytes: 7 },
      { kind: 'text', text: '看这个' },
      { kind: 'media', of: 'file', part: 3, bytes: 7, label: 'a.pdf' },
      { kind: 'link', url: 'https://cdn.example.com/a.png', title: '步骤' },
    ])
  })

  it('stand in for what cannot be shown yet', () => {
    const media = { failure: 'pending' }
    expect(
      partsOf([
        { kind: 'image', media, alt: '截图' },
        { kind: 'audio', media },
        { kind: 'video', media },
        { kind: 'file', media, name: 'a.pdf' },
        { kind: 'location', latitude: 1, longitude: 2, label: '上海' },
        { kind: 'sticker', name: '笑' },
        { kind: 'link', url: 'https://example.com/a', title: '标题', description: '说明' },
      ]),
    ).toEqual([
      { kind: 'placeholder', of: 'image', label: '截图' },
      { kind: 'placeholder', of: 'audio' },
      { kind: 'placeholder', of: 'video' },
      { kind: 'placeholder', of: 'file', label: 'a.pdf' },
      { kind: 'placeholder', of: 'location', label: '上海' },
      { kind: 'placeholder', of: 'sticker', label: '笑' },
      { kind: 'link', url: 'https://example.com/a', title: '标题', description: '说明' },
    ])
  })

  it('read markdown only where it is ours', () => {
    expect(partsOf([{ kind: 'text', text: '**重要**', format: 'markdown' }])).toEqual([
      { kind: 'text', text: '重要' },
    ])
    expect(partsOf([{ kind: 'text', text: '**重要**' }])).toEqual([{ kind: 'text', text: '**重要**' }])
  })
})

describe('markdown as plain text', () => {
  it('keeps paragraphs, lists and addresses', () => {
    const markdown = [
      '# 退款',
      '',
      '请准备：',
      '1. UID 和**订单号**',
      '2. 支付截图',
      '   - 时间',
      '   - 金额',
      '3. 见[帮助](https://example.com/help)',
      '',
      '谢谢，<https://example.com>。',
      '第二行 `代码`',
    ].join('\n')
    expect(toPlainText(markdown)).toBe(
      [
        '退款',
        '',
        '请准备：',
        '1. UID 和订单号',
        '2. 支付截图',
        '  • 时间',
        '  • 金额',
        '3. 见帮助 (https://example.com/help)',
        '',
        '谢谢，https://example.com。',
        '第二行 代码',
      ].join('\n'),
    )
  })

  it('keeps tags as text and drops addresses that are none of the web', () => {
    expect(
      toPlainText('<img src=x onerror=alert(1)> [a](javascript:alert(1)) ![图](https://example.com/a.png)'),
    ).toBe('<img src=x onerror=alert(1)> [a](javascript:alert(1)) 图 (https://example.com/a.png)')
  })

  it('survives deep nesting and length', () => {
    // What grew faster than its input would not end within the test's time.
    expect(toPlainText('> '.repeat(8_000) + 'x')).toBeTypeOf('string')
    expect(toPlainText('['.repeat(16_000))).toBeTypeOf('string')
    expect(toPlainText('*a '.repeat(5_000))).toBeTypeOf('string')
    expect(toPlainText('a'.repeat(20_000))).toHaveLength(20_000)
  })
})
