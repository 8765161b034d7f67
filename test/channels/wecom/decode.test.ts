import { describe, expect, it } from 'vitest'
import { decodeItem } from '../../../channels/wecom/decode.ts'
import type { DecodeContext, Decoded } from '../../../channels/wecom/decode.ts'
import { createRandom } from '../../support/random.ts'

const now = new Date('2026-01-01T00:00:00Z')
const seconds = now.getTime() / 1_000
const context: DecodeContext = {
  inboxId: 'kf',
  openKfId: 'wkA',
  now,
  answerFrom: new Date(now.getTime() - 60_000),
  replyWindowMs: 48 * 3_600_000,
  welcomeWindowMs: 20_000,
}
const base = {
  msgid: 'm-1',
  open_kfid: 'wkA',
  external_userid: 'wmB',
  send_time: seconds,
  origin: 3,
}
const item = (msgtype: string, content: unknown, more: Record<string, unknown> = {}) => ({
  ...base,
  msgtype,
  [msgtype]: content,
  ...more,
})
const event = (
  event_type: string,
  fields: Record<string, unknown> = {},
  more: Record<string, unknown> = {},
) => ({
  msgid: 'e-1',
  send_time: seconds,
  origin: 4,
  msgtype: 'event',
  event: { event_type, open_kfid: 'wkA', external_userid: 'wmB', ...fields },
  ...more,
})
const partsOf = (decoded: Decoded) => (decoded.kind === 'message' ? decoded.message.parts : decoded.kind)

describe('what a contact says', () => {
  it('carries its address, its time and its own id', () => {
    expect(decodeItem(item('text', { content: '在吗' }), context)).toEqual({
      kind: 'message',
      message: {
        inboxId: 'kf',
        dedupKey: 'm-1',
        contactKey: 'wmB',
        threadKey: 'wkA:wmB',
        accountKey: 'wkA',
        sentAt: now,
        parts: [{ kind: 'text', text: '在吗' }],
        opens: 'message',
        mayContinue: true,
        wantsReply: true,
        passiveBudgetMs: 0,
      },
    })
  })

  it.each([
    ['text', { content: '看\u0000这\ud800里' }, [{ kind: 'text', text: '看这\ufffd里' }]],
    [
      'text',
      { content: '查订单', menu_id: 'article:1' },
      [
        { kind: 'event', name: 'choice', value: 'article:1' },
        { kind: 'text', text: '查订单' },
      ],
    ],
    ['image', { media_id: 'M' }, [{ kind: 'image', media: { providerRef: 'M' } }]],
    ['voice', { media_id: 'M' }, [{ kind: 'audio', media: { providerRef: 'M' } }]],
    ['video', { media_id: 'M' }, [{ kind: 'video', media: { providerRef: 'M' } }]],
    ['file', { media_id: 'M' }, [{ kind: 'file', media: { providerRef: 'M' }, name: '文件' }]],
    [
      'location',
      { latitude: 31.2, longitude: 121.4, name: '店', address: '路 1 号' },
      [{ kind: 'location', latitude: 31.2, longitude: 121.4, label: '店 路 1 号' }],
    ],
    [
      'link',
      { title: '题', desc: '述', url: 'https://a.example/', pic_url: 'x' },
      [{ kind: 'link', url: 'https://a.example/', title: '题', description: '述' }],
    ],
  ])('as %s becomes parts', (type, content, parts) => {
    expect(partsOf(decodeItem(item(type, content), context))).toEqual(parts)
  })

  it.each([
    ['business_card', { userid: 'zhangsan' }],
    ['miniprogram', { title: 't', appid: 'wx1', pagepath: 'p', thumb_media_id: 'm' }],
    ['msgmenu', { head_content: 'h', list: [], tail_content: 't' }],
    ['channels_shop_product', { product_id: '1', title: 't' }],
    ['channels_shop_order', { order_id: '1' }],
    ['merged_msg', { title: 't', item: [] }],
    ['channels', { nickname: 'n' }],
    ['meeting', {}],
    ['schedule', {}],
    ['note', {}],
    ['hologram', { beam: 'x' }],
    ['image', {}],
    ['text', { content: 7 }],
    ['location', { latitude: 'north', longitude: 1 }],
    ['location', { latitude: 91, longitude: 1 }],
    ['link', { url: 'javascript:alert(1)' }],
  ])('as %s %j is kept as it came', (type, content) => {
    expect(partsOf(decodeItem(item(type, content), context))).toEqual([
      { kind: 'unsupported', type, raw: content },
    ])
  })

  it('never copies names that mean something to JavaScript, and bounds what it keeps', () => {
    const evil: unknown = JSON.parse(
      `{"beam":"x","__proto__":{"polluted":1},"constructor":{"polluted":1},"deep":${'{"a":'.repeat(50)}1${'}'.repeat(50)}}`,
    )
    decodeItem(item('hologram', evil), context)
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
    const large = item('hologram', { beam: 'x'.repeat(100_000) })
    expect(partsOf(decodeItem(large, context))).toEqual([
      { kind: 'unsupported', type: 'hologram', raw: { omitted: 'too large' } },
    ])
  })

  it('is known by its content when it has no id', () => {
    const without = { ...item('text', { content: 'a' }), msgid: undefined }
    const [one, same, other] = [without, without, { ...without, send_time: seconds - 1 }].map((each) =>
      decodeItem(each, context),
    )
    const key = (decoded: Decoded | undefined) =>
      decoded?.kind === 'message' ? decoded.message.dedupKey : undefined
    expect(key(one)).toBe(key(same))
    expect(key(one)).not.toBe(key(other))
  })
})

