import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { readXml, textField, toPlain, wxSignature } from '../../../channels/kit/index.ts'
import type { Part } from '../../../src/core/message.ts'
import { createContractHost } from '../../contract/channel.ts'
import {
  accountKey,
  createAccount,
  encodingAesKey,
  messageXml,
  openId,
  openReply,
  otherAesKey,
  plainPush,
  safePush,
  textXml,
  token,
} from './account.ts'
import type { Account, Signing } from './account.ts'
import { startProvider, uploadPath } from './provider.ts'

const nowOf = ({ host }: Account, nonce = '1'): Signing => ({ now: host.clock.now(), nonce })

/** The plain reply to a text in plain mode. */
const replyTo = async (part: Part, more: Record<string, unknown> = {}): Promise<string> => {
  const account = createAccount({ mode: 'plain', ...more })
  account.host.answerWith(part)
  return (await account.call(plainPush(textXml('在吗'), nowOf(account)))).body
}

const fieldsOf = (xml: string): Record<string, unknown> => toPlain(readXml(xml))

/** The answer's own time, which `outbound` sets. */
const createdAt = '1767225600'

const choices: Part = {
  kind: 'choices',
  prompt: '您想问哪一个？',
  choices: [
    { id: '101', label: '退款 <多久>' },
    { id: 'a b', label: '发票' },
  ],
  footer: '都不是请直接说',
}

describe('what rides on a request', () => {
  it('is a text with the names swapped and the answer’s time', async () => {
    expect(fieldsOf(await replyTo({ kind: 'text', text: '您好\n第二行 😀' }))).toEqual({
      ToUserName: openId,
      FromUserName: accountKey,
      CreateTime: createdAt,
      MsgType: 'text',
      Content: '您好\n第二行 😀',
    })
  })

  it('cannot be broken out of', async () => {
    const text = 'a]]><MsgType>b</MsgType><![CDATA[ \u0000\uD800]]'
    const body = await replyTo({ kind: 'text', text })
    expect(fieldsOf(body)).toMatchObject({
      MsgType: 'text',
      Content: 'a]]><MsgType>b</MsgType><![CDATA[ \uFFFD]]',
    })
  })

  it('is one article for a link', async () => {
    expect(
      fieldsOf(await replyTo({ kind: 'link', url: 'https://example.com/?a=1&b=2', title: '退款说明' })),
    ).toMatchObject({
      MsgType: 'news',
      ArticleCount: '1',
      Articles: { item: [{ Title: '退款说明', Url: 'https://example.com/?a=1&b=2' }] },
    })
  })

  it('is a numbered list for choices', async () => {
    expect(fieldsOf(await replyTo(choices))).toMatchObject({
      MsgType: 'text',
      Content: '您想问哪一个？\n1. 退款 <多久>\n2. 发票\n都不是请直接说',
    })
  })

  it('is a numbered list one may tap where the account has menus', async () => {
    expect(fieldsOf(await replyTo(choices, { menus: true }))).toMatchObject({
      Content:
        '您想问哪一个？\n1. <a href="weixin://bizmsgmenu?msgmenucontent=退款 多久&msgmenuid=101">退款 多久</a>\n2. 发票\n都不是请直接说',
    })
  })

  it('is plain again when the links would make it too long', async () => {
    const many: Part = {
      ...choices,
      choices: Array.from({ length: 10 }, (_, n) => ({ id: String(n), label: '退款到账时间'.repeat(6) })),
    }
    const body = fieldsOf(await replyTo(many, { menus: true }))
    expect(body['Content']).not.toContain('weixin://')
  })

  it('is JSON when the push was JSON', async () => {
    const account = createAccount()
    account.host.answerWith({ kind: 'text', text: '在的' })
    const push = JSON.stringify({
      ToUserName: accountKey,
      FromUserName: openId,
      CreateTime: 1767225600,
      MsgType: 'text',
      Content: '在吗',
      MsgId: 1,
    })
    const { body, response } = await account.call(safePush(push, nowOf(account)))
    expect(response.headers.get('content-type')).toContain('application/json')
    expect(JSON.parse(body)).toEqual({
      Encrypt: expect.any(String),
      MsgSignature: expect.stringMatching(/^[0-9a-f]{40}$/),
      TimeStamp: Number(createdAt),
      Nonce: expect.stringMatching(/^\d+$/),
    })
  })

  it.each<[string, Part]>([
    ['a place', { kind: 'location', latitude: 1, longitude: 2 }],
    ['an endless text', { kind: 'text', text: '字'.repeat(700) }],
    ['an image nobody stored', { kind: 'image', media: { mediaId: 'gone' } }],
  ])('is nothing for %s: acknowledged, unconfirmed, left to the API', async (_, part) => {
    const account = createAccount({ mode: 'plain' })
    account.host.answerWith(part)
    const { status, body, finish } = await account.call(plainPush(textXml('在吗'), nowOf(account)))
    finish(true)
    expect([status, body]).toEqual([200, 'success'])
    expect(account.host.confirmed).toEqual([])
  })

  it.each<[string, string, Part['kind'], string]>([
    ['image', 'image/png', 'image', 'Image'],
    ['voice', 'audio/amr', 'audio', 'Voice'],
    ['video', 'video/mp4', 'video', 'Video'],
  ])('is an uploaded %s, uploaded once', async (type, contentType, kind, group) => {
    const provider = await startProvider()
    const host = createContractHost()
    const { mediaId } = host.media.add(contentType, new Uint8Array([1, 2, 3]))
    const account = createAccount({ mode: 'plain', apiBase: provider.url }, host)
    const parts: Part[] = [
      { kind: 'image', media: { mediaId } },
      { kind: 'audio', media: { mediaId } },
      { kind: 'video', media: { mediaId } },
    ]
    host.answerWith(parts.find((part) => part.kind === kind))
    const first = await account.call(plainPush(textXml('看看'), nowOf(account)))
    const second = await account.call(plainPush(textXml('看看'), nowOf(account, '2')))
    await provider.close()
    const [upload] = provider.callsTo(uploadPath)
    expect(fieldsOf(first.body)).toMatchObject({
      MsgType: type,
      [group]: { MediaId: expect.stringMatching(/^uploaded-/) },
    })
    expect(upload?.query.get('type')).toBe(type)
    expect(second.body).toBe(first.body)
    expect(provider.callsTo(uploadPath)).toHaveLength(1)
  })
})

