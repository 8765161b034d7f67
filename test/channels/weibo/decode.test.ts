import { describe, expect, it } from 'vitest'
import { bodyOf, createAccount, decoded, push } from './push.ts'
import { account, fan } from './stage.ts'

const said = { opens: 'message', mayContinue: false, wantsReply: true, passiveBudgetMs: 4_200 }
const silent = { mayContinue: false, wantsReply: false, passiveBudgetMs: 0 }

describe('what a contact says', () => {
  it('has an address, a time and a key', async () => {
    const message = await decoded({})
    expect(message).toEqual({
      inboxId: 'inbox-1',
      accountKey: account.uid,
      contactKey: fan.key,
      threadKey: fan.key,
      dedupKey: expect.stringMatching(/^push:[0-9a-f]{64}$/),
      sentAt: new Date('2012-07-16T10:09:20Z'),
      parts: [{ kind: 'text', text: '我的快递呢' }],
      ...said,
      mayContinue: true,
    })
  })

  it('keeps ids that no JavaScript number can hold', async () => {
    expect((await decoded({ sender_id: '9007199254740993' }))?.contactKey).toBe('9007199254740993')
    expect((await decoded({ sender_id: '18446744073709551615' }))?.contactKey).toBe('18446744073709551615')
    const image = await decoded({ type: '"image"', data: '{"vfid":1,"tovfid":9223372036854775807}' })
    expect(image?.parts).toEqual([
      { kind: 'image', media: { providerRef: '9223372036854775807', failure: 'pending' } },
    ])
  })

  it('keeps ids that come as text', async () => {
    expect((await decoded({ sender_id: '"2489518277"' }))?.contactKey).toBe('2489518277')
  })

  it('is a position', async () => {
    const message = await decoded({
      type: '"position"',
      text: '"我在这里: http://t.cn/xxxx"',
      data: '{"longitude":"116.308586","latitude":"39.982525"}',
    })
    expect(message).toMatchObject({
      ...said,
      parts: [{ kind: 'location', latitude: 39.982525, longitude: 116.308586 }],
    })
  })

  it.each([
    ['image', 'image'],
    ['voice', 'audio'],
  ])('is a %s by the receiver’s handle', async (type, kind) => {
    const message = await decoded({ type: `"${type}"`, data: '{"vfid":821804459,"tovfid":821804469}' })
    expect(message).toMatchObject({ ...said, parts: [{ kind, media: { providerRef: '821804469' } }] })
  })

  it('is kept without a file when only the sender’s handle comes', async () => {
    const message = await decoded({ type: '"voice"', data: '{"vfid":821804459}' })
    expect(message?.parts).toEqual([{ kind: 'audio', media: { failure: 'not_downloadable' } }])
  })

  it('is dated by the signature when the date has another form', async () => {
    const { host, call } = createAccount()
    const now = host.clock.now()
    await call(push(bodyOf({ created_at: '"2026-11-23 12:00:00"' }), { now }))
    expect(host.accepted[0]?.sentAt).toEqual(now)
  })
})

describe('what happened', () => {
  const event = (data: string, more: Readonly<Record<string, string>> = {}) =>
    decoded({ type: '"event"', text: '"…"', data, ...more })

  it.each([
    ['follow', 'subscribed', 'follow'],
    ['scan_follow', 'subscribed', 'scan'],
    ['scan', 'scanned', 'scan'],
    ['subscribe', 'opened', 'subscribe'],
    ['click', 'menu', 'click'],
  ])('%s may be answered', async (subtype, name, opens) => {
    const message = await event(`{"subtype":"${subtype}","key":"QR_SCENE_123"}`)
    expect(message).toMatchObject({ ...said, opens, parts: [{ kind: 'event', name }] })
  })

  it('tells scene, menu key and keyword', async () => {
    const valueOf = async (data: string, more = {}) => (await event(data, more))?.parts[0]
    expect(await valueOf('{"subtype":"scan_follow","key":"QR_SCENE_123","ticket":"TICKET"}')).toEqual({
      kind: 'event',
      name: 'subscribed',
      value: 'QR_SCENE_123',
      data: { subtype: 'scan_follow', key: 'QR_SCENE_123', ticket: 'TICKET' },
    })
    expect(await valueOf('{"subtype":"click","key":"get_groupon"}')).toMatchObject({ value: 'get_groupon' })
    expect(await valueOf('{"subtype":"subscribe"}', { text: '"dy"' })).toMatchObject({ value: 'dy' })
  })

  it.each([
    ['unsubscribe', 'closed'],
    ['view', 'other'],
    ['location', 'other'],
  ])('%s wants no answer', async (subtype, name) => {
    const message = await event(`{"subtype":"${subtype}","key":"http://a.example"}`)
    expect(message).toMatchObject({ ...silent, parts: [{ kind: 'event', name }] })
    expect(message?.opens).toBeUndefined()
  })

  it('an unfollow ends everything that was open', async () => {
    expect(await event('{"subtype":"unfollow"}')).toMatchObject({
      ...silent,
      closesAll: true,
      parts: [{ kind: 'event', name: 'unsubscribed' }],
    })
  })

  it.each([
    ['event', '{"subtype":"poke"}', 'event:poke'],
    ['event', '{}', 'event:'],
    ['mention', '{"subtype":"poll","key":"1"}', 'mention:poll'],
    ['hologram', '{}', 'hologram'],
    ['position', '{"longitude":"east","latitude":"39"}', 'position'],
    ['position', '{"longitude":"181","latitude":"39"}', 'position'],
    ['position', '""', 'position'],
  ])('an unknown %s %s is kept and not answered', async (type, data, name) => {
    const message = await decoded({ type: `"${type}"`, data })
    expect(message).toMatchObject({ ...silent, parts: [{ kind: 'unsupported', type: name }] })
    expect(message?.parts[0]).toHaveProperty('raw.type', type)
  })
})

