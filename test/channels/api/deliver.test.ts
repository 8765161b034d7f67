import { afterEach, describe, expect, it } from 'vitest'
import { outboundBody } from '../../../channels/api/index.ts'
import { ChannelError } from '../../../src/core/errors.ts'
import type { OutboundMessage, Part } from '../../../src/core/message.ts'
import { outbound } from '../../contract/channel.ts'
import { createStillHost } from '../../support/still-host.ts'
import { contactId, openStage, otherSecret, secret, signatureOf } from './stage.ts'
import type { Stage } from './stage.ts'

const stages: Stage[] = []
const open = async (...given: Parameters<typeof openStage>): Promise<Stage> => {
  const stage = await openStage(...given)
  stages.push(stage)
  return stage
}
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()))
})

const to = (part: Part, more: Partial<OutboundMessage> = {}): OutboundMessage =>
  outbound(part, { contactKey: contactId, threadKey: `${contactId}|topic-9`, ...more })
const text: Part = { kind: 'text', text: '在路上了' }

const failure = async (work: Promise<unknown>): Promise<ChannelError> => {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ChannelError)) throw new Error(`expected a refusal, got ${String(error)}`)
  return error
}

describe('a message to the brand', () => {
  it('is signed, says whom and where, and brings back a receipt', async () => {
    const { channel, brand, host } = await open({}, createStillHost())
    expect(await channel.deliver(to(text, { inReplyTo: 'post-1', author: 'agent' }))).toEqual({
      providerId: 'reply-1',
    })
    const [sent] = brand.received
    const header = (name: string): string => sent?.headers.get(name) ?? ''
    expect(header('webhook-id')).toBe('outbound-1')
    expect(Math.abs(Number(header('webhook-timestamp')) * 1_000 - host.clock.now().getTime())).toBeLessThan(
      5_000,
    )
    expect(header('webhook-signature')).toBe(
      signatureOf(secret, 'outbound-1', header('webhook-timestamp'), sent?.body ?? ''),
    )
    expect(outboundBody.parse(JSON.parse(sent?.body ?? ''))).toEqual({
      type: 'message.created',
      timestamp: '2026-01-01T00:00:00.000Z',
      data: {
        id: 'outbound-1',
        inbox: 'inbox-1',
        conversationId: 'conversation-1',
        contact: { id: contactId },
        thread: 'topic-9',
        author: 'agent',
        inReplyTo: 'post-1',
        part: text,
      },
    })
  })

  it('carries both signatures while the secret is changed', async () => {
    const { channel, brand } = await open({ previousSecret: otherSecret })
    await channel.deliver(to(text))
    const { headers, body } = brand.received[0] ?? { headers: new Headers(), body: '' }
    const seconds = headers.get('webhook-timestamp') ?? ''
    expect(headers.get('webhook-signature')?.split(' ')).toEqual(
      [secret, otherSecret].map((each) => signatureOf(each, 'outbound-1', seconds, body)),
    )
  })

  it('is the same message at every try', async () => {
    const { channel, brand, host } = await open()
    brand.answer({ status: 500 })
    await failure(channel.deliver(to(text)))
    host.clock.advance(60_000)
    brand.answer({ status: 204 })
    expect(await channel.deliver(to(text, { attempt: 2 }))).toEqual({})
    const [first, second] = brand.received
    expect(second?.body).toBe(first?.body)
    expect(second?.headers.get('webhook-id')).toBe(first?.headers.get('webhook-id'))
  })

  it('without a thread has none', async () => {
    const { channel, brand } = await open()
    await channel.deliver(to(text, { threadKey: contactId }))
    expect(outboundBody.parse(JSON.parse(brand.received[0]?.body ?? '')).data.thread).toBeUndefined()
  })

  it.each<Part>([
    { kind: 'choices', prompt: '哪一个？', choices: [{ id: 'a', label: '甲' }], footer: '都不是就换个说法' },
    { kind: 'link', url: 'https://help.example/1', title: '帮助' },
    { kind: 'location', latitude: 1, longitude: 2, label: '这里' },
    { kind: 'sticker', name: '比心' },
  ])('shows $kind as it is', async (part) => {
    const { channel, brand } = await open({ choices: 'buttons' })
    await channel.deliver(to(part))
    expect(outboundBody.parse(JSON.parse(brand.received[0]?.body ?? '')).data.part).toEqual(part)
  })

  it('carries files with their type', async () => {
    const { channel, brand, host } = await open()
    const { mediaId } = host.media.add('image/png', Buffer.from('picture'))
    for (const part of [
      { kind: 'image', media: { mediaId }, alt: '截图' },
      { kind: 'audio', media: { mediaId } },
      { kind: 'video', media: { mediaId } },
      { kind: 'file', media: { mediaId }, name: 'a.png' },
    ] as const)
      await channel.deliver(to(part))
    const parts = brand.received.map(({ body }) => outboundBody.parse(JSON.parse(body)).data.part)
    expect(parts.map(({ kind }) => kind)).toEqual(['image', 'audio', 'video', 'file'])
    for (const part of parts)
      expect(part).toMatchObject({
        media: { contentType: 'image/png', base64: Buffer.from('picture').toString('base64') },
      })
  })

  it.each<Part>([
    { kind: 'image', media: { mediaId: 'gone' } },
    { kind: 'event', name: 'opened' },
    { kind: 'unsupported', type: 'x', raw: {} },
  ])('that cannot be shown is final: $kind', async (part) => {
    const { channel, brand } = await open()
    expect((await failure(channel.deliver(to(part)))).code).toBe('permanent')
    expect(brand.received).toEqual([])
  })

  it('over 5 MB of file is final', async () => {
    const { channel, host } = await open()
    const { mediaId } = host.media.add('video/mp4', new Uint8Array(5_242_881))
    const error = await failure(channel.deliver(to({ kind: 'video', media: { mediaId } })))
    expect([error.code, error.facts.hint]).toEqual(['permanent', expect.stringContaining('send a link')])
  })
})

