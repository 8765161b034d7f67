import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { capabilitiesOf } from '../../../channels/wecom/manifest.ts'
import type { Part } from '../../../src/core/message.ts'
import { render } from '../../../src/outbox/index.ts'
import {
  account,
  closeStages,
  configOf,
  failureOf,
  heard,
  paths,
  png,
  send,
  setStage,
  text,
  userKey,
} from './stage.ts'
import type { Stage } from './stage.ts'

closeStages()

const choices = (count = 2, label = '选项'): Part => ({
  kind: 'choices',
  prompt: '您想问哪一个？',
  choices: Array.from({ length: count }, (_, place) => ({
    id: `article:${place}`,
    label: `${label}${place}`,
  })),
  footer: '也可以直接写',
})

const bodies = ({ simulator }: Stage) => simulator.calls(paths.send).map(({ body }) => body)

describe('a message', () => {
  it('travels under its own id, the same at every attempt, and is shown once', async () => {
    const stage = await setStage()
    const receipt = await send(stage, text('在路上了'))
    await send(stage, text('在路上了'), { attempt: 2 })
    expect(receipt).toEqual({ providerId: '018f3a5e000070008000000000000001' })
    expect(bodies(stage).map(({ msgid }) => msgid)).toEqual(Array(2).fill(receipt.providerId))
    expect(heard(stage)).toMatchObject([{ text: '在路上了' }])
  })

  it('whose answer is lost counts as temporary, and its repeat is shown once', async () => {
    const stage = await setStage()
    stage.simulator.client.setFault('lost-answer', true)
    expect(await failureOf(send(stage, text('在路上了')))).toMatchObject({ code: 'temporary' })
    stage.simulator.client.setFault('lost-answer', false)
    await send(stage, text('在路上了'), { attempt: 2 })
    expect(heard(stage)).toHaveLength(1)
  })

  it('of each kind arrives', async () => {
    const stage = await setStage()
    const { media } = stage.host
    const image = media.add('image/png', png)
    const voice = media.add('audio/amr', Buffer.from('#!AMR\n0123456789'))
    const video = media.add('video/mp4', Buffer.from('0000ftypisom0000'))
    const file = media.add('application/pdf', Buffer.from('%PDF-1.7 12345'))
    const parts: readonly Part[] = [
      { kind: 'image', media: image },
      { kind: 'audio', media: voice },
      { kind: 'video', media: video },
      { kind: 'file', media: file, name: '说明 "1".pdf' },
      { kind: 'location', latitude: 31.2, longitude: 121.4, label: '门店' },
    ]
    for (const [place, part] of parts.entries()) await send(stage, part, { id: `part-${place}` })
    expect(bodies(stage).map(({ msgtype }) => msgtype)).toEqual([
      'image',
      'voice',
      'video',
      'file',
      'location',
    ])
    expect(heard(stage).map(({ fileName }) => fileName)).toContain('说明 _1_.pdf')
  })

  it('that WeCom does not play travels as a file', async () => {
    const stage = await setStage()
    const gif = stage.host.media.add('image/gif', Buffer.from('GIF89a0000000'))
    const mp3 = stage.host.media.add('audio/mpeg', Buffer.from('ID300000000000'))
    await send(stage, { kind: 'image', media: gif }, { id: 'a' })
    await send(stage, { kind: 'audio', media: mp3 }, { id: 'b' })
    expect(heard(stage)).toMatchObject([{ fileName: 'file.gif' }, { fileName: 'file.mp3' }])
  })

  it('with a file over WeCom’s limits is given up before it is uploaded', async () => {
    const stage = await setStage()
    const large = stage.host.media.add('application/zip', new Uint8Array(20 * 1_048_576 + 1))
    const tiny = stage.host.media.add('application/zip', new Uint8Array(5))
    for (const media of [large, tiny, { mediaId: 'gone' }])
      expect(await failureOf(send(stage, { kind: 'file', media, name: 'a.zip' }))).toMatchObject({
        code: 'permanent',
      })
    expect(stage.simulator.calls(paths.upload)).toHaveLength(0)
  })

  it('with the same file uploads it once, and once more when WeCom has forgotten it', async () => {
    const stage = await setStage()
    const image: Part = { kind: 'image', media: stage.host.media.add('image/png', png) }
    await send(stage, image, { id: 'a' })
    await send(stage, image, { id: 'b' })
    expect(stage.simulator.calls(paths.upload)).toHaveLength(1)
    stage.simulator.refuse(paths.send, 40007)
    await send(stage, image, { id: 'c' })
    expect(stage.simulator.calls(paths.upload)).toHaveLength(2)
    expect(heard(stage)).toHaveLength(3)
  })

  it.each<Part>([
    { kind: 'sticker', name: '笑' },
    { kind: 'event', name: 'other' },
    { kind: 'unsupported', type: 'x', raw: {} },
    { kind: 'link', url: 'https://a.example/' },
    { kind: 'image', media: {} },
  ])('of a kind WeCom cannot show is given up: $kind', async (part) => {
    expect(await failureOf(send(await setStage(), part))).toMatchObject({ code: 'permanent' })
  })

  it('over 2048 bytes is given up as too long, and never rendered so', async () => {
    const stage = await setStage()
    expect(await failureOf(send(stage, text('字'.repeat(700))))).toMatchObject({ code: 'too_long' })
    const rendered = render([text('字。'.repeat(700))], capabilitiesOf(configOf()))
    for (const [place, part] of rendered.entries()) await send(stage, part, { id: `p${place}` })
    expect(heard(stage)).toHaveLength(rendered.length)
  })
})

