import { describe, expect, it } from 'vitest'
import type { InboundMessage, Part } from '../../../src/core/message.ts'
import { accountKey, decoded, openId } from './account.ts'
import type { Values } from './account.ts'

const kept = (providerRef: string) => ({ providerRef, failure: 'no_credentials' })

type Expected = Partial<Omit<InboundMessage, 'parts'>> & { readonly parts: readonly Part[] }

describe('messages', () => {
  it('carries address, time and id of a text', async () => {
    expect(await decoded({ MsgType: 'text', Content: '我的订单到哪了', MsgId: '24500000000000001' })).toEqual(
      {
        inboxId: 'inbox-1',
        accountKey,
        contactKey: openId,
        threadKey: openId,
        dedupKey: '24500000000000001',
        providerId: '24500000000000001',
        sentAt: new Date('2026-01-01T00:00:00Z'),
        parts: [{ kind: 'text', text: '我的订单到哪了' }],
        opens: 'message',
        mayContinue: true,
        wantsReply: true,
        // Without the API the platform's three attempts are one long wait.
        passiveBudgetMs: 14_200,
      },
    )
  })

  const cases: readonly (readonly [string, Values, string, Expected])[] = [
    [
      'faces and brackets as they are',
      { MsgType: 'text', Content: '/::) [捂脸] 12.50', MsgId: '1' },
      '',
      { parts: [{ kind: 'text', text: '/::) [捂脸] 12.50' }], mayContinue: true },
    ],
    [
      'a menu choice',
      { MsgType: 'text', Content: '满意', MsgId: '2', bizmsgmenuid: '101' },
      '',
      {
        parts: [
          { kind: 'event', name: 'choice', value: '101' },
          { kind: 'text', text: '满意' },
        ],
        opens: 'click',
        mayContinue: false,
        wantsReply: true,
      },
    ],
    [
      'an image',
      { MsgType: 'image', PicUrl: 'http://mmbiz.qpic.cn/mmbiz_jpg/x/0', MediaId: 'M', MsgId: '3' },
      '',
      {
        parts: [{ kind: 'image', media: kept('M'), url: 'http://mmbiz.qpic.cn/mmbiz_jpg/x/0' }],
        opens: 'message',
        mayContinue: false,
        wantsReply: true,
      },
    ],
    [
      'an image with a strange address',
      { MsgType: 'image', PicUrl: 'javascript:alert(1)', MediaId: 'M', MsgId: '3' },
      '',
      { parts: [{ kind: 'image', media: kept('M') }] },
    ],
    [
      'a voice with both copies',
      { MsgType: 'voice', MediaId: 'M', Format: 'amr', MsgId: '4', MediaId16K: 'H' },
      '',
      { parts: [{ kind: 'audio', media: kept('M'), highQuality: kept('H') }], wantsReply: true },
    ],
    [
      'a voice with words',
      { MsgType: 'voice', MediaId: 'M', Format: 'amr', Recognition: '帮我查一下物流', MsgId: '5' },
      '',
      {
        parts: [
          { kind: 'audio', media: kept('M'), transcript: { text: '帮我查一下物流', source: 'wechat' } },
        ],
      },
    ],
    [
      'a voice with empty words',
      { MsgType: 'voice', MediaId: 'M', Recognition: '', MsgId: '5' },
      '',
      { parts: [{ kind: 'audio', media: kept('M') }] },
    ],
    [
      'a video',
      { MsgType: 'video', MediaId: 'M', ThumbMediaId: 'T', MsgId: '6' },
      '',
      { parts: [{ kind: 'video', media: kept('M'), thumbnail: kept('T') }] },
    ],
    [
      'a short video',
      { MsgType: 'shortvideo', MediaId: 'M', ThumbMediaId: 'T', MsgId: '7' },
      '',
      { parts: [{ kind: 'video', media: kept('M'), thumbnail: kept('T'), short: true }] },
    ],
    [
      'a place',
      {
        MsgType: 'location',
        Location_X: '23.137466',
        Location_Y: '113.352425',
        Scale: '20',
        Label: '广州市天河区',
        MsgId: '8',
      },
      '',
      { parts: [{ kind: 'location', latitude: 23.137466, longitude: 113.352425, label: '广州市天河区' }] },
    ],
    [
      'a link',
      { MsgType: 'link', Title: '标题', Description: '摘要', Url: 'https://example.com/a', MsgId: '9' },
      '',
      { parts: [{ kind: 'link', url: 'https://example.com/a', title: '标题', description: '摘要' }] },
    ],
    [
      'a file',
      {
        MsgType: 'file',
        Title: '对账单.xlsx',
        Description: '12KB',
        FileKey: 'K',
        FileMd5: 'd41d',
        FileTotalLen: 12345,
        MsgId: '10',
      },
      '',
      {
        parts: [
          {
            kind: 'file',
            name: '对账单.xlsx',
            media: { providerRef: 'K', bytes: 12345, failure: 'not_downloadable' },
          },
        ],
        wantsReply: true,
      },
    ],
  ]

  it.each(cases)('reads %s', async (_, values, extra, expected) => {
    expect(await decoded(values, extra)).toMatchObject(expected)
    expect((await decoded(values, extra)).parts).toEqual(expected.parts)
  })

  it.each([['[收到不支持的消息类型，暂无法显示]'], ['【收到不支持的消息类型，暂无法显示】']])(
    'does not take the stand-in %s for words',
    async (text) => {
      const { parts } = await decoded({ MsgType: 'text', Content: text, MsgId: '11' })
      expect(parts).toMatchObject([{ kind: 'unsupported', type: 'sticker' }])
    },
  )

  it.each<[string, Values]>([
    ['hologram', { MsgType: 'hologram', Beam: 'x' }],
    ['miniprogrampage', { MsgType: 'miniprogrampage', Title: 'T', AppId: 'wx1', PagePath: 'pages/a' }],
    ['text', { MsgType: 'text', Content: '' }],
    ['image', { MsgType: 'image' }],
    ['voice', { MsgType: 'voice', Format: 'amr' }],
    ['video', { MsgType: 'video' }],
    ['location', { MsgType: 'location', Location_X: '91', Location_Y: 'x' }],
    ['link', { MsgType: 'link', Url: 'javascript:alert(1)' }],
    ['file', { MsgType: 'file' }],
  ])('keeps what it cannot read of %s', async (type, values) => {
    const { parts, opens } = await decoded({ ...values, MsgId: '12' })
    expect(parts).toEqual([{ kind: 'unsupported', type, raw: expect.objectContaining({ MsgId: '12' }) }])
    expect(opens).toBe('message')
  })
})
