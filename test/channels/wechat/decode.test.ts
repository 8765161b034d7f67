import { describe, expect, it } from 'vitest'
import type { InboundMessage, Part } from '../../../src/core/message.ts'
import { accountKey, createAccount, messageXml, openId, safePush } from './account.ts'
import type { Values } from './account.ts'

/** What is handed over for a message. Without AppSecret: files stay where they are. */
const decoded = async (values: Values, extra = ''): Promise<InboundMessage> => {
  const { host, call } = createAccount({ appSecret: undefined })
  const { status } = await call(safePush(messageXml(values, extra), { now: host.clock.now() }))
  const [message] = host.accepted
  if (status !== 200 || message === undefined) throw new Error(`refused with ${status}`)
  return message
}

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

describe('events', () => {
  const event = (values: Values, extra = '') => decoded({ MsgType: 'event', ...values }, extra)

  const answered: readonly (readonly [string, Values, string, Part, string])[] = [
    ['a follow', { Event: 'subscribe' }, '', { kind: 'event', name: 'subscribed' }, 'follow'],
    [
      'a follow by QR code',
      { Event: 'subscribe', EventKey: 'qrscene_order_8842', Ticket: 'T' },
      '',
      { kind: 'event', name: 'subscribed', value: 'order_8842', data: { ticket: 'T' } },
      'follow',
    ],
    [
      'a scan',
      { Event: 'SCAN', EventKey: 'order_8842', Ticket: 'T' },
      '',
      { kind: 'event', name: 'scanned', value: 'order_8842', data: { ticket: 'T' } },
      'scan',
    ],
    [
      'a menu key',
      { Event: 'CLICK', EventKey: 'MENU_TALK_TO_HUMAN' },
      '',
      { kind: 'event', name: 'menu', value: 'MENU_TALK_TO_HUMAN' },
      'click',
    ],
    [
      'a menu key in other letters',
      { Event: 'click', EventKey: 'K' },
      '',
      { kind: 'event', name: 'menu', value: 'K' },
      'click',
    ],
    ...['scancode_push', 'scancode_waitmsg'].map(
      (Event) =>
        [
          Event,
          { Event, EventKey: 'K' },
          '<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult><![CDATA[0012]]></ScanResult></ScanCodeInfo>',
          { kind: 'event', name: 'menu', value: 'K', data: { scanType: 'qrcode', scanResult: '0012' } },
          'click',
        ] as const,
    ),
  ]

  it.each(answered)('answers %s', async (_, values, extra, part, opens) => {
    const message = await event(values, extra)
    expect(message.parts).toEqual([part])
    expect(message).toMatchObject({ opens, mayContinue: false, wantsReply: true, passiveBudgetMs: 14_200 })
    expect(message).not.toHaveProperty('providerId')
  })

  const other = (value: string, data: Record<string, unknown>): Part => ({
    kind: 'event',
    name: 'other',
    value,
    data,
  })
  const pictures =
    '<SendPicsInfo><Count>2</Count><PicList><item><PicMd5Sum>a</PicMd5Sum></item><item><PicMd5Sum>b</PicMd5Sum></item></PicList></SendPicsInfo>'
  const list = (name: string, fields: string): string =>
    `<${name}><List>${fields}</List><List>${fields}</List></${name}>`
  const template =
    '<TemplateId>T</TemplateId><SubscribeStatusString>accept</SubscribeStatusString><PopupScene>2</PopupScene>'
  const templateData = { TemplateId: 'T', SubscribeStatusString: 'accept', PopupScene: '2' }
  const sent =
    '<TemplateId>T</TemplateId><MsgID>1</MsgID><ErrorCode>0</ErrorCode><ErrorStatus>success</ErrorStatus>'
  const sentData = { TemplateId: 'T', MsgID: '1', ErrorCode: '0', ErrorStatus: 'success' }
  const article = '<item><ArticleIdx>1</ArticleIdx><AuditState>2</AuditState></item>'

  const silent: readonly (readonly [string, Values, string, Part])[] = [
    ['an unfollow', { Event: 'unsubscribe', EventKey: '' }, '', { kind: 'event', name: 'unsubscribed' }],
    [
      'a position report',
      { Event: 'LOCATION', Latitude: '23.137466', Longitude: '113.352425', Precision: '119.385040' },
      '',
      other('location', {
        Event: 'LOCATION',
        Latitude: '23.137466',
        Longitude: '113.352425',
        Precision: '119.385040',
      }),
    ],
    [
      'an opened page',
      { Event: 'VIEW', EventKey: 'https://shop.example/', MenuId: 4000001 },
      '',
      other('view', { Event: 'VIEW', EventKey: 'https://shop.example/', MenuId: '4000001' }),
    ],
    [
      'an opened mini program',
      { Event: 'view_miniprogram', EventKey: 'pages/a', MenuId: 1 },
      '',
      other('view_miniprogram', { Event: 'view_miniprogram', EventKey: 'pages/a', MenuId: '1' }),
    ],
    ...['pic_sysphoto', 'pic_photo_or_album', 'pic_weixin'].map(
      (Event) =>
        [
          Event,
          { Event, EventKey: 'K' },
          pictures,
          { kind: 'event', name: 'menu', value: 'K', data: { pictures: '2' } },
        ] as const,
    ),
    [
      'a chosen place',
      { Event: 'location_select', EventKey: 'K' },
      '<SendLocationInfo><Location_X>23</Location_X><Location_Y>113</Location_Y><Scale>15</Scale><Label>L</Label><Poiname>P</Poiname></SendLocationInfo>',
      {
        kind: 'event',
        name: 'menu',
        value: 'K',
        data: { latitude: '23', longitude: '113', label: 'L', name: 'P' },
      },
    ],
    [
      'a template result',
      { Event: 'TEMPLATESENDJOBFINISH', MsgID: 200163836, Status: 'failed:user block' },
      '',
      other('templatesendjobfinish', {
        Event: 'TEMPLATESENDJOBFINISH',
        MsgID: '200163836',
        Status: 'failed:user block',
      }),
    ],
    [
      'a mass-sending result',
      { Event: 'MASSSENDJOBFINISH', MsgID: 1, Status: 'err(10001)', TotalCount: 9 },
      `<CopyrightCheckResult><Count>8</Count><ResultList>${article.repeat(8)}</ResultList><CheckState>2</CheckState></CopyrightCheckResult>`,
      other('masssendjobfinish', {
        Event: 'MASSSENDJOBFINISH',
        MsgID: '1',
        Status: 'err(10001)',
        TotalCount: '9',
        CopyrightCheckResult: {
          Count: '8',
          ResultList: { item: Array.from({ length: 8 }, () => ({ ArticleIdx: '1', AuditState: '2' })) },
          CheckState: '2',
        },
      }),
    ],
    [
      'a session opened',
      { Event: 'kf_create_session', KfAccount: 'agent1@gh_demo' },
      '',
      other('kf_create_session', { Event: 'kf_create_session', KfAccount: 'agent1@gh_demo' }),
    ],
    [
      'a session closed',
      { Event: 'kf_close_session', KfAccount: 'agent1@gh_demo', CloseType: 'KF' },
      '',
      other('kf_close_session', { Event: 'kf_close_session', KfAccount: 'agent1@gh_demo', CloseType: 'KF' }),
    ],
    [
      'a session moved',
      { Event: 'kf_switch_session', FromKfAccount: 'a@gh', ToKfAccount: 'b@gh' },
      '',
      other('kf_switch_session', { Event: 'kf_switch_session', FromKfAccount: 'a@gh', ToKfAccount: 'b@gh' }),
    ],
    [
      'a consent',
      { Event: 'subscribe_msg_popup_event' },
      list('SubscribeMsgPopupEvent', template),
      other('subscribe_msg_popup_event', {
        Event: 'subscribe_msg_popup_event',
        SubscribeMsgPopupEvent: { List: [templateData, templateData] },
      }),
    ],
    [
      'a changed consent',
      { Event: 'subscribe_msg_change_event' },
      list('SubscribeMsgChangeEvent', template),
      other('subscribe_msg_change_event', {
        Event: 'subscribe_msg_change_event',
        SubscribeMsgChangeEvent: { List: [templateData, templateData] },
      }),
    ],
    [
      'a notice sent',
      { Event: 'subscribe_msg_sent_event' },
      list('SubscribeMsgSentEvent', sent),
      other('subscribe_msg_sent_event', {
        Event: 'subscribe_msg_sent_event',
        SubscribeMsgSentEvent: { List: [sentData, sentData] },
      }),
    ],
    ...['user_info_modified', 'user_authorization_revoke', 'user_authorization_cancellation'].map(
      (Event) =>
        [
          Event,
          { Event, OpenID: 'o1', AppID: 'wx1', RevokeInfo: '1' },
          '',
          other(Event, { Event, OpenID: 'o1', AppID: 'wx1', RevokeInfo: '1' }),
        ] as const,
    ),
    [
      'a mini program opened',
      { Event: 'user_enter_tempsession', SessionFrom: 'order' },
      '',
      { kind: 'event', name: 'opened', value: 'order' },
    ],
    [
      'the push tester',
      { Event: 'debug_demo', debug_str: 'hello' },
      '',
      other('debug_demo', { Event: 'debug_demo', debug_str: 'hello' }),
    ],
    [
      'something new',
      { Event: 'card_pass_check', CardId: 'C' },
      '',
      {
        kind: 'unsupported',
        type: 'event:card_pass_check',
        raw: {
          ToUserName: accountKey,
          FromUserName: openId,
          CreateTime: '1767225600',
          MsgType: 'event',
          Event: 'card_pass_check',
          CardId: 'C',
        },
      },
    ],
    [
      'a nameless event',
      {},
      '',
      {
        kind: 'unsupported',
        type: 'event:',
        raw: { ToUserName: accountKey, FromUserName: openId, CreateTime: '1767225600', MsgType: 'event' },
      },
    ],
  ]

  it.each(silent)('stores %s without waiting or opening anything', async (_, values, extra, part) => {
    const message = await event(values, extra)
    expect(message.parts).toEqual([part])
    expect(message).toMatchObject({ mayContinue: false, wantsReply: false, passiveBudgetMs: 0 })
    expect(message).not.toHaveProperty('opens')
  })
})
