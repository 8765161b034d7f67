import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  decodeFrame,
  decodeMessage,
  decodeReceipt,
  toInbound,
  toOpened,
} from '../../../channels/web/decode.ts'
import { depthOf } from '../../../channels/kit/index.ts'

const clientMsgId = '0b9f9c3a-8c4d-4e55-9a51-3f6f3c3f9a10'
const sender = { inboxId: 'web-test', visitor: 'visitor-1', at: new Date('2026-11-23T10:00:00Z') }
const faultOf = (text: string) => {
  const decoded = decodeFrame(text)
  return decoded.kind === 'fault' ? decoded.fault : 'ok'
}
const frame = (fields: Record<string, unknown>) => JSON.stringify(fields)

describe('frames', () => {
  it.each([
    { t: 'auth', token: 'abc' },
    { t: 'auth', token: 'abc', resume: { cursor: 7 } },
    { t: 'msg', clientMsgId, content: { text: '你好' } },
    { t: 'msg', clientMsgId, content: { choice: 'vip-refund' } },
    { t: 'msg', clientMsgId, content: { vote: { seq: 3, helpful: true } } },
    { t: 'msg', clientMsgId, content: { leave: { text: '回电', reach: '13800138000' } } },
    { t: 'msg', clientMsgId, content: { text: '退款' }, context: { 订单: 'A-1', paid: true } },
    { t: 'typing', on: true },
    { t: 'read', seq: 3 },
    { t: 'ack', seq: 3 },
    { t: 'ping' },
  ])('are read: %j', (fields) => expect(decodeFrame(frame(fields))).toEqual({ kind: 'ok', value: fields }))

  it.each([
    ['a role', { t: 'msg', clientMsgId, content: { text: 'x' }, role: 'agent' }],
    ['an author', { t: 'msg', clientMsgId, content: { text: 'x' }, author: 'bot' }],
    ['a sender', { t: 'msg', clientMsgId, content: { text: 'x' }, contactKey: 'somebody' }],
    ['a conversation', { t: 'msg', clientMsgId, content: { text: 'x' }, conversationId: 'c' }],
    ['a time', { t: 'msg', clientMsgId, content: { text: 'x' }, sentAt: '2020-01-01' }],
    ['a format', { t: 'msg', clientMsgId, content: { text: 'x', format: 'markdown' } }],
    ['two contents', { t: 'msg', clientMsgId, content: { text: 'x', choice: 'y' } }],
    ['parts', { t: 'msg', clientMsgId, content: { parts: [{ kind: 'text', text: 'x' }] } }],
    ['a visitor', { t: 'auth', token: 'x', visitor: 'somebody' }],
    ['no uuid', { t: 'msg', clientMsgId: '1', content: { text: 'x' } }],
    ['a negative cursor', { t: 'auth', token: 'x', resume: { cursor: -1 } }],
    ['a huge cursor', { t: 'auth', token: 'x', resume: { cursor: 1e300 } }],
    ['text that is an object', { t: 'msg', clientMsgId, content: { text: { toString: 'x' } } }],
  ])('are refused as a whole when they carry %s', (_what, fields) =>
    expect(faultOf(frame(fields))).toBe('bad_frame'),
  )

  it.each([
    '{"type":"base"}',
    '{"t":"base"}',
    '{"t":"ev","seq":1}',
    '{"t":"__proto__"}',
    '{"t":"constructor"}',
    '{"t":7}',
    '{}',
  ])('of an unknown kind are named so: %s', (text) => expect(faultOf(text)).toBe('unknown_type'))

  it.each([
    '',
    'null',
    '[]',
    '"auth"',
    '7',
    '{',
    '{"t":"ping"',
    'ping',
    '\u0000',
    '{"t":"ping"}{"t":"ping"}',
  ])('that are none are faults: %j', (text) => expect(faultOf(text)).toMatch(/^(bad_frame|unknown_type)$/))

  it.each([
    '{"t":"ping","__proto__":{"polluted":true}}',
    '{"t":"ping","constructor":{"prototype":{"polluted":true}}}',
    `{"t":"msg","clientMsgId":"${clientMsgId}","content":{"text":"x","__proto__":{"polluted":true}}}`,
  ])('never reach a prototype: %s', (text) => {
    expect(faultOf(text)).toBe('bad_frame')
    expect(Object.prototype).not.toHaveProperty('polluted')
  })

  it('nest at most 16 levels, counted before anything is built', () => {
    const nested = (levels: number) => `{"t":"ping","x":${'['.repeat(levels - 1)}${']'.repeat(levels - 1)}}`
    expect(faultOf(nested(16))).toBe('bad_frame')
    expect(faultOf(nested(17))).toBe('too_deep')
    expect(faultOf('['.repeat(60_000))).toBe('too_deep')
    expect(depthOf('{"a":"[[[[\\"[[["}')).toBe(1)
  })

  it('hold at most 64 kB, counted in bytes', () => {
    const sized = (bytes: number) => `{"t":"ping","x":"${'啊'.repeat((bytes - 19) / 3)}"}`
    expect(Buffer.byteLength(sized(65_536 - 1))).toBeLessThanOrEqual(65_536)
    expect(faultOf(sized(65_536 - 1))).toBe('bad_frame')
    expect(faultOf(sized(65_536 + 5))).toBe('too_large')
  })

  it('never make the decoder throw', () => {
    const seeds = [
      frame({ t: 'msg', clientMsgId, content: { text: '你好' } }),
      frame({ t: 'auth', token: 'x', resume: { cursor: 1 } }),
    ]
    const mutated = fc
      .tuple(fc.constantFrom(...seeds), fc.nat(100), fc.string({ unit: 'binary', maxLength: 8 }), fc.nat(8))
      .map(([seed, at, insert, cut]) => seed.slice(0, at) + insert + seed.slice(at + cut))
    fc.assert(
      fc.property(fc.oneof(mutated, fc.json(), fc.string({ unit: 'binary' })), (text) => {
        decodeFrame(text)
        decodeMessage(text)
        decodeReceipt(text)
      }),
      { numRuns: 10_000 },
    )
  })
})

