import { afterEach, describe, expect, it } from 'vitest'
import type { Part } from '../../../src/core/message.ts'
import { createContractHost } from '../../contract/channel.ts'
import { setStage, userKey } from './stage.ts'
import type { Stage, StageOptions } from './stage.ts'

const stages: Stage[] = []
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()))
})

type ChannelId = NonNullable<StageOptions['channelId']>
const link = (mediaId: string): string => `https://support.example/media/${mediaId}?sig=x`
/** A product whose own address only this machine reaches, or one in the open. */
const open = async (channelId: ChannelId, linkTo = link): Promise<Stage> => {
  const stage = await setStage({ channelId, host: { ...createContractHost(), linkTo } })
  stages.push(stage)
  stage.simulator.client.act(userKey, { kind: 'text', text: '在吗' })
  await stage.settle()
  return stage
}
const store = ({ host }: Stage, contentType: string, bytes: number) => ({
  media: host.media.add(contentType, new Uint8Array(bytes).fill(1)),
})
const shownBy = async (stage: Stage, part: Part): Promise<unknown> => {
  await stage.send(part)
  const { attachments } = stage.shown().at(-1) ?? {}
  return attachments
}
const card = (title: string, value: string) => [
  {
    contentType: 'application/vnd.microsoft.card.hero',
    content: { title, buttons: [{ type: 'openUrl', title: '打开 Open', value }] },
  },
]

describe.each(['webchat', 'directline', 'msteams'] as const)('a picture on %s', (channelId) => {
  it('is shown by our link', async () => {
    const stage = await open(channelId)
    const { media } = store(stage, 'image/png', 900_000)
    expect(stage.host.accepted[0]?.accountKey).toContain(`"channelId":"${channelId}"`)
    expect(await shownBy(stage, { kind: 'image', media })).toEqual([
      { contentType: 'image/png', contentUrl: link(media.mediaId), name: '图片.png' },
    ])
  })

  it('that is gone from the store is a lasting failure', async () => {
    const stage = await open(channelId)
    const gone: Part = { kind: 'image', media: { mediaId: 'gone' } }
    await expect(stage.send(gone)).rejects.toMatchObject({ code: 'permanent' })
  })
})

describe.each(['webchat', 'directline'] as const)('a file on %s', (channelId) => {
  it('is handed over by our link, and only what browsers play keeps its type', async () => {
    const stage = await open(channelId)
    const pdf = store(stage, 'application/pdf', 10)
    const mp3 = store(stage, 'audio/mpeg', 10)
    const amr = store(stage, 'audio/amr', 10)
    const mp4 = store(stage, 'video/mp4', 10)
    const shown = [
      await shownBy(stage, { kind: 'file', ...pdf, name: '对账单.pdf' }),
      await shownBy(stage, { kind: 'audio', ...mp3 }),
      await shownBy(stage, { kind: 'audio', ...amr }),
      await shownBy(stage, { kind: 'video', ...mp4 }),
    ]
    const saved = 'application/octet-stream'
    expect(shown).toEqual([
      [{ contentType: saved, contentUrl: link(pdf.media.mediaId), name: '对账单.pdf' }],
      [{ contentType: 'audio/mpeg', contentUrl: link(mp3.media.mediaId), name: '语音.mp3' }],
      [{ contentType: saved, contentUrl: link(amr.media.mediaId), name: '语音.amr' }],
      [{ contentType: 'video/mp4', contentUrl: link(mp4.media.mediaId), name: '视频.mp4' }],
    ])
  })
})

describe('in Teams', () => {
  it('a file, and a picture that Teams does not show, is a card that opens it', async () => {
    const stage = await open('msteams')
    const pdf = store(stage, 'application/pdf', 10)
    const webp = store(stage, 'image/webp', 10)
    const large = store(stage, 'image/png', 1_100_000)
    expect(await shownBy(stage, { kind: 'file', ...pdf, name: '对账单.pdf' })).toEqual(
      card('对账单.pdf', link(pdf.media.mediaId)),
    )
    expect(await shownBy(stage, { kind: 'image', ...webp })).toEqual(
      card('图片.webp', link(webp.media.mediaId)),
    )
    expect(await shownBy(stage, { kind: 'image', ...large })).toEqual(
      card('图片.png', link(large.media.mediaId)),
    )
  })

  it('an answer in a channel says to which message', async () => {
    const stage = await open('msteams')
    stage.simulator.people.mention(userKey, '怎么退款')
    await stage.settle()
    const inReplyTo = stage.host.accepted.at(-1)?.providerId ?? 'none'
    await stage.send({ kind: 'text', text: '七天内可以退' }, { inReplyTo })
    expect(stage.shown().at(-1)).toMatchObject({ replyToId: inReplyTo })
  })
})

describe('a product that the channel cannot reach', () => {
  const local = (mediaId: string): string => `http://10.0.0.5:8080/media/${mediaId}`

  it.each([
    ['webchat', 150_000],
    ['directline', 150_000],
    ['msteams', 15_000],
  ] as const)('puts a small picture into the message itself on %s', async (channelId, bytes) => {
    const stage = await open(channelId, local)
    const { media } = store(stage, 'image/jpeg', bytes)
    expect(await shownBy(stage, { kind: 'image', media })).toEqual([
      {
        contentType: 'image/jpeg',
        contentUrl: `data:image/jpeg;base64,${Buffer.alloc(bytes, 1).toString('base64')}`,
        name: '图片.jpg',
      },
    ])
  })

  it.each(['webchat', 'msteams'] as const)('says what to set for anything else on %s', async (channelId) => {
    const stage = await open(channelId, local)
    const picture = store(stage, 'image/png', 200_000)
    const pdf = store(stage, 'application/pdf', 10)
    const facts = { hint: expect.stringContaining('server.publicUrl') }
    for (const part of [
      { kind: 'image', ...picture },
      { kind: 'file', ...pdf, name: 'a.pdf' },
    ] as const)
      await expect(stage.send(part)).rejects.toMatchObject({ code: 'permanent', facts })
    expect(stage.shown()).toEqual([])
  })
})

describe('the service URL', () => {
  it.each([
    ['msteams', 'https://smba.trafficmanager.net/emea/'],
    ['webchat', 'https://webchat.botframework.com/'],
    ['directline', 'https://directline.botframework.com/'],
  ] as const)('of %s is allowed by default', async (channelId, serviceUrl) => {
    const stage = await setStage({ channelId, section: { serviceHosts: undefined } })
    stages.push(stage)
    const activity = {
      ...stage.simulator.address(userKey, 'personal'),
      type: 'message',
      text: '在吗',
      serviceUrl,
    }
    const answer = await stage.simulator.post(activity, { claims: { serviceurl: serviceUrl } })
    expect(answer.status).toBe(200)
    expect(stage.host.accepted[0]?.accountKey).toContain(serviceUrl)
  })
})