describe('an encrypted reply', () => {
  it('is sealed with the key of the request and signed', async () => {
    const account = createAccount()
    account.host.answerWith({ kind: 'text', text: '在的' })
    const { body } = await account.call(safePush(textXml('在吗'), nowOf(account)))
    const { outer, plaintext } = openReply(body, encodingAesKey)
    const [timestamp, nonce, encrypt, signature] = ['TimeStamp', 'Nonce', 'Encrypt', 'MsgSignature'].map(
      (name) => textField(outer, name),
    )
    expect(fieldsOf(plaintext)).toMatchObject({
      ToUserName: openId,
      FromUserName: accountKey,
      MsgType: 'text',
      Content: '在的',
    })
    expect(timestamp).toBe(createdAt)
    expect(signature).toBe(wxSignature([token, timestamp ?? '', nonce ?? '', encrypt ?? '']))
  })

  it('has the same bytes for each retry, whatever clock and nonce say', async () => {
    const account = createAccount()
    account.host.answerWith({ kind: 'text', text: '在的' })
    const bodies: string[] = []
    for (const nonce of ['1', '2', '3']) {
      bodies.push((await account.call(safePush(textXml('在吗'), nowOf(account, nonce)))).body)
      account.host.clock.advance(5_000)
    }
    expect(bodies[0]).toContain('<Encrypt>')
    expect(new Set(bodies).size).toBe(1)
  })

  it('has other bytes for another message with the same words, and under another key', async () => {
    const account = createAccount({ previousEncodingAesKey: otherAesKey })
    account.host.answerWith({ kind: 'text', text: '在的' })
    const one = await account.call(safePush(textXml('在吗', '1'), nowOf(account)))
    const other = await account.call(safePush(textXml('在吗', '2'), nowOf(account)))
    const rotated = await account.call(
      safePush(textXml('在吗', '1'), { ...nowOf(account), aesKey: otherAesKey }),
    )
    expect(
      new Set([one.body, other.body, rotated.body].map((body) => textField(readXml(body), 'Encrypt'))).size,
    ).toBe(3)
    expect(new Set([one.body, other.body].map((body) => textField(readXml(body), 'Nonce'))).size).toBe(2)
  })
})

