import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { mediaFields, photoFields, textFields } from '../../../sandbox/index.ts'
import type { InboundMessage } from '../../../src/core/message.ts'
import { message, setStage, update, userKey } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
beforeAll(async () => {
  stage = await setStage()
})
afterAll(() => stage.close())

let seen = 0
beforeEach(() => {
  seen = stage.host.accepted.length
})
const received = async (): Promise<readonly InboundMessage[]> => {
  await stage.settle()
  return stage.host.accepted.slice(seen)
}
const file = (contentType = 'application/octet-stream', size = 8) =>
  stage.simulator.files.put({ bytes: new Uint8Array(size).fill(7), name: '报告 (1).pdf', contentType })
const stored = { mediaId: expect.any(String), bytes: 8, providerRef: expect.any(String) }

describe('what a person sends', () => {
  it.each([
    ['photo', () => photoFields(file()), { kind: 'image', media: stored }],
    [
      'document',
      () => mediaFields('document', file()),
      { kind: 'file', name: '报告 (1).pdf', media: stored },
    ],
    [
      'voice',
      () => mediaFields('voice', file(), { duration: 7 }),
      { kind: 'audio', durationMs: 7_000, media: stored },
    ],
    ['audio', () => mediaFields('audio', file(), { duration: 200 }), { kind: 'audio', media: stored }],
    ['video', () => mediaFields('video', file()), { kind: 'video', media: stored }],
    ['video note', () => mediaFields('video_note', file()), { kind: 'video', short: true, media: stored }],
    [
      'animation, which comes with a document of the same',
      () => ({ ...mediaFields('animation', file()), ...mediaFields('document', file()) }),
      { kind: 'video', short: true, media: stored },
    ],
    [
      'sticker',
      () => mediaFields('sticker', file(), { emoji: '😂', is_animated: false, is_video: false }),
      { kind: 'sticker', name: '😂', media: stored },
    ],
    [
      'location',
      () => ({ location: { latitude: 31.2, longitude: 121.5 } }),
      { kind: 'location', latitude: 31.2, longitude: 121.5 },
    ],
    [
      'venue',
      () => ({
        location: { latitude: 31.2, longitude: 121.5 },
        venue: { location: { latitude: 31.2, longitude: 121.5 }, title: '国正中心', address: '政立路485号' },
      }),
      { kind: 'location', label: '国正中心 政立路485号' },
    ],
    [
      'contact',
      () => ({ contact: { phone_number: '+8613800000000', first_name: '小红' } }),
      { kind: 'text', text: '[名片] 小红 +8613800000000' },
    ],
    ['dice', () => ({ dice: { emoji: '🎲', value: 4 } }), { kind: 'unsupported', type: 'dice' }],
    ['poll', () => ({ poll: { id: '1', question: '?' } }), { kind: 'unsupported', type: 'poll' }],
  ])('%s', async (_name, fields, part) => {
    stage.simulator.people.send(userKey, fields())
    const [got, ...more] = await received()
    expect(more).toEqual([])
    expect(got?.parts).toMatchObject([part])
    expect(got?.parts).toHaveLength(1)
    expect(got).toMatchObject({ wantsReply: true, mayContinue: false, displayName: '小白' })
  })

  it.each(['is_animated', 'is_video'])(
    'a sticker that moves (%s) is its emoji, and not fetched',
    async (kind) => {
      stage.simulator.people.send(userKey, mediaFields('sticker', file(), { emoji: '😂', [kind]: true }))
      expect((await received())[0]?.parts).toEqual([{ kind: 'sticker', name: '😂' }])
    },
  )

  it('keeps the address behind a word, and does not repeat one that is shown', async () => {
    const link = (offset: number, length: number, url: string) => ({ type: 'text_link', offset, length, url })
    stage.simulator.people.send(userKey, {
      text: '😂看这里，还有 shop.example，谢谢',
      entities: [
        link(3, 2, 'https://help.example/a?b=1'),
        link(9, 12, 'http://shop.example/'),
        { type: 'bold', offset: 0, length: 3 },
      ],
    })
    expect((await received())[0]?.parts).toEqual([
      { kind: 'text', text: '😂看这里（https://help.example/a?b=1），还有 shop.example，谢谢' },
    ])
  })

  it('keeps a caption beside its file', async () => {
    stage.simulator.people.send(userKey, { ...photoFields(file()), caption: '这个怎么办' })
    expect((await received())[0]?.parts).toMatchObject([
      { kind: 'image' },
      { kind: 'text', text: '这个怎么办' },
    ])
  })

  it('takes the largest size of a photo, and fetches the bytes', async () => {
    const picture = file()
    stage.simulator.people.send(userKey, photoFields(picture))
    const part = (await received())[0]?.parts[0]
    const mediaId = part?.kind === 'image' ? part.media.mediaId : undefined
    expect(part).toMatchObject({ media: { providerRef: picture.fileId } })
    expect((await stage.host.media.find(mediaId ?? ''))?.bytes).toEqual(Buffer.from(picture.bytes))
  })

  it('does not ask for a file over 20 MB', async () => {
    const before = stage.simulator.exchanges().filter(({ title }) => title === 'getFile').length
    const media = {
      document: { file_id: 'big', file_unique_id: 'b', file_size: 20_971_521, file_name: 'a.zip' },
    }
    stage.simulator.people.send(userKey, media)
    expect((await received())[0]?.parts).toMatchObject([{ kind: 'file', media: { failure: 'too_large' } }])
    expect(stage.simulator.exchanges().filter(({ title }) => title === 'getFile')).toHaveLength(before)
  })

  it('keeps the message when its file is gone', async () => {
    const media = { voice: { file_id: 'gone', file_unique_id: 'g', file_size: 5 } }
    stage.simulator.people.send(userKey, media)
    expect((await received())[0]?.parts).toMatchObject([{ kind: 'audio', media: { failure: 'expired' } }])
  })

  it('lets the pieces of an album continue each other, so that they get one answer', async () => {
    for (const caption of ['三张图', undefined, undefined])
      stage.simulator.people.send(userKey, {
        ...photoFields(file()),
        media_group_id: '13370000000001',
        ...(caption === undefined ? {} : { caption }),
      })
    const got = await received()
    expect(got).toHaveLength(3)
    expect(got.every(({ mayContinue }) => mayContinue)).toBe(true)
  })

  it('is Start, with its payload', async () => {
    stage.simulator.people.start(userKey, 'order_8842')
    stage.simulator.people.start(userKey)
    expect((await received()).map(({ parts }) => parts)).toEqual([
      [{ kind: 'event', name: 'subscribed', value: 'order_8842' }],
      [{ kind: 'event', name: 'subscribed' }],
    ])
  })

  it('may go on only as plain text', async () => {
    stage.simulator.people.send(userKey, textFields('我的订单'))
    stage.simulator.people.send(userKey, textFields('/help'))
    expect((await received()).map(({ mayContinue }) => mayContinue)).toEqual([true, false])
  })

  it('is an edit, shown and not answered', async () => {
    const { messageId } = stage.simulator.people.send(userKey, textFields('退款'))
    stage.simulator.people.edit(userKey, messageId, textFields('退换货'))
    const [, edit] = await received()
    expect(edit).toMatchObject({
      parts: [
        { kind: 'event', name: 'edited' },
        { kind: 'text', text: '退换货' },
      ],
      wantsReply: false,
    })
  })

  it('keeps two edits of one second apart, and knows the same one again', async () => {
    const first = { ...message({ text: '一', edit_date: 1_767_225_601 }, 7001) }
    await stage.post(update('edited_message', first))
    await stage.post(update('edited_message', first))
    await stage.post(update('edited_message', { ...first, text: '二' }))
    expect(await received()).toHaveLength(2)
  })

  it('drops the ticks of a live location', async () => {
    const place = { location: { latitude: 1, longitude: 2 }, edit_date: 1_767_225_601 }
    await stage.post(update('edited_message', message(place, 7002)))
    expect(await received()).toEqual([])
  })

  it('says when the bot is blocked', async () => {
    stage.simulator.people.block(userKey)
    expect(await received()).toMatchObject([
      { parts: [{ kind: 'event', name: 'unsubscribed' }], wantsReply: false, contactKey: userKey },
    ])
    stage.simulator.people.start(userKey)
    await stage.settle()
  })
})

