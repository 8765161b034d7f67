import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { ChannelError } from '../../../src/core/errors.ts'
import type { OutboundMessage, Part } from '../../../src/core/message.ts'
import { outbound } from '../../contract/channel.ts'
import { describeWith } from '../../support/services.ts'
import { contactId, logs, openStage } from './stage.ts'
import type { Stage } from './stage.ts'

// Each test starts a process, which takes seconds on a busy machine.
vi.setConfig({ testTimeout: 90_000 })

const stages: Stage[] = []
const open = async (...given: Parameters<typeof openStage>): Promise<Stage> => {
  const stage = await openStage(...given)
  stages.push(stage)
  return stage
}
afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage.close()))
})

const roomId = 'room-1@chatroom'
const to = (part: Part, more: Partial<OutboundMessage> = {}): OutboundMessage =>
  outbound(part, { contactKey: contactId, threadKey: contactId, ...more })
const text = (words: string): Part => ({ kind: 'text', text: words })
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'sent',
    (error: unknown) => (error instanceof ChannelError ? error.code : 'other'),
  )

const types = {
  attachment: 1,
  audio: 2,
  card: 3,
  emoticon: 5,
  image: 6,
  location: 8,
  miniProgram: 9,
  groupNote: 10,
  recalled: 13,
  url: 14,
  video: 15,
}