describe('what an agent in WeCom says', () => {
  it('is told apart from the contact’s words', () => {
    const said = item('text', { content: '我来处理' }, { origin: 5, servicer_userid: 'zhangsan' })
    expect(decodeItem(said, context)).toMatchObject({
      kind: 'said',
      said: { threadKey: 'wkA:wmB', dedupKey: 'm-1', parts: [{ kind: 'text', text: '我来处理' }] },
    })
  })
})

describe('an event', () => {
  it('enter_session with a code that works may be answered once', () => {
    const fields = {
      scene: 'web',
      scene_param: 'ticket-17',
      welcome_code: 'W',
      wechat_channels: { nickname: '次元站', scene: 1 },
    }
    expect(decodeItem(event('enter_session', fields), context)).toMatchObject({
      kind: 'message',
      welcome: { code: 'W', until: new Date(now.getTime() + 20_000) },
      message: {
        opens: 'welcome',
        wantsReply: true,
        mayContinue: false,
        parts: [
          {
            kind: 'event',
            name: 'opened',
            value: 'web',
            data: { sceneParam: 'ticket-17', channelsName: '次元站' },
          },
        ],
      },
    })
  })

  it.each([
    ['without a code', {}, seconds],
    ['with a code that is 20 s old', { welcome_code: 'W' }, seconds - 20],
  ])('enter_session %s is only noted', (_name, fields, send_time) => {
    const decoded = decodeItem(event('enter_session', fields, { send_time }), context)
    expect(decoded).toMatchObject({ kind: 'message', message: { wantsReply: false } })
    expect(decoded).not.toHaveProperty('message.opens')
    expect(decoded).not.toHaveProperty('welcome')
  })

  it.each([
    [1, 'taken'],
    [2, 'moved'],
    [3, 'ended'],
    [4, 'reopened'],
  ])('session_status_change %i says who serves', (change_type, change) => {
    const fields = { change_type, new_servicer_userid: 'zhangsan', msg_code: 'C' }
    expect(decodeItem(event('session_status_change', fields), context)).toMatchObject({
      kind: 'session',
      session: { openKfId: 'wkA', contactKey: 'wmB', change, msgCode: 'C', at: now },
      said: { threadKey: 'wkA:wmB', dedupKey: 'e-1', parts: [{ kind: 'event', data: { change } }] },
    })
  })

  it.each([
    [0, 'permanent'],
    [1, 'needs_operator'],
    [2, 'needs_operator'],
    [4, 'window_closed'],
    [5, 'window_closed'],
    [6, 'quota_exhausted'],
    [7, 'needs_operator'],
    [8, 'needs_operator'],
    [9, 'needs_operator'],
    [10, 'unreachable'],
    [11, 'needs_operator'],
    [12, 'rejected_content'],
    [13, 'rejected_content'],
    [99, 'permanent'],
  ])('msg_send_fail %i leads back to its message', (fail_type, code) => {
    const fields = { fail_msgid: '018f3a5e000070008000000000000001', fail_type }
    expect(decodeItem(event('msg_send_fail', fields), context)).toMatchObject({
      kind: 'undelivered',
      outboundId: '018f3a5e-0000-7000-8000-000000000001',
      fault: { code, providerCode: `fail_type ${fail_type}` },
    })
  })

  it('user_recall_msg is noted', () => {
    expect(partsOf(decodeItem(event('user_recall_msg', { recall_msgid: 'm-0' }), context))).toEqual([
      { kind: 'event', name: 'other', value: 'user_recall_msg', data: { messageId: 'm-0' } },
    ])
  })

  it.each([
    ['servicer_recall_msg', { recall_msgid: 'm-0' }],
    ['session_status_change', { change_type: 17 }],
  ])('%s %j of the company’s people is noted as theirs', (type, fields) => {
    expect(decodeItem(event(type, fields), context)).toMatchObject({
      kind: 'said',
      said: { parts: [{ kind: 'event', name: 'other', value: type }] },
    })
  })

  it.each([
    ['servicer_status_change', { servicer_userid: 'zhangsan', status: 2, stop_type: 1 }],
    ['reject_customer_msg_switch_change', { servicer_userid: 'zhangsan', reject_switch: 1 }],
  ])('%s is for the log, without anybody’s id', (type, fields) => {
    const decoded = decodeItem(event(type, { ...fields, external_userid: undefined }), context)
    expect(decoded).toMatchObject({ kind: 'notice', name: type })
    expect(JSON.stringify(decoded)).not.toContain('zhangsan')
  })

  it('nobody knows is kept as it came, and answered by nobody', () => {
    expect(decodeItem(event('brand_new', { x: 1 }), context)).toMatchObject({
      kind: 'message',
      message: { wantsReply: false, parts: [{ kind: 'unsupported', type: 'event:brand_new' }] },
    })
    expect(decodeItem(event('brand_new', { external_userid: undefined }), context).kind).toBe('notice')
  })
})

