import { afterEach, describe, expect, it } from 'vitest'
import type { WechatAccount } from '../../../sandbox/wechat/index.ts'
import { createCaller, minute } from './api-caller.ts'
import type { Json } from './api-caller.ts'
import { bai, setStage } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

const { call, post, freshToken, send, sendText, says, seen } = createCaller(() => stage)

describe('bodies of custom/send', () => {
  const shelf = () => ({
    image: stage.simulator.upload('image', Buffer.from('GIF89a')).mediaId,
    voice: stage.simulator.upload('voice', Buffer.from('#!AMR\n')).mediaId,
    video: stage.simulator.upload('video', Buffer.from('\0\0\0\u0018ftypisom')).mediaId,
    thumb: stage.simulator.upload('thumb', Buffer.from([0xff, 0xd8, 0xff, 0xe0])).mediaId,
  })

  it('every documented kind arrives', async () => {
    stage = await setStage({}, { limits: { message: { count: 99, windowMs: minute } } })
    await says()
    const media = shelf()
    const bodies: readonly [string, unknown, Json][] = [
      ['text', { content: '您好' }, { kind: 'text', text: '您好' }],
      ['image', { media_id: media.image }, { kind: 'image', mediaId: media.image }],
      ['voice', { media_id: media.voice }, { kind: 'voice' }],
      [
        'video',
        { media_id: media.video, thumb_media_id: media.thumb, title: 'T' },
        { kind: 'video', title: 'T' },
      ],
      [
        'music',
        { musicurl: 'u', hqmusicurl: 'h', thumb_media_id: media.thumb, title: 'M' },
        { kind: 'music' },
      ],
      ['news', { articles: [{ title: 'T', url: 'U' }] }, { kind: 'news' }],
      ['mpnewsarticle', { article_id: 'A' }, { kind: 'card' }],
      [
        'msgmenu',
        { head_content: '满意吗？', list: [{ id: '101', content: '满意' }], tail_content: '谢谢' },
        { kind: 'menu', entries: [{ id: '101', label: '满意' }] },
      ],
      ['wxcard', { card_id: 'C' }, { kind: 'card' }],
      [
        'miniprogrampage',
        { title: 'P', appid: 'wx1', pagepath: 'pages/a', thumb_media_id: media.image },
        { kind: 'card', title: 'P' },
      ],
    ]
    for (const [msgtype, body, shown] of bodies) {
      expect(await send({ touser: bai.openid, msgtype, [msgtype]: body })).toEqual({
        errcode: 0,
        errmsg: 'ok',
      })
      expect(seen().at(-1)).toMatchObject(shown)
    }
  })

  it.each([
    ['not JSON', 'nonsense', 47001],
    ['nothing', '', 44002],
    ['no msgtype', { touser: bai.openid }, 40035],
    ['an unknown openid', { touser: 'nobody', msgtype: 'text', text: { content: 'x' } }, 40003],
    ['an unknown type', { touser: bai.openid, msgtype: 'constructor' }, 40008],
    ['no body', { touser: bai.openid, msgtype: 'text' }, 40035],
    ['a number for text', { touser: bai.openid, msgtype: 'text', text: { content: 5 } }, 40035],
    ['empty text', { touser: bai.openid, msgtype: 'text', text: { content: '' } }, 44004],
    [
      '683 Chinese characters',
      { touser: bai.openid, msgtype: 'text', text: { content: '字'.repeat(683) } },
      45002,
    ],
    ['an unknown file', { touser: bai.openid, msgtype: 'image', image: { media_id: 'x' } }, 40007],
    [
      'two articles',
      { touser: bai.openid, msgtype: 'news', news: { articles: [{ title: '1' }, { title: '2' }] } },
      45008,
    ],
    ['a draft', { touser: bai.openid, msgtype: 'mpnews', mpnews: { media_id: 'x' } }, 40007],
    [
      'an unknown agent account',
      { touser: bai.openid, msgtype: 'text', text: { content: 'x' }, customservice: { kf_account: 'a@b' } },
      61452,
    ],
  ])('%s is refused', async (_name, body, errcode) => {
    stage = await setStage()
    await says()
    expect((await send(body))['errcode']).toBe(errcode)
    expect(seen()).toEqual([])
    expect(stage.simulator.windows(bai.openid)[0]?.left).toBe(5)
  })

  it('682 Chinese characters are allowed', async () => {
    stage = await setStage()
    await says()
    expect((await sendText('字'.repeat(682)))['errcode']).toBe(0)
  })

  it.each([
    ['subscription', 'msgmenu', 40200],
    ['unverified', 'text', 48001],
  ] as const)('an account of kind %s gets no %s', async (kind: WechatAccount['kind'], msgtype, errcode) => {
    stage = await setStage({ kind })
    await says()
    const menu = { head_content: 'h', list: [{ id: '1', content: 'a' }] }
    const result = await send({ touser: bai.openid, msgtype, msgmenu: menu, text: { content: 'x' } })
    expect(result['errcode']).toBe(errcode)
  })
})