describe('messages', () => {
  it('become text with the server’s words for who, where and when', () => {
    expect(toInbound(sender, { clientMsgId, content: { text: '大会员退款\r\n谢谢' } })).toEqual({
      inboxId: 'web-test',
      dedupKey: `visitor-1:${clientMsgId}`,
      contactKey: 'visitor-1',
      threadKey: 'visitor-1',
      parts: [{ kind: 'text', text: '大会员退款\n谢谢' }],
      sentAt: sender.at,
      mayContinue: true,
      wantsReply: true,
      passiveBudgetMs: 0,
    })
  })

  it('become an event when they choose; it never waits for more', () => {
    expect(toInbound(sender, { clientMsgId, content: { choice: 'vip-refund' } })).toMatchObject({
      parts: [{ kind: 'event', name: 'choice', value: 'vip-refund' }],
      mayContinue: false,
      wantsReply: true,
    })
  })

  it('lose what no database can hold and keep the rest', () => {
    expect(toInbound(sender, { clientMsgId, content: { text: 'a\u0000b\ud800c😀' } })).toMatchObject({
      parts: [{ kind: 'text', text: 'ab\ufffdc😀' }],
    })
  })

  it('are refused when empty or over 4,000 characters', () => {
    expect(toInbound(sender, { clientMsgId, content: { text: ' \n\u3000\u0000' } })).toBe('empty')
    expect(toInbound(sender, { clientMsgId, content: { text: '啊'.repeat(4_001) } })).toBe('text_too_long')
    expect(toInbound(sender, { clientMsgId, content: { text: '啊'.repeat(4_000) } })).toBeTypeOf('object')
  })

  it('are the same whatever case their id is written in', () => {
    const decoded = decodeMessage(
      JSON.stringify({ clientMsgId: clientMsgId.toUpperCase(), content: { text: 'x' } }),
    )
    expect(decoded).toMatchObject({ kind: 'ok', value: { clientMsgId } })
  })

  it('tell of the first visit once per visitor', () => {
    expect(toOpened(sender)).toMatchObject({
      dedupKey: 'visitor-1:opened',
      parts: [{ kind: 'event', name: 'opened' }],
      mayContinue: false,
      wantsReply: true,
    })
  })
})