describe('ten thousand mutations', () => {
  it('are each a value, never a crash', () => {
    const seeds = [
      item('text', { content: '在吗', menu_id: 'a' }),
      item('location', { latitude: 1, longitude: 2, name: 'n', address: 'a' }),
      item('link', { title: 't', desc: 'd', url: 'https://a.example', pic_url: '' }),
      item('file', { media_id: 'M' }),
      item('text', { content: '我来' }, { origin: 5 }),
      event('enter_session', { welcome_code: 'W', scene: 's', wechat_channels: { nickname: 'n' } }),
      event('session_status_change', { change_type: 1, msg_code: 'C' }),
      event('msg_send_fail', { fail_msgid: 'x', fail_type: 4 }),
    ].map((each) => JSON.stringify(each))
    const random = createRandom(20_260_101)
    const pieces = [
      'null',
      '""',
      '-1',
      '1e999',
      '[]',
      '{}',
      '"\\u0000"',
      'true',
      '{"__proto__":{}}',
      '99999999999999999999',
    ]
    const mutate = (text: string): unknown => {
      let mutated = text
      for (let times = random(4) + 1; times > 0; times -= 1) {
        const values = [...mutated.matchAll(/:("[^"]*"|-?\d+|\{[^{}]*\})/g)]
        const target = values[random(Math.max(1, values.length))]
        const piece = pieces[random(pieces.length)] ?? 'null'
        if (target !== undefined)
          mutated = `${mutated.slice(0, target.index)}:${piece}${mutated.slice(target.index + target[0].length)}`
      }
      try {
        return JSON.parse(mutated)
      } catch {
        return mutated
      }
    }
    const kinds = new Set<string>()
    for (let run = 0; run < 10_000; run += 1)
      kinds.add(decodeItem(mutate(seeds[run % seeds.length] ?? ''), context).kind)
    expect([...kinds].sort()).toEqual(['message', 'notice', 'said', 'session', 'undelivered', 'unreadable'])
  })
})