describe('waiting for the answer', () => {
  // What a busy machine needs before it waits is taken off.
  beforeEach(() => void vi.useFakeTimers({ toFake: ['performance'] }))
  afterEach(() => void vi.useRealTimers())

  it('lasts as long as configured, and not at all for what wants none', async () => {
    const account = createAccount()
    await account.call(safePush(textXml('在吗'), nowOf(account)))
    expect(account.host.waited).toEqual([4_200])
    expect(account.host.accepted[0]).toMatchObject({ passiveBudgetMs: 4_200 })
    const { body } = await account.call(
      safePush(messageXml({ MsgType: 'event', Event: 'unsubscribe' }), nowOf(account)),
    )
    expect(body).toBe('success')
    expect(account.host.waited).toHaveLength(1)
  })

  it('does not happen with a budget of 0', async () => {
    const account = createAccount({ passiveBudgetMs: 0 })
    account.host.answerWith({ kind: 'text', text: '在的' })
    expect((await account.call(safePush(textXml('在吗'), nowOf(account)))).body).toBe('success')
    expect(account.host.accepted[0]).toMatchObject({ passiveBudgetMs: 0, wantsReply: true })
    expect(account.host.waited).toEqual([])
  })

  it('without the API holds the first two attempts past the platform’s patience, not the third', async () => {
    const account = createAccount({ replyMode: 'passive-only' })
    for (const nonce of ['1', '2', '3', '4'])
      await account.call(safePush(textXml('在吗'), nowOf(account, nonce)))
    const platformMs = 5_000
    expect(account.host.waited.map((ms) => ms > platformMs)).toEqual([true, true, false, false])
  })

  const lateAnswerText = '稍后发送任意字符查看回复'

  it('without the API asks at the last attempt to send any character, and answers that one', async () => {
    const account = createAccount({ replyMode: 'passive-only', mode: 'plain', lateAnswerText })
    const said = async (text: string, id: string, nonce: string) =>
      (await account.call(plainPush(textXml(text, id), nowOf(account, nonce)))).body
    expect([await said('在吗', '1', '1'), await said('在吗', '1', '2')]).toEqual(['success', 'success'])
    expect(fieldsOf(await said('在吗', '1', '3'))).toMatchObject({
      ToUserName: openId,
      Content: lateAnswerText,
    })
    account.host.answerWith({ kind: 'text', text: '在的' })
    expect(fieldsOf(await said('1', '2', '4'))).toMatchObject({ Content: '在的' })
    expect(fieldsOf(await said('1', '2', '5'))).toMatchObject({ Content: '在的' })
    await said('1', '3', '6')
    expect(account.host.accepted.map(({ wantsReply }) => wantsReply)).toEqual([true, false, true])
  })

  it('takes a sentence for one, also after it asked for any character', async () => {
    const account = createAccount({ replyMode: 'passive-only', mode: 'plain', lateAnswerText })
    for (const nonce of ['1', '2', '3']) await account.call(plainPush(textXml('在吗'), nowOf(account, nonce)))
    await account.call(plainPush(textXml('那怎么退款', '2'), nowOf(account, '4')))
    expect(account.host.accepted.at(-1)).toMatchObject({ wantsReply: true, mayContinue: true })
  })

  it('never asks for a character where the API can send the answer', async () => {
    const account = createAccount({ mode: 'plain' })
    for (const nonce of ['1', '2', '3']) {
      const { body } = await account.call(plainPush(textXml('在吗'), nowOf(account, nonce)))
      expect(body).toBe('success')
    }
  })

  it('acknowledges when no answer came, bare and unencrypted', async () => {
    const account = createAccount()
    const { status, body, response } = await account.call(safePush(textXml('在吗'), nowOf(account)))
    expect([status, body]).toEqual([200, 'success'])
    expect(response.headers.get('content-type')).toContain('text/plain')
  })

  it('acknowledges when the answer cannot be waited for: the message is stored', async () => {
    const host = createContractHost()
    const account = createAccount(
      {},
      { ...host, awaitReply: () => Promise.reject(new Error('the bus is gone')) },
    )
    expect(await account.call(safePush(textXml('在吗'), nowOf(account)))).toMatchObject({
      status: 200,
      body: 'success',
    })
    expect(host.accepted).toHaveLength(1)
  })

  it('confirms what left this machine, and nothing else', async () => {
    const account = createAccount()
    account.host.answerWith({ kind: 'text', text: '在的' })
    const lost = await account.call(safePush(textXml('在吗', '1'), nowOf(account)))
    lost.finish(false)
    expect(account.host.confirmed).toEqual([])
    const arrived = await account.call(safePush(textXml('在吗', '1'), nowOf(account, '2')))
    arrived.finish(true)
    expect(account.host.confirmed).toHaveLength(1)
  })
})
