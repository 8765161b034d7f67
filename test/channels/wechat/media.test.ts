import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { createInboundMedia } from '../../../channels/kit/index.ts'
import { ChannelError, TongdaError } from '../../../src/core/errors.ts'
import type { Channel } from '../../../src/core/channel.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { createAccount, messageXml, safePush } from './account.ts'
import type { Values } from './account.ts'
import { mediaPath, startProvider } from './provider.ts'
import type { Provider, ProviderAnswer } from './provider.ts'

const jpeg: ProviderAnswer = { file: new Uint8Array([0xff, 0xd8, 0xff, 1]), contentType: 'image/jpeg' }

describe('a received file', () => {
  let provider: Provider
  let host: ContractHost
  let channel: Channel | undefined

  beforeEach(async () => {
    provider = await startProvider()
    host = createContractHost()
  })
  afterEach(async () => {
    await channel?.stop()
    await provider.close()
  })

  const receive = async (values: Values): Promise<void> => {
    const account = createAccount({ apiBase: provider.url }, host)
    channel = account.channel
    const { status } = await account.call(safePush(messageXml(values), { now: host.clock.now() }))
    expect(status).toBe(200)
  }
  const image = { MsgType: 'image', MediaId: 'M1', MsgId: '1' }

  it('is downloaded and stored before its message is handed over', async () => {
    provider.on(mediaPath, ({ query }) =>
      query.get('media_id') === 'M1' ? jpeg : { json: { errcode: 40007, errmsg: '' } },
    )
    await receive(image)
    expect(host.accepted[0]?.parts).toEqual([
      {
        kind: 'image',
        media: { providerRef: 'M1', mediaId: 'media-1', contentType: 'application/octet-stream', bytes: 4 },
      },
    ])
    expect((await host.media.find('media-1'))?.bytes).toEqual(Buffer.from([0xff, 0xd8, 0xff, 1]))
  })

  it('comes in both qualities for voice', async () => {
    provider.on(mediaPath, ({ query }) => ({
      file: Buffer.from(query.get('media_id') ?? ''),
      contentType: 'voice/amr',
    }))
    await receive({ MsgType: 'voice', MediaId: 'V8', MediaId16K: 'V16', Format: 'amr', MsgId: '2' })
    const [part] = host.accepted[0]?.parts ?? []
    const stored = part?.kind === 'audio' ? [part.media.mediaId, part.highQuality?.mediaId] : []
    const contents = await Promise.all(
      stored.map(async (id) => Buffer.from((await host.media.find(id ?? ''))?.bytes ?? []).toString()),
    )
    expect(contents).toEqual(['V8', 'V16'])
  })

  it('is fetched from the address that WeChat gives for videos', async () => {
    provider.on(mediaPath, ({ query }) =>
      query.get('media_id') === 'T' ? jpeg : { json: { video_url: `${provider.url}/video.mp4` } },
    )
    provider.on('/video.mp4', () => ({ file: new Uint8Array([9, 9]), contentType: 'video/mp4' }))
    await receive({ MsgType: 'video', MediaId: 'V', ThumbMediaId: 'T', MsgId: '3' })
    expect(host.accepted[0]?.parts).toMatchObject([
      { kind: 'video', media: { bytes: 2 }, thumbnail: { bytes: 4 } },
    ])
  })

  it.each([
    'http://169.254.169.254/latest/meta-data',
    'http://127.0.0.1:1/x',
    'http://evil.example/qq.com',
    'http://qq.com.evil.example/x',
    'http://vweixinp.tc.qq.com:8080/x',
    'file:///etc/passwd',
    'nonsense',
  ])('is not fetched from %s', async (address) => {
    provider.on(mediaPath, () => ({ json: { video_url: address } }))
    await receive({ MsgType: 'shortvideo', MediaId: 'V', MsgId: '4' })
    expect(host.accepted[0]?.parts).toMatchObject([{ media: { providerRef: 'V', failure: 'failed' } }])
  })

  it.each<[string, ProviderAnswer]>([
    ['expired', { json: { errcode: 40007, errmsg: 'invalid media_id' } }],
    ['failed', { json: { errcode: 48001, errmsg: '' } }],
  ])('that WeChat refuses is marked %s, and its message handed over', async (failure, answer) => {
    provider.on(mediaPath, () => answer)
    await receive(image)
    expect(host.accepted[0]?.parts).toEqual([{ kind: 'image', media: { providerRef: 'M1', failure } }])
    expect(JSON.stringify(host.logged)).toContain('received file not stored')
    expect(JSON.stringify(host.logged)).not.toContain('M1')
  })

  it('that is late does not hold its message up, and is attached when it comes', async () => {
    let arrive: (answer: ProviderAnswer) => void = () => undefined
    provider.on(mediaPath, () => new Promise((resolve) => (arrive = resolve)))
    await receive(image)
    expect(host.accepted[0]?.parts).toEqual([
      { kind: 'image', media: { providerRef: 'M1', failure: 'pending' } },
    ])
    expect(host.attached).toEqual([])
    arrive(jpeg)
    await expect
      .poll(() => host.attached)
      .toMatchObject([{ file: { providerRef: 'M1', mediaId: 'media-1', bytes: 4 } }])
  })
})

