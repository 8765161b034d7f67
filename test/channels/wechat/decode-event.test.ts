import { describe, expect, it } from 'vitest'
import type { Part } from '../../../src/core/message.ts'
import { accountKey, decoded, openId } from './account.ts'
import type { Values } from './account.ts'

describe('events', () => {
  const event = (values: Values, extra = '') => decoded({ MsgType: 'event', ...values }, extra)

  const scan =
    '<ScanCodeInfo><ScanType>qrcode</ScanType><ScanResult><![CDATA[0012]]></ScanResult></ScanCodeInfo>'
  const scanned: Part = {
    kind: 'event',
    name: 'menu',
    value: 'K',
    data: { scanType: 'qrcode', scanResult: '0012' },
  }

  const answered: readonly (readonly [string, string, { values: Values; extra?: string; part: Part }])[] = [
    ['follow', 'a follow', { values: { Event: 'subscribe' }, part: { kind: 'event', name: 'subscribed' } }],
    [
      'follow',
      'a follow by QR code',
      {
        values: { Event: 'subscribe', EventKey: 'qrscene_order_8842', Ticket: 'T' },
        part: { kind: 'event', name: 'subscribed', value: 'order_8842', data: { ticket: 'T' } },
      },
    ],
    [
      'scan',
      'a scan',
      {
        values: { Event: 'SCAN', EventKey: 'order_8842', Ticket: 'T' },
        part: { kind: 'event', name: 'scanned', value: 'order_8842', data: { ticket: 'T' } },
      },
    ],
    [
      'click',
      'a menu key',
      {
        values: { Event: 'CLICK', EventKey: 'MENU_TALK_TO_HUMAN' },
        part: { kind: 'event', name: 'menu', value: 'MENU_TALK_TO_HUMAN' },
      },
    ],
    [
      'click',
      'a menu key in other letters',
      { values: { Event: 'click', EventKey: 'K' }, part: { kind: 'event', name: 'menu', value: 'K' } },
    ],
    [
      'click',
      'scancode_push',
      { values: { Event: 'scancode_push', EventKey: 'K' }, extra: scan, part: scanned },
    ],
    [
      'click',
      'scancode_waitmsg',
      { values: { Event: 'scancode_waitmsg', EventKey: 'K' }, extra: scan, part: scanned },
    ],
  ]

  it.each(answered)('opens the allowance %s for %s', async (opens, _, { values, extra = '', part }) => {
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
