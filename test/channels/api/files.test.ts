import { afterEach, describe, expect, it } from 'vitest'
import { TongdaError } from '../../../src/core/errors.ts'
import { createContractHost } from '../../contract/channel.ts'
import { bodyOf, openStage } from './stage.ts'
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

const image = (media: unknown) => bodyOf({ kind: 'image', media })

describe('files of a message', () => {
  it('that travel with it are stored before it is', async () => {
    const { host, says } = await open()
    await says(image({ base64: Buffer.from('picture').toString('base64') }))
    const [part] = host.accepted[0]?.parts ?? []
    expect(part).toEqual({
      kind: 'image',
      media: { mediaId: 'media-1', contentType: 'application/octet-stream', bytes: 7 },
    })
    expect(Buffer.from((await host.media.find('media-1'))?.bytes ?? []).toString()).toBe('picture')
  })

  it('that are links are fetched', async () => {
    const { brand, host, says } = await open()
    brand.file('/a.png', 200, Buffer.from('linked'))
    const url = `${brand.url}/a.png`
    await says(image({ url }))
    expect(host.accepted[0]?.parts).toEqual([
      { kind: 'image', media: expect.objectContaining({ mediaId: 'media-1', providerRef: url, bytes: 6 }) },
    ])
  })

  it.each([
    ['http://127.0.0.1:1/', false, 'address_refused'],
    ['https://169.254.169.254/latest/meta-data/', true, 'address_refused'],
    ['https://user:pass@example.com/', true, 'address_refused'],
    ['https://[::ffff:127.0.0.1]/', true, 'address_refused'],
  ])('are not fetched from %s', async (url, allowLoopbackHttp, failure) => {
    const { host, says } = await open({ allowLoopbackHttp, webhookUrl: 'https://forum.example.com/hook' })
    expect((await says(image({ url }))).status).toBe(200)
    expect(host.accepted[0]?.parts).toEqual([{ kind: 'image', media: { providerRef: url, failure } }])
  })

  it('that are gone or too large are named', async () => {
    const { brand, host, says } = await open({ maxFileBytes: 2_000 })
    brand.file('/large', 200, Buffer.alloc(3_000))
    brand.file('/gone', 410, Buffer.alloc(0))
    for (const path of ['/large', '/gone', '/never'])
      await says(bodyOf({ kind: 'file', name: 'a', media: { url: brand.url + path } }, { id: path }))
    const failures = host.accepted.flatMap(({ parts }) =>
      parts.map((part) => (part.kind === 'file' ? part.media.failure : '')),
    )
    expect(failures).toEqual(['too_large', 'expired', 'expired'])
  })

  it('that the store refuses are named', async () => {
    const host = createContractHost()
    const refusing = {
      ...host,
      media: { ...host.media, save: () => Promise.reject(new TongdaError('bad_input', 'x')) },
    }
    const { says } = await open({}, refusing)
    await says(image({ base64: 'AAAA' }))
    expect(host.accepted[0]?.parts).toEqual([{ kind: 'image', media: { failure: 'too_large' } }])
  })

  it('that fail at first come later', async () => {
    const { brand, host, says } = await open()
    brand.file('/slow', 503, Buffer.alloc(0))
    const url = `${brand.url}/slow`
    const answer = says(image({ url }))
    await answer
    expect(host.accepted[0]?.parts).toEqual([
      { kind: 'image', media: { providerRef: url, failure: 'pending' } },
    ])
    brand.file('/slow', 200, Buffer.from('late'))
    await expect.poll(() => host.attached).toHaveLength(1)
    expect(host.attached[0]?.file).toMatchObject({ providerRef: url, bytes: 4, mediaId: 'media-1' })
  })
})