describe('fetching', () => {
  const parts = [{ kind: 'image', media: { providerRef: 'M1' } }] as const
  const open = (download: (ref: string) => Promise<Uint8Array>, host = createContractHost()) => {
    const stopping = new AbortController()
    const media = createInboundMedia({
      channel: 'wechat',
      host,
      download,
      stopped: stopping.signal,
      waitMs: 1_000,
      retryMs: [1, 1],
    })
    return { host, media, stop: () => stopping.abort() }
  }
  const temporary = () => new ChannelError('wechat', 'temporary', 'busy')

  it('asks once for a file that several requests want at once, and never again once it is stored', async () => {
    let calls = 0
    const { media } = open(async () => {
      calls += 1
      await new Promise((resolve) => setImmediate(resolve))
      return new Uint8Array([1])
    })
    const all = await Promise.all([media.fetch(parts), media.fetch(parts), media.fetch(parts)])
    const again = await media.fetch(parts)
    expect(calls).toBe(1)
    expect(new Set([...all, again].map(({ parts: fetched }) => JSON.stringify(fetched))).size).toBe(1)
  })

  it('tries a busy provider again, but not for ever', async () => {
    let calls = 0
    const recovering = open(() => {
      calls += 1
      return calls < 3 ? Promise.reject(temporary()) : Promise.resolve(new Uint8Array([1]))
    })
    expect((await recovering.media.fetch(parts)).parts).toMatchObject([{ media: { bytes: 1 } }])
    const down = open(() => Promise.reject(temporary()))
    expect((await down.media.fetch(parts)).parts).toMatchObject([{ media: { failure: 'failed' } }])
  })

  it('marks a file the store does not take', async () => {
    const host = createContractHost()
    const full = { ...host.media, save: () => Promise.reject(new TongdaError('bad_input', 'too large')) }
    const { media } = open(() => Promise.resolve(new Uint8Array([1])), { ...host, media: full })
    expect((await media.fetch(parts)).parts).toMatchObject([{ media: { failure: 'too_large' } }])
  })

  it('keeps its message when the late file cannot be attached', async () => {
    const host = createContractHost()
    let finish: (bytes: Uint8Array) => void = () => undefined
    const stopping = new AbortController()
    const media = createInboundMedia({
      channel: 'wechat',
      host: { ...host, attachMedia: () => Promise.reject(new Error('the database is gone')) },
      download: () => new Promise((resolve) => (finish = resolve)),
      stopped: stopping.signal,
      waitMs: 0,
    })
    const { attachLater } = await media.fetch(parts)
    attachLater('message-1')
    finish(new Uint8Array([1]))
    await media.settled()
    expect(host.logged.at(-1)?.event).toBe('late file not attached')
  })

  it('leaves parts without files alone', async () => {
    const { media } = open(() => Promise.reject(temporary()))
    const text = [{ kind: 'text', text: '在吗' }] as const
    expect((await media.fetch(text)).parts).toBe(text)
    const unloadable = [
      { kind: 'file', name: 'a', media: { providerRef: 'K', failure: 'not_downloadable' } },
    ] as const
    expect((await media.fetch(unloadable)).parts).toEqual(unloadable)
  })
})