describe('mentions', () => {
  const mention = (text: string, subtype = 'status'): Readonly<Record<string, string>> => ({
    type: '"mention"',
    text: JSON.stringify(text),
    data: `{"subtype":"${subtype}","key":"3456789012345678"}`,
  })

  it.each([
    ['@次元站 怎么退款', '怎么退款'],
    ['@次元站：怎么退款', '怎么退款'],
    ['@别人 @次元站 怎么退款 @第三人', '怎么退款 @第三人'],
    ['怎么退款 @次元站', '怎么退款 @次元站'],
  ])('%s asks %s', async (text, words) => {
    expect(await decoded(mention(text))).toMatchObject({
      opens: 'mention',
      wantsReply: true,
      mayContinue: false,
      // The one answer is counted, so it goes by API.
      passiveBudgetMs: 0,
      parts: [
        { kind: 'event', name: 'mentioned', value: '3456789012345678', data: { subtype: 'status', text } },
        { kind: 'text', text: words },
      ],
    })
  })

  it('without a word are an event alone', async () => {
    expect((await decoded(mention('@次元站 ', 'comment')))?.parts).toEqual([
      {
        kind: 'event',
        name: 'mentioned',
        value: '3456789012345678',
        data: { subtype: 'comment', key: '3456789012345678', text: '@次元站 ' },
      },
    ])
  })

  it('are answered once in a window, whatever is retried', async () => {
    const { host, call } = createAccount()
    const says = (text: string, second: number, nonce: string) =>
      call(
        push(bodyOf({ ...mention(text), created_at: `"Mon Jul 16 18:09:${second} +0800 2012"` }), {
          now: host.clock.now(),
          nonce,
        }),
      )
    await says('@次元站 一', 10, '1')
    await says('@次元站 二', 11, '2')
    await says('@次元站 一', 10, '3')
    expect(host.accepted.map(({ wantsReply, opens }) => ({ wantsReply, opens }))).toEqual([
      { wantsReply: true, opens: 'mention' },
      { wantsReply: false, opens: undefined },
    ])
  })

  it('are answered once also when all caches were lost in between', async () => {
    const says = ({ host, call }: ReturnType<typeof createAccount>, text: string, second: number) =>
      call(
        push(bodyOf({ ...mention(text), created_at: `"Mon Jul 16 18:09:${second} +0800 2012"` }), {
          now: host.clock.now(),
          nonce: String(second),
        }),
      )
    const [before, after] = [createAccount(), createAccount()]
    await says(before, '@次元站 一', 10)
    for (const [name, value] of before.host.cursors) await after.host.cursor.write(name, value)
    await says(after, '@次元站 二', 11)
    expect(after.host.accepted.map(({ wantsReply }) => wantsReply)).toEqual([false])
    after.host.clock.advance(48 * 3_600_000)
    await says(after, '@次元站 三', 12)
    expect(after.host.accepted.map(({ wantsReply }) => wantsReply)).toEqual([false, true])
  })

  it('are only shown to agents when they are not to be answered', async () => {
    const message = await decoded(mention('@次元站 怎么退款'), { answerMentions: false })
    expect(message).toMatchObject({ wantsReply: false, opens: 'mention' })
  })
})

describe('keys', () => {
  const keyOf = async (more: Readonly<Record<string, string>>): Promise<string> =>
    (await decoded(more))?.dedupKey ?? ''

  it('are the same for the same push, in whatever order its data stands', async () => {
    expect(await keyOf({})).toBe(await keyOf({}))
    const event = (data: string) => keyOf({ type: '"event"', data })
    expect(await event('{"subtype":"click","key":"a"}')).toBe(await event('{"key":"a","subtype":"click"}'))
  })

  it('differ by sender, second, type, words and data', async () => {
    const keys = await Promise.all(
      [
        {},
        { sender_id: '1' },
        { created_at: '"Mon Jul 16 18:09:21 +0800 2012"' },
        { type: '"note"' },
        { text: '"我的快递呢？"' },
        { type: '"image"', data: '{"tovfid":1}' },
        { type: '"image"', data: '{"tovfid":2}' },
      ].map(keyOf),
    )
    expect(new Set(keys).size).toBe(keys.length)
  })
})
