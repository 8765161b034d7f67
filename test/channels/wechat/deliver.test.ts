import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { Channel } from '../../../src/core/channel.ts'
import type { Part } from '../../../src/core/message.ts'
import { createContractHost, outbound } from '../../contract/channel.ts'
import type { ContractHost } from '../../contract/channel.ts'
import { createStillHost } from '../../support/still-host.ts'
import { createAccount, openId } from './account.ts'
import { mediaPath, sendPath, startProvider, tokenPath, typingPath, uploadPath } from './provider.ts'
import type { Provider } from './provider.ts'

let provider: Provider
let host: ContractHost
let channel: Channel

const open = (more: Record<string, unknown> = {}): Channel =>
  createAccount({ apiBase: provider.url, ...more }, host).channel

beforeEach(async () => {
  provider = await startProvider()
  host = createContractHost()
  channel = open()
})
afterEach(async () => {
  await channel.stop()
  await provider.close()
})

const send = (part: Part, to: Channel = channel) =>
  to.deliver(outbound(part, { contactKey: openId, threadKey: openId }))
const sent = (): readonly unknown[] => provider.sent(sendPath)

const choices: Part = {
  kind: 'choices',
  prompt: '满意吗？',
  choices: [
    { id: '101', label: '满意' },
    { id: '102', label: '不满意' },
  ],
  footer: '谢谢',
}
const numbered = '满意吗？\n1. 满意\n2. 不满意\n谢谢'

describe('a message through the API', () => {
  it('is text in real UTF-8 characters', async () => {
    await send({ kind: 'text', text: '您好 "<a href=\\"https://example.com\\">" 😀' })
    expect(sent()).toEqual([
      { touser: openId, msgtype: 'text', text: { content: '您好 "<a href=\\"https://example.com\\">" 😀' } },
    ])
    const [call] = provider.callsTo(sendPath)
    expect(call?.headers['content-type']).toBe('application/json; charset=utf-8')
    expect(Buffer.from(call?.body ?? '', 'latin1').toString('utf8')).toContain('您好')
    expect(call?.body).not.toContain('\\u')
  })

  it('without an answer may have arrived all the same; a token without an answer sent nothing', async () => {
    provider.on(sendPath, () => ({ json: {}, status: 504 }))
    await expect(send({ kind: 'text', text: '在' })).rejects.toMatchObject({
      code: 'temporary',
      facts: { outcomeUnknown: true },
    })
    provider.on(sendPath, () => ({ breaks: true }))
    await expect(send({ kind: 'text', text: '在' })).rejects.toMatchObject({
      code: 'temporary',
      facts: { outcomeUnknown: true },
    })
    const fresh = open({ appId: 'wx0000000000000000' })
    provider.on(tokenPath, () => ({ breaks: true }))
    await expect(send({ kind: 'text', text: '在' }, fresh)).rejects.toMatchObject({
      facts: { outcomeUnknown: false },
    })
  })

  it('waits for a provider that cannot be reached: nothing was sent', async () => {
    await provider.close()
    const error = await send({ kind: 'text', text: '在' }).catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'provider_down' })
    expect(error).not.toMatchObject({ facts: { outcomeUnknown: true } })
  })

  it('is one article for a link', async () => {
    await send({ kind: 'link', url: 'https://example.com', title: '标题', description: '摘要' })
    await send({ kind: 'link', url: 'https://example.com' })
    expect(sent()).toEqual([
      {
        touser: openId,
        msgtype: 'news',
        news: { articles: [{ title: '标题', description: '摘要', url: 'https://example.com' }] },
      },
      {
        touser: openId,
        msgtype: 'news',
        news: { articles: [{ title: 'https://example.com', description: '', url: 'https://example.com' }] },
      },
    ])
  })

  it('is refused before the call when WeChat cannot show it', async () => {
    await expect(send({ kind: 'location', latitude: 1, longitude: 2 })).rejects.toMatchObject({
      code: 'permanent',
    })
    await expect(send({ kind: 'file', name: 'a.pdf', media: {} })).rejects.toMatchObject({
      code: 'permanent',
    })
    expect(provider.calls).toHaveLength(0)
  })

  it('is refused without a right to the API, saying what to set', async () => {
    for (const more of [{ appSecret: undefined }, { replyMode: 'passive-only' }]) {
      const passive = open(more)
      await expect(send({ kind: 'text', text: 'a' }, passive)).rejects.toMatchObject({
        code: 'no_permission',
        facts: { hint: expect.stringContaining('appSecret') },
      })
      await passive.showTyping(openId, true)
    }
    expect(provider.calls).toHaveLength(0)
  })
})

describe('choices', () => {
  it('are a numbered list by default', async () => {
    await send(choices)
    expect(sent()).toEqual([{ touser: openId, msgtype: 'text', text: { content: numbered } }])
  })

  it('are a native menu where configured', async () => {
    await send(choices, open({ menus: true }))
    expect(sent()).toEqual([
      {
        touser: openId,
        msgtype: 'msgmenu',
        msgmenu: {
          head_content: '满意吗？',
          list: [
            { id: '101', content: '满意' },
            { id: '102', content: '不满意' },
          ],
          tail_content: '谢谢',
        },
      },
    ])
  })

  it('fall back to the list when the account has no menus, and remember it', async () => {
    const menus = open({ menus: true })
    provider.refuse(sendPath, 40200)
    await send(choices, menus)
    await send(choices, menus)
    expect(sent()).toMatchObject([
      { msgtype: 'msgmenu' },
      { msgtype: 'text', text: { content: numbered } },
      { msgtype: 'text' },
    ])
  })

  it('do not fall back for any other refusal', async () => {
    provider.refuse(sendPath, 48001)
    await expect(send(choices, open({ menus: true }))).rejects.toMatchObject({ code: 'no_permission' })
    expect(sent()).toHaveLength(1)
  })
})