describe('what is not for us', () => {
  const bot = { id: 99, is_bot: true, first_name: 'Other bot' }

  it.each([
    ['another bot', () => update('message', message({ text: 'hi', from: bot }))],
    [
      'ourselves',
      () =>
        update('message', message({ text: 'hi', from: { ...bot, id: stage.account.botId, is_bot: false } })),
    ],
    [
      'a channel',
      () => update('channel_post', message({ text: 'hi', chat: { id: -1001, type: 'channel' } })),
    ],
    [
      'an anonymous administrator',
      () => update('message', message({ text: 'hi', sender_chat: { id: -1001 } })),
    ],
    ['nobody', () => update('message', message({ text: 'hi', from: undefined }))],
    ['an update nobody has documented', () => update('quantum_message', { id: 1 })],
    ['a reaction', () => update('message_reaction', { chat: { id: 1 }, message_id: 1 })],
    ['an update without anything', () => JSON.stringify({ update_id: 5 })],
  ])('is taken and dropped: %s', async (_name, body) => {
    expect((await stage.post(body())).status).toBe(200)
    expect(await received()).toEqual([])
  })

  it('is stored without an answer: news of the chat', async () => {
    await stage.post(update('message', message({ pinned_message: { message_id: 1 } }, 7100)))
    expect(await received()).toMatchObject([
      { parts: [{ kind: 'event', name: 'other', value: 'pinned_message' }], wantsReply: false },
    ])
  })
})

describe('identities', () => {
  it('survive beyond 2^53', async () => {
    const big = '9007199254740993'
    const body = update('message', message({ text: 'hi' }, 7200)).replaceAll(`"id":${userKey}`, `"id":${big}`)
    await stage.post(body)
    expect((await received())[0]).toMatchObject({ contactKey: big, threadKey: big })
  })

  it('order messages of one second', async () => {
    await stage.post(update('message', message({ text: 'b' }, 10)))
    await stage.post(update('message', message({ text: 'a' }, 9)))
    const ids = (await received()).map(({ providerId = '' }) => providerId)
    expect([...ids].sort()).toEqual([...ids].reverse())
  })

  it('are the same for ten copies at once', async () => {
    const body = update('message', message({ text: 'hi' }, 7300))
    const answers = await Promise.all(Array.from({ length: 10 }, () => stage.post(body)))
    expect(answers.every(({ status }) => status === 200)).toBe(true)
    expect(await received()).toHaveLength(1)
  })
})