describe('the answer of the brand', () => {
  it.each<[number, string]>([
    [200, 'ok'],
    [204, 'ok'],
    [301, 'needs_operator'],
    [307, 'needs_operator'],
    [400, 'permanent'],
    [401, 'needs_operator'],
    [403, 'needs_operator'],
    [404, 'needs_operator'],
    [405, 'needs_operator'],
    [408, 'temporary'],
    [410, 'unreachable'],
    [413, 'too_long'],
    [422, 'permanent'],
    [425, 'temporary'],
    [429, 'rate_limited'],
    [500, 'temporary'],
    [502, 'temporary'],
    [599, 'temporary'],
  ])('%i means %s', async (status, code) => {
    const { channel, brand } = await open()
    brand.answer({ status, headers: { location: `${brand.url}/elsewhere` } })
    const outcome = await channel.deliver(to(text)).then(
      () => 'ok',
      (error: unknown) => (error instanceof ChannelError ? error.code : 'other'),
    )
    expect(outcome).toBe(code)
    expect(brand.received).toHaveLength(1)
  })

  it.each([
    ['7', 7_000],
    ['0', 1_000],
    ['999999999', 86_400_000],
    ['soon', undefined],
    ['-5', undefined],
  ])('waits as long as Retry-After %s asks', async (value, expected) => {
    const { channel, brand } = await open()
    brand.answer({ status: 429, headers: { 'retry-after': value } })
    expect((await failure(channel.deliver(to(text)))).facts.retryAfterMs).toBe(expected)
  })

  it('waits until the date Retry-After names', async () => {
    const { channel, brand, host } = await open({}, createStillHost())
    const until = new Date(host.clock.now().getTime() + 90_000).toUTCString()
    brand.answer({ status: 503, headers: { 'retry-after': until } })
    const { retryAfterMs = 0 } = (await failure(channel.deliver(to(text)))).facts
    expect(retryAfterMs).toBeGreaterThan(80_000)
    expect(retryAfterMs).toBeLessThanOrEqual(90_000)
  })

  it('may be silence, half an answer, too much or nothing at all', async () => {
    const impatient = await open({ timeoutMs: 1_000 })
    impatient.brand.answer(null)
    expect((await failure(impatient.channel.deliver(to(text)))).code).toBe('temporary')
    const { channel, brand } = await open()
    brand.answer({ status: 200, headers: { 'content-length': '100' }, body: 'half' })
    expect((await failure(channel.deliver(to(text)))).code).toBe('temporary')
    brand.answer({ status: 200, body: 'x'.repeat(100_000) })
    expect((await failure(channel.deliver(to(text)))).code).toBe('permanent')
    await brand.close()
    expect((await failure(channel.deliver(to(text)))).code).toBe('temporary')
  })

  it('brings no receipt when it holds none we can use', async () => {
    const { channel, brand } = await open()
    for (const body of ['', 'ok', '[]', '{"id":7}', '{"id":""}', `{"id":"${'x'.repeat(300)}"}`]) {
      brand.answer({ status: 200, body })
      expect(await channel.deliver(to(text))).toEqual({})
    }
  })
})

describe('the address of the brand', () => {
  it.each([
    ['https://127.0.0.1:1/hook', 'public'],
    ['https://10.0.0.1/hook', 'public'],
    ['https://localhost/hook', 'public'],
  ])('is not called when it is %s', async (webhookUrl, words) => {
    const { channel } = await open({ webhookUrl, allowLoopbackHttp: false })
    const error = await failure(channel.deliver(to(text)))
    expect([error.code, error.facts.hint]).toEqual(['needs_operator', expect.stringContaining(words)])
  })
})