describeWith('wechaty-bridge', 'the bridge to WeChat', () => {
  it('hands over every type', async () => {
    const { host, says } = await open()
    const base64 = Buffer.from('a file').toString('base64')
    const file = { file: { name: 'a.bin', base64 } }
    const media = expect.objectContaining({ mediaId: expect.stringMatching(/^media-/), bytes: 6 })
    const cases: [string, number, Record<string, unknown>, unknown][] = [
      ['image', types.image, file, { kind: 'image', media }],
      ['audio', types.audio, file, { kind: 'audio', media }],
      ['video', types.video, file, { kind: 'video', media }],
      ['attachment', types.attachment, file, { kind: 'file', media, name: 'a.bin' }],
      ['emoticon', types.emoticon, file, { kind: 'sticker', name: '表情', media }],
      [
        'url',
        types.url,
        { url: { url: 'https://shop.example/1', title: '会员', description: '说明' } },
        { kind: 'link', url: 'https://shop.example/1', title: '会员', description: '说明' },
      ],
      [
        'location',
        types.location,
        { location: { latitude: 31.2, longitude: 121.5, name: '人民广场', address: '', accuracy: 1 } },
        { kind: 'location', latitude: 31.2, longitude: 121.5, label: '人民广场' },
      ],
      [
        'mini-program',
        types.miniProgram,
        { miniProgram: { title: '点单', appid: 'wx1', pagePath: 'p' } },
        {
          kind: 'unsupported',
          type: 'mini-program',
          raw: { title: '点单', description: '', appId: 'wx1', pagePath: 'p' },
        },
      ],
      ['contact', types.card, {}, { kind: 'unsupported', type: 'contact', raw: { text: '' } }],
      ['new', 99, {}, { kind: 'unsupported', type: 'unknown', raw: { text: '' } }],
    ]
    for (const [place, [id, type, content]] of cases.entries()) {
      await says(id, '', { payload: { type }, content })
      await expect.poll(() => host.accepted).toHaveLength(place + 1)
    }
    expect(host.accepted.map(({ parts }) => parts)).toEqual(cases.map(([, , , part]) => [part]))
    await says('recall', 'image', { payload: { type: types.recalled } })
    await expect.poll(() => host.accepted).toHaveLength(cases.length + 1)
    expect(host.accepted.at(-1)).toMatchObject({
      wantsReply: false,
      parts: [{ kind: 'event', name: 'recalled' }],
    })
  })

  it('names a file that is too large, and goes on', async () => {
    const { host, says } = await open()
    const base64 = Buffer.alloc(70_000).toString('base64')
    await says('large', '', { payload: { type: types.image }, content: { file: { name: 'a', base64 } } })
    await expect.poll(() => host.accepted).toHaveLength(1)
    expect(host.accepted[0]?.parts).toEqual([{ kind: 'image', media: { failure: 'too_large' } }])
  })

  it('hears in groups only what names the account, and answers there', async () => {
    const { host, channel, steering, says } = await open()
    await says('r1', '大家好', { roomId })
    await says('r2', '@Bot 怎么退款', { roomId, mentions: true })
    await says('r3', '', { roomId, payload: { type: types.groupNote } })
    await says('d1', '最后一条')
    await expect.poll(() => host.accepted.at(-1)?.dedupKey).toBe('d1')
    expect(host.accepted.map(({ dedupKey }) => dedupKey)).toEqual(['r2', 'd1'])
    const threadKey = host.accepted[0]?.threadKey ?? ''
    expect(threadKey).toBe(`${roomId}#${contactId}`)
    // What is for the contact alone is told in the other thread only.
    expect(host.accepted.map((one) => channel.isShared?.(one))).toEqual([true, false])
    await channel.deliver(to(text('七天内可以退'), { threadKey }))
    await expect
      .poll(() => steering.said)
      .toEqual([{ conversationId: roomId, text: expect.stringMatching(/@.*七天内可以退/) }])
  })

  it('hears nothing in groups when they are off', async () => {
    const { host, says } = await open({ rooms: 'off' })
    await says('r1', '@Bot 怎么退款', { roomId, mentions: true })
    await says('d1', '在吗')
    await expect.poll(() => host.accepted).toHaveLength(1)
    expect(host.accepted[0]?.dedupKey).toBe('d1')
  })

  it('never hears itself, official accounts or old messages', async () => {
    const { host, channel, says, steering } = await open()
    await channel.deliver(to(text('我自己说的')))
    await says('own', '我自己说的', { from: 'self', payload: { listenerId: contactId } })
    await says('bot', '在吗', { from: 'gh-bot', contactType: 2 })
    await says('helper', '在吗', { from: 'filehelper' })
    await says('old', '昨天的', { payload: { timestamp: Date.now() - 86_400_000 } })
    await says('last', '在吗')
    await expect.poll(() => host.accepted.at(-1)?.dedupKey).toBe('last')
    expect(host.accepted).toHaveLength(1)
    await expect.poll(() => steering.said).toHaveLength(1)
  })

  it('sends files with names', async () => {
    const { channel, host, steering } = await open()
    const { mediaId } = host.media.add('image/png', Buffer.from('picture'))
    await channel.deliver(to({ kind: 'image', media: { mediaId } }))
    await channel.deliver(to({ kind: 'file', media: { mediaId }, name: '说明.pdf' }))
    const base64 = Buffer.from('picture').toString('base64')
    await expect
      .poll(() => steering.said.map(({ file }) => file))
      .toEqual([
        { name: 'file.png', base64 },
        { name: '说明.pdf', base64 },
      ])
    expect(await codeOf(channel.deliver(to({ kind: 'image', media: { mediaId: 'gone' } })))).toBe('permanent')
    expect(await codeOf(channel.deliver(to({ kind: 'sticker', name: 'x' })))).toBe('permanent')
  })

  it('tells who is not known any more', async () => {
    const { channel } = await open()
    const stranger = { contactKey: 'nobody', threadKey: 'nobody' }
    expect(await codeOf(channel.deliver(to(text('在吗'), stranger)))).toBe('unreachable')
  })

  it('fails until somebody is signed in, and says how', async () => {
    const { host } = await open()
    expect(host.reported).toMatchObject([
      { state: 'failing', reason: expect.stringMatching(/^尚未登录.* \/ nobody is signed in/) },
      { state: 'running' },
    ])
  })

  it('shows the code to scan, in the log and as a picture of characters', async () => {
    const { host, steering, stateDir } = await open()
    await steering.act({ do: 'scan', qrcode: 'https://login.weixin.qq.com/l/abc' })
    await expect
      .poll(() => host.logged.map(({ facts }) => facts).join())
      .toContain('login.weixin.qq.com/l/abc')
    const shown = readFileSync(join(stateDir, host.inboxId, 'login-qr.txt'), 'utf8')
    expect(shown).toMatch(/[█▀▄]{3}/)
    const reason = expect.stringContaining(join(host.inboxId, 'login-qr.txt'))
    expect(host.reported.at(-1)).toEqual({ state: 'failing', reason })
    // Whoever has the code is signed in as the account.
    expect(JSON.stringify(host.reported)).not.toContain('login.weixin.qq.com')
  })

  it('needs an operator when the login is lost, and goes on after the next one', async () => {
    const { host, channel, steering, signIn } = await open()
    await steering.act({ do: 'logout' })
    await expect.poll(() => logs(host, 'wechat account signed out')).toBe(1)
    expect(await codeOf(channel.deliver(to(text('在吗'))))).toBe('needs_operator')
    const reason = expect.stringContaining('signed out')
    expect(host.reported.at(-1)).toEqual({ state: 'failing', reason })
    await signIn()
    expect(host.reported.at(-1)).toEqual({ state: 'running' })
    expect(await codeOf(channel.deliver(to(text('在吗'))))).toBe('sent')
  })

  it('is started again when it dies, and loses nobody who writes after', async () => {
    const { host, channel, steering, signIn, says } = await open()
    void steering.act({ do: 'crash' })
    await expect.poll(() => logs(host, 'wechaty bridge ended; it is started again')).toBe(1)
    expect(host.reported.at(-1)).toMatchObject({ state: 'failing', nextTryAt: expect.any(Date) })
    // Nobody has to do anything: an operator's long pause would hold back what is answered meanwhile.
    expect(await codeOf(channel.deliver(to(text('在吗'))))).toBe('provider_down')
    await expect.poll(() => steering.ups()).toBe(2)
    await steering.act({ do: 'scan', qrcode: 'https://login.weixin.qq.com/l/abc' })
    await expect.poll(() => codeOf(channel.deliver(to(text('在吗'))))).toBe('needs_operator')
    await signIn()
    await says('after', '还在吗')
    await expect.poll(() => host.accepted).toHaveLength(1)
    expect(await codeOf(channel.deliver(to(text('在'))))).toBe('sent')
  })

  it('does not know what became of a message that it was sending when it died', async () => {
    const { host, channel } = await open()
    const started = host.logged.find(({ event }) => event === 'wechaty bridge started')
    const pid = Number(/"pid":(\d+)/.exec(started?.facts ?? '')?.[1])
    const sending = channel.deliver(to(text('在吗')))
    process.kill(pid, 'SIGKILL')
    await expect(sending).rejects.toMatchObject({ code: 'temporary', facts: { outcomeUnknown: true } })
  })

  it('takes nothing that is merely printed for an event', async () => {
    const { host, steering, says } = await open()
    await steering.act({ do: 'print', text: '{"t":"message"}\nnoise\n' })
    await steering.act({ do: 'raw', line: 'noise' })
    await steering.act({ do: 'raw', line: '{"t":"login","userId":"x","key":"guessed"}' })
    await says('m1', '在吗')
    await expect.poll(() => host.accepted).toHaveLength(1)
    expect(logs(host, 'line of the bridge refused')).toBe(2)
  })

  it('leaves no process behind', async () => {
    const stage = await openStage()
    const started = stage.host.logged.find(({ event }) => event === 'wechaty bridge started')
    const pid = Number(/"pid":(\d+)/.exec(started?.facts ?? '')?.[1])
    await stage.close()
    expect(() => process.kill(pid, 0)).toThrow()
  })
})