describe('files', () => {
  const add = (contentType: string, bytes = 3): { readonly mediaId: string } => ({
    mediaId: host.media.add(contentType, new Uint8Array(bytes).fill(7)).mediaId,
  })

  it.each([
    ['image/png', 'image', 'image.png'],
    ['image/jpeg', 'image', 'image.jpg'],
    ['image/gif', 'image', 'image.gif'],
    ['audio/amr', 'voice', 'voice.amr'],
    ['audio/mpeg', 'voice', 'voice.mp3'],
    ['video/mp4', 'video', 'video.mp4'],
  ])('%s goes up as %s named %s, with its length', async (contentType, type, name) => {
    const media = add(contentType)
    const kinds: Readonly<Record<string, Part>> = {
      image: { kind: 'image', media },
      voice: { kind: 'audio', media },
      video: { kind: 'video', media },
    }
    await send(kinds[type] ?? choices)
    const [upload] = provider.callsTo(uploadPath)
    expect(upload?.query.get('type')).toBe(type)
    expect(upload?.body).toContain(`name="media"; filename="${name}"`)
    expect(upload?.body).toContain(`Content-Type: ${contentType}`)
    expect(upload?.body).toContain('\x07\x07\x07')
    expect(Number(upload?.headers['content-length'])).toBe(upload?.body.length)
    expect(upload?.headers['transfer-encoding']).toBeUndefined()
    expect(sent()).toEqual([
      { touser: openId, msgtype: type, [type]: { media_id: expect.stringMatching(/^uploaded-/) } },
    ])
  })

  it('go up once and are reused', async () => {
    const part: Part = { kind: 'image', media: add('image/png') }
    await send(part)
    await send(part)
    expect(provider.callsTo(uploadPath)).toHaveLength(1)
    expect(sent()).toHaveLength(2)
  })

  it('go up again when WeChat has forgotten them, once', async () => {
    const part: Part = { kind: 'image', media: add('image/png') }
    await send(part)
    provider.refuse(sendPath, 40007)
    await send(part)
    expect(provider.callsTo(uploadPath)).toHaveLength(2)
    provider.refuse(sendPath, 40007, 40007, 40007)
    await expect(send(part)).rejects.toMatchObject({ code: 'media_expired' })
    expect(sent()).toHaveLength(5)
  })

  it('take a video’s preview along when WeChat takes it', async () => {
    await send({ kind: 'video', media: add('video/mp4'), thumbnail: add('image/jpeg') })
    await send({ kind: 'video', media: add('video/mp4'), thumbnail: add('image/jpeg', 65_537) })
    const [withPreview, without] = sent()
    expect(withPreview).toMatchObject({ video: { thumb_media_id: expect.stringMatching(/^uploaded-/) } })
    expect(without).not.toHaveProperty('video.thumb_media_id')
  })

  it.each([
    ['image/webp', 10],
    ['image/svg+xml', 10],
    ['image/png', 0],
    ['image/png', 10 * 1_048_576 + 1],
  ])(
    'of type %s with %i bytes are refused before the call, saying what WeChat takes',
    async (contentType, bytes) => {
      await expect(send({ kind: 'image', media: add(contentType, bytes) })).rejects.toMatchObject({
        code: 'permanent',
        facts: { hint: expect.stringContaining('image/png') },
      })
      expect(provider.callsTo(uploadPath)).toHaveLength(0)
    },
  )

  it('that are not in the store are refused', async () => {
    await expect(send({ kind: 'image', media: { mediaId: 'gone' } })).rejects.toMatchObject({
      code: 'permanent',
    })
    await expect(send({ kind: 'image', media: {} })).rejects.toMatchObject({ code: 'permanent' })
  })
})

describe('typing', () => {
  const commands = (): readonly unknown[] => provider.sent(typingPath)

  it('is shown once until it ends, a message is sent, or it is cancelled', async () => {
    host = createStillHost()
    channel = open()
    await channel.showTyping(openId, true)
    await channel.showTyping(openId, true)
    expect(commands()).toEqual([{ touser: openId, command: 'Typing' }])
    await channel.showTyping(openId, false)
    await channel.showTyping(openId, false)
    expect(commands().slice(1)).toEqual([{ touser: openId, command: 'CancelTyping' }])
    await channel.showTyping(openId, true)
    await send({ kind: 'text', text: '在的' })
    await channel.showTyping(openId, true)
    expect(commands()).toHaveLength(4)
  })

  it.each([45072, 45080, 45081])('is nobody’s trouble when WeChat answers %i', async (errcode) => {
    provider.refuse(typingPath, errcode)
    const before = host.logged.length
    await channel.showTyping(openId, true)
    expect(host.logged.slice(before)).toEqual([])
  })

  it('leaves other refusals in the log alone', async () => {
    provider.refuse(typingPath, 48001)
    await channel.showTyping(openId, true)
    expect(host.logged.at(-1)).toMatchObject({
      event: 'typing not shown',
      facts: expect.stringContaining('48001'),
    })
    expect(provider.callsTo(mediaPath)).toHaveLength(0)
  })
})
