import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { z } from 'zod'
import type { Part } from '../../../src/core/message.ts'
import { bodyOf, createAccount, push } from './push.ts'
import type { Account } from './push.ts'
import { account, fan } from './stage.ts'

const Answer = z.strictObject({
  result: z.literal(true),
  sender_id: z.string(),
  receiver_id: z.string(),
  type: z.string(),
  data: z.string(),
})

const asks = ({ host, call }: Account, nonce = '1') =>
  call(push(bodyOf({}), { now: host.clock.now(), nonce }))

/** The answer that `part` becomes on the request, its data decoded once. */
const answerOf = async (part: Part, section: Record<string, unknown> = {}) => {
  const tested = createAccount(section)
  tested.host.answerWith(part)
  const { status, body, response } = await asks(tested)
  expect(status).toBe(200)
  if (body === '') return undefined
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8')
  const answer = Answer.parse(JSON.parse(body))
  const data: unknown = JSON.parse(decodeURIComponent(answer.data))
  return { ...answer, raw: answer.data, data }
}

describe('an answer within the request', () => {
  it('goes from the account to the contact: the ids of the push, swapped', async () => {
    expect(await answerOf({ kind: 'text', text: '中文消息' })).toEqual({
      result: true,
      sender_id: account.uid,
      receiver_id: fan.key,
      type: 'text',
      raw: '%7B%22text%22%3A%22%E4%B8%AD%E6%96%87%E6%B6%88%E6%81%AF%22%7D',
      data: { text: '中文消息' },
    })
  })

  it('is URL-encoded once, whatever stands in it', async () => {
    const text = '100% “好” + a&b=c\n<b>"引号"</b> \\ 🚚'
    const answer = await answerOf({ kind: 'text', text })
    expect(answer?.data).toEqual({ text })
    // A space is no plus, which some decoders would keep.
    expect(answer?.raw).not.toMatch(/[+ "&=]/)
  })

  it('holds no half pairs and no control characters', async () => {
    expect((await answerOf({ kind: 'text', text: 'a\u0000b\ud83d' }))?.data).toEqual({ text: 'ab\uFFFD' })
  })

  it('has fewer than 300 characters, faces counted once', async () => {
    expect((await answerOf({ kind: 'text', text: '😀'.repeat(299) }))?.data).toEqual({
      text: '😀'.repeat(299),
    })
    expect(await answerOf({ kind: 'text', text: '😀'.repeat(300) })).toBeUndefined()
    expect(await answerOf({ kind: 'text', text: '字'.repeat(300) })).toBeUndefined()
  })

  it('is a card where there is a picture for it', async () => {
    const articleImage = 'https://a.example/card.png'
    const link: Part = { kind: 'link', url: 'https://a.example/help', title: '退款', description: '怎么退款' }
    expect(await answerOf(link, { articleImage })).toMatchObject({
      type: 'articles',
      data: {
        articles: [
          { display_name: '退款', summary: '怎么退款', image: articleImage, url: 'https://a.example/help' },
        ],
      },
    })
  })

  it('is a position', async () => {
    expect(await answerOf({ kind: 'location', latitude: 39.9, longitude: 116.3 })).toMatchObject({
      type: 'position',
      data: { longitude: '116.3', latitude: '39.9' },
    })
  })

  it.each<Part>([
    { kind: 'image', media: { mediaId: 'm' } },
    { kind: 'audio', media: { mediaId: 'm' } },
    { kind: 'video', media: { mediaId: 'm' } },
    { kind: 'file', media: { mediaId: 'm' }, name: 'a.pdf' },
    { kind: 'sticker', name: 'x' },
    { kind: 'choices', prompt: 'x', choices: [] },
    { kind: 'link', url: 'https://a.example' },
  ])('is none for $kind, and the push is taken', async (part) => {
    expect(await answerOf(part)).toBeUndefined()
  })

  it('has the same bytes for every retry', async () => {
    const tested = createAccount()
    tested.host.answerWith({ kind: 'text', text: '在路上了' })
    const bodies: string[] = []
    for (const nonce of ['1', '2', '3']) {
      bodies.push((await asks(tested, nonce)).body)
      tested.host.clock.advance(5_000)
    }
    expect(new Set(bodies).size).toBe(1)
    expect(tested.host.accepted).toHaveLength(1)
  })

  it('is confirmed once it has left, and not when the connection broke', async () => {
    const tested = createAccount()
    tested.host.answerWith({ kind: 'text', text: '在路上了' })
    const first = await asks(tested)
    first.finish(false)
    expect(tested.host.confirmed).toEqual([])
    const second = await asks(tested, '2')
    second.finish(true)
    await expect.poll(() => tested.host.confirmed.length).toBe(1)
  })

  it('is waited for within the platform’s five seconds', async () => {
    // What a busy machine needs before it waits is taken off.
    vi.useFakeTimers({ toFake: ['performance'] })
    onTestFinished(() => void vi.useRealTimers())
    const tested = createAccount()
    await asks(tested)
    expect(tested.host.waited).toEqual([4_200])
  })

  it('is not waited for when it may not ride', async () => {
    const tested = createAccount({ passiveBudgetMs: 0 })
    expect(await asks(tested)).toMatchObject({ status: 200, body: '' })
    expect(tested.host.waited).toEqual([])
  })

  it('is not waited for after an unfollow, an unknown type or a mention', async () => {
    const tested = createAccount()
    const { host, call } = tested
    host.answerWith({ kind: 'text', text: '再见' })
    const pushes = [
      { type: '"event"', data: '{"subtype":"unfollow"}' },
      { type: '"hologram"' },
      { type: '"mention"', data: '{"subtype":"status","key":"1"}' },
    ]
    for (const [place, more] of pushes.entries()) {
      const nonce = String(place)
      expect(await call(push(bodyOf(more), { now: host.clock.now(), nonce }))).toMatchObject({
        status: 200,
        body: '',
      })
    }
    expect(host.waited).toEqual([])
    expect(host.accepted).toHaveLength(3)
  })
})