describe('typing', () => {
  const typing = async (command: string): Promise<unknown> =>
    (
      await post(`/cgi-bin/message/custom/typing?access_token=${await freshToken()}`, {
        touser: bai.openid,
        command,
      })
    )['errcode']
  const shown = () => stage.simulator.users()[0]?.typing

  it('is shown for fifteen seconds, needs a recent interaction, and ends with a message', async () => {
    stage = await setStage()
    expect(await typing('Typing')).toBe(45080)
    await says()
    expect(await typing('Dance')).toBe(45072)
    expect(await typing('Typing')).toBe(0)
    expect(shown()).toBe(true)
    expect(await typing('Typing')).toBe(45081)
    await sendText()
    expect(shown()).toBe(false)
    expect(await typing('Typing')).toBe(0)
    expect(await typing('CancelTyping')).toBe(0)
    expect(shown()).toBe(false)
    expect(await typing('Typing')).toBe(0)
    stage.clock.advance(15_000)
    expect(shown()).toBe(false)
    stage.clock.advance(15_001)
    expect(await typing('Typing')).toBe(45080)
  })
})

describe('media', () => {
  const upload = async (kind: string, bytes: string | Buffer, name = 'a.png'): Promise<Json> => {
    const form = new FormData()
    form.set('media', new File([new Uint8Array(Buffer.from(bytes))], name))
    return call(`/cgi-bin/media/upload?access_token=${await freshToken()}&type=${kind}`, {
      method: 'POST',
      body: form,
    })
  }
  const get = async (mediaId: string): Promise<Response> =>
    stage.simulator.api.request(`/cgi-bin/media/get?access_token=${await freshToken()}&media_id=${mediaId}`)

  it('what was uploaded can be fetched for three days', async () => {
    stage = await setStage()
    const stored = await upload('image', 'GIF89a…')
    expect(stored).toMatchObject({ type: 'image', created_at: 1795406400 })
    const response = await get(String(stored['media_id']))
    expect(response.headers.get('content-type')).toBe('image/gif')
    expect(response.headers.get('content-disposition')).toMatch(/^attachment; filename=".+\.gif"$/)
    expect(await response.text()).toBe('GIF89a…')
    stage.clock.advance(3 * 24 * 60 * minute)
    expect(await (await get(String(stored['media_id']))).json()).toMatchObject({ errcode: 40007 })
  })

  it('a video is answered with an address', async () => {
    stage = await setStage()
    const { media_id: mediaId } = await upload('video', '\0\0\0\u0018ftypisom', 'a.mp4')
    const { video_url: url } = (await (await get(String(mediaId))).json()) as { video_url: string }
    expect(url).toBe(`http://api.test/mmvideo/${String(mediaId)}`)
    const video = await stage.simulator.api.request(new URL(url).pathname)
    expect(video.headers.get('content-type')).toBe('video/mp4')
  })

  it('thumbs have a field of their own', async () => {
    stage = await setStage()
    const stored = await upload('thumb', Buffer.from([0xff, 0xd8, 0xff, 0xe0]))
    expect(stored['thumb_media_id']).toBeTypeOf('string')
  })

  it.each([
    ['an unknown kind', 'hologram', 'GIF89a', 40004],
    ['nothing in it', 'image', '', 44001],
    ['a voice as picture', 'image', '#!AMR\n', 40005],
    [
      '65 KB of thumb',
      'thumb',
      Buffer.concat([Buffer.from([0xff, 0xd8, 0xff]), Buffer.alloc(65_536)]),
      40012,
    ],
  ])('%s is refused', async (_name, kind, bytes, errcode) => {
    stage = await setStage()
    expect((await upload(kind, bytes))['errcode']).toBe(errcode)
  })

  it('a form without a file is refused', async () => {
    stage = await setStage()
    const path = `/cgi-bin/media/upload?access_token=${await freshToken()}&type=image`
    const form = new FormData()
    form.set('media', 'text')
    expect((await call(path, { method: 'POST', body: form }))['errcode']).toBe(41005)
    const broken = {
      method: 'POST',
      body: 'x',
      headers: { 'content-type': 'multipart/form-data; boundary=q' },
    }
    expect((await call(path, broken))['errcode']).toBe(41005)
  })
})