describe('choices', () => {
  it('are a menu, and the press comes back as the choice', async () => {
    const stage = await setStage()
    await send(stage, choices())
    const [line] = heard(stage)
    expect(line?.choices).toEqual([
      { id: 'article:0', label: '选项0' },
      { id: 'article:1', label: '选项1' },
    ])
    await stage.simulator.says(userKey, { kind: 'choice', lineId: line?.id ?? '', choiceId: 'article:1' })
    await expect
      .poll(() => stage.host.accepted)
      .toMatchObject([
        {
          opens: 'message',
          mayContinue: false,
          parts: [{ kind: 'event', name: 'choice', value: 'article:1' }, text('选项1')],
        },
      ])
  })

  it('are a numbered list where WeCom’s limits are too narrow', async () => {
    const stage = await setStage()
    await send(stage, choices(2, '很长的选项'.repeat(10)), { id: 'labels' })
    await send(
      stage,
      { ...(choices() as Extract<Part, { kind: 'choices' }>), prompt: '问'.repeat(400) },
      { id: 'prompt' },
    )
    expect(bodies(stage).map(({ msgtype }) => msgtype)).toEqual(['text', 'text'])
    expect(heard(stage)[0]?.text).toContain('1. 很长的选项')
  })
})

describe('a link card', () => {
  it('carries the configured thumbnail, and is cut to WeCom’s limits', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'tongda-wecom-'))
    const linkThumbnail = join(folder, 'thumb.png')
    writeFileSync(linkThumbnail, png)
    const stage = await setStage({ section: { linkThumbnail } })
    const link = {
      kind: 'link',
      url: 'https://a.example/',
      title: '题'.repeat(60),
      description: '述'.repeat(300),
    } as const
    await send(stage, link)
    rmSync(folder, { recursive: true })
    expect(heard(stage)[0]?.text).toMatch(/题…\n述+…\nhttps:\/\/a\.example\/$/)
  })
})

describe('the API', () => {
  it('fetches one token for many senders, also when it expires', async () => {
    const stage = await setStage()
    const many = (prefix: string) =>
      Promise.allSettled(
        Array.from({ length: 20 }, (_, place) => send(stage, text('在'), { id: `${prefix}${place}` })),
      )
    await many('a')
    expect(stage.simulator.tokensIssued()).toBe(1)
    stage.simulator.expireTokens()
    await many('b')
    expect(stage.simulator.tokensIssued()).toBe(2)
  })

  it('whose tokens last one call each is still used', async () => {
    const stage = await setStage()
    stage.simulator.client.setFault('token-expired', true)
    await send(stage, text('在路上了'))
    expect(heard(stage)).toHaveLength(1)
  })

  it.each([
    ['api-500', 'temporary'],
    ['api-429', 'rate_limited'],
  ])('that fails with %s is tried again later', async (fault, code) => {
    const stage = await setStage()
    await send(stage, text('一'), { id: 'one' })
    stage.simulator.client.setFault(fault, true)
    expect(await failureOf(send(stage, text('二'), { id: 'two' }))).toMatchObject({ code })
    stage.simulator.client.setFault(fault, false)
    await send(stage, text('二'), { id: 'two', attempt: 2 })
    expect(heard(stage).map((line) => line.text)).toEqual(['一', '二'])
  })

  it('that hangs is left when the channel stops', async () => {
    const stage = await setStage()
    stage.simulator.client.setFault('api-hang', true)
    const failure = failureOf(send(stage, text('在吗')))
    await stage.stopNode()
    expect(await failure).toMatchObject({ code: 'temporary' })
  })

  it('names the wrong credential and where to find the right one, and never shows it', async () => {
    const stage = await setStage()
    await stage.stopNode()
    const wrong = async (more: Record<string, unknown>) => {
      const host = { ...stage, channel: await stage.startNode(more) }
      stage.simulator.expireTokens()
      await stage.host.cache.set(`wecom:token:${stage.host.inboxId}:${account.corpId}`, '', 1)
      return failureOf(send(host, text('在吗')))
    }
    const secret = await wrong({ secret: 'wrong-secret-0000' })
    expect(secret).toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringContaining('应用管理') as string },
    })
    const corpId = await wrong({ corpId: 'ww0000000000000000' })
    expect(corpId).toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringContaining('企业ID') as string },
    })
    expect(`${String(secret)} ${JSON.stringify(stage.host.logged)}`).not.toContain('wrong-secret')
  })

  it('names the address that must be allowed', async () => {
    const stage = await setStage()
    stage.simulator.refuse(paths.state, 60020)
    expect(await failureOf(send(stage, text('在吗')))).toMatchObject({
      code: 'needs_operator',
      facts: { hint: expect.stringContaining('203.0.113.9') as string },
    })
  })
})

describe('the quota', () => {
  it('is five messages, then the contact must write', async () => {
    const stage = await setStage()
    for (const n of [1, 2, 3, 4, 5]) await send(stage, text(String(n)), { id: `q${n}` })
    const sixth = { id: 'q6' }
    expect(await failureOf(send(stage, text('6'), sixth))).toMatchObject({ code: 'quota_exhausted' })
    await stage.simulator.says(userKey, { kind: 'text', text: '在吗' })
    await send(stage, text('6'), sixth)
    expect(heard(stage)).toHaveLength(6)
  })

  it('is told to the outbox: five in 48 h, one kept for a person; one welcome in 20 s', () => {
    expect(capabilitiesOf(configOf())).toMatchObject({
      allowances: {
        message: { count: 5, windowMs: 172_800_000 },
        welcome: { count: 1, windowMs: 20_000 },
      },
      reservedForAgents: 1,
    })
  })

  it('ends with the window', async () => {
    const stage = await setStage()
    stage.host.clock.advance(49 * 3_600_000)
    expect(await failureOf(send(stage, text('在吗')))).toMatchObject({ code: 'window_closed' })
  })
})
