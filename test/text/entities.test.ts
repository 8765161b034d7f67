import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { findEntities, maskPhones } from '../../src/text/index.ts'
import { busyMs, linearMs } from '../support/busy-time.ts'

const kinds = (text: string): readonly string[] =>
  findEntities(text).map(({ kind, value }) => `${kind} ${value}`)

describe('things named in a text', () => {
  it.each([
    ['这个视频BV1xx411c7mD怎么下架了', ['video BV1xx411c7mD']],
    ['bv1xx411c7mD', ['video BV1xx411c7mD']],
    ['ＢＶ１xx411c7mD', ['video BV1xx411c7mD']],
    ['看看 av170001 和 AV170002', ['video av170001', 'video av170002']],
    ['https://www.bilibili.com/video/BV1xx411c7mD?p=2&t=3，打不开', ['video BV1xx411c7mD']],
    ['m.example.com/video/av170001/', ['video av170001']],
    ['live.bilibili.com/21452505?from=x', ['live-room 21452505']],
    ['直播间 123456 一直黑屏', ['live-room 123456']],
    ['直播間號：123456', ['live-room 123456']],
    ['房间号是7734200', ['live-room 7734200']],
    ['live room 7734200', ['live-room 7734200']],
    ['UID:12345', ['uid 12345']],
    ['我的uid是 12345', ['uid 12345']],
    ['ＵＩＤ：１２３４５', ['uid 12345']],
    ['https://space.bilibili.com/12345/dynamic', ['uid 12345']],
    ['专栏cv8901234被删', ['article cv8901234']],
    ['https://www.bilibili.com/read/cv8901234', ['article cv8901234']],
    ['订单号：2026112512345678', ['order 2026112512345678']],
    ['訂單編號 AB20261125-001', ['order AB20261125-001']],
    ['order no. 20261125001', ['order 20261125001']],
    ['order no20261125001', ['order 20261125001']],
    ['order number is AB20261125', ['order AB20261125']],
    ['Order ID: IDX000001', ['order IDX000001']],
    ['订单ID20261125001', ['order 20261125001']],
    ['订单号no123456', ['order 123456']],
    ['订单号ID123456', ['order 123456']],
    ['訂單編號NO123456', ['order 123456']],
    ['快递单号is123456', ['order 123456']],
    ['订单#no123456', ['order 123456']],
    ['order number is123456', ['order 123456']],
    ['order number ISSUE000001', ['order ISSUE000001']],
    ['order number NO000001', ['order NO000001']],
    ['订单号ISSUE000001', ['order ISSUE000001']],
    ['订单号 NONE000001', ['order NONE000001']],
    ['订单号NONE000001', ['order NONE000001']],
    ['订单号 NO000001', ['order NO000001']],
    ['订单号是ISSUE000001', ['order ISSUE000001']],
    ['订单编号：NUMBER000001', ['order NUMBER000001']],
    ['单号:ABC123456', ['order ABC123456']],
    ['快递单号：ＩＤＥＡ１２３４５６', ['order IDEA123456']],
    ['订单号ＮＯＮＥ０００００１', ['order NONE000001']],
    ['订单号 No.NONE000001', ['order NONE000001']],
    ['uid is 12345', ['uid 12345']],
    ['房间id7734200', ['live-room 7734200']],
    ['4200001234202611251234567890', ['order 4200001234202611251234567890']],
    ['打我电话13800138000', ['phone 13800138000']],
    ['+86 138-0013-8000', ['phone 13800138000']],
    ['021-12345678', ['phone 02112345678']],
    ['邮箱是 Abc.D@Example.com，谢谢', ['mail abc.d@example.com']],
    ['b23.tv/abc123 这个', ['short-link b23.tv/abc123']],
    ['https://t.cn/A6xyz。', ['short-link https://t.cn/A6xyz']],
    ['(https://example.com/a/b?c=d).', ['link https://example.com/a/b?c=d']],
    ['http://example.com/x,http://example.com', ['link http://example.com/x,http://example.com']],
    ['我UID 777，在直播间999送的，订单号123456789', ['uid 777', 'live-room 999', 'order 123456789']],
  ])('%s', (text, expected) => {
    expect(kinds(text)).toEqual(expected)
  })

  it.each([
    '怎么退款',
    '视频av画质不好',
    'BV1xx411c7m',
    'BV1xx411c7mDD',
    'BV1xx411c7m0',
    'BV2xx411c7mD',
    '我等了20261125天',
    '大会员 188 元',
    '订单什么时候发货',
    '卡号6222021234567890123',
    '身份证110101199003071234',
    '400-178-2233',
    'mid-autumn',
    'a@b',
  ])('leaves “%s” alone', (text) => {
    expect(kinds(text)).toEqual([])
  })

  it('says where each stands and how it was written', () => {
    const text = '看 ＢＶ１xx411c7mD ，打13800138000'
    for (const { start, end, text: written } of findEntities(text))
      expect(text.slice(start, end)).toBe(written)
    expect(findEntities(text).map(({ text: written }) => written)).toEqual(['ＢＶ１xx411c7mD', '13800138000'])
  })

  it('keeps of telephone numbers what tells two apart, of others everything', () => {
    const masked = maskPhones(findEntities('13800138000 BV1xx411c7mD'))
    expect(JSON.stringify(masked)).not.toContain('13800138000')
    expect(masked.map(({ value }) => value)).toEqual(['138****8000', 'BV1xx411c7mD'])
  })

  it('finds things in order and none over another, in any text', () => {
    const pieces = fc.constantFrom(
      ...[
        'BV1xx411c7mD',
        'https://',
        'live.a.com/1',
        '订单号',
        '13800138000',
        'UID:',
        '@',
        '.com',
        ' ',
        '，',
      ],
    )
    fc.assert(
      fc.property(fc.array(fc.oneof(pieces, fc.string({ unit: 'binary' })), { maxLength: 30 }), (parts) => {
        const text = parts.join('')
        let last = 0
        for (const { start, end, text: written } of findEntities(text)) {
          expect(start).toBeGreaterThanOrEqual(last)
          expect(end).toBeGreaterThan(start)
          expect(text.slice(start, end)).toBe(written)
          last = end
        }
      }),
    )
  })

  it.each([
    'a',
    '1',
    'a@',
    'www.',
    'a.',
    '直播间',
    '订单号',
    'http://',
    'BV1',
    'uid:',
    '1-',
    '+',
    'live.',
    '١',
  ])('takes little time for 50 kB of “%s”', (piece) => {
    const started = busyMs()
    findEntities(piece.repeat(Math.ceil(50_000 / piece.length)))
    expect(busyMs() - started).toBeLessThan(linearMs)
  })
})
