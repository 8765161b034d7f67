import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, describe, expect, it } from 'vitest'
import type { WechatAccount } from '../../../sandbox/wechat/index.ts'
import { bai, setStage, testAccount } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

type Json = Record<string, unknown>
const minute = 60_000
const credentials = {
  grant_type: 'client_credential',
  appid: testAccount.appId,
  secret: testAccount.appSecret,
}

const call = async (path: string, init?: RequestInit): Promise<Json> => {
  const response = await stage.simulator.api.request(path, init)
  expect(response.status).toBe(200)
  return (await response.json()) as Json
}
const post = (path: string, body: unknown): Promise<Json> =>
  call(path, { method: 'POST', body: typeof body === 'string' ? body : JSON.stringify(body) })
const stable = (more: Json = {}): Promise<Json> => post('/cgi-bin/stable_token', { ...credentials, ...more })
const freshToken = async (): Promise<string> => String((await stable())['access_token'])
const send = async (body: Json | string, token?: string): Promise<Json> =>
  post(`/cgi-bin/message/custom/send?access_token=${token ?? (await freshToken())}`, body)
const sendText = (content = '您好', openid = bai.openid): Promise<Json> =>
  send({ touser: openid, msgtype: 'text', text: { content } })
const says = (text = '在吗') => stage.simulator.push(bai.openid, { kind: 'text', text })
const seen = () =>
  stage.simulator
    .transcript(bai.openid)
    .flatMap(({ source, content }) => (source === 'user' ? [] : [content]))

describe('tokens', () => {
  it('stable_token gives the same token until five minutes before its end, then both work', async () => {
    stage = await setStage()
    await says()
    const first = await stable()
    expect(first['expires_in']).toBe(7200)
    stage.clock.advance(100 * minute)
    expect(await stable()).toEqual({ access_token: first['access_token'], expires_in: 1200 })
    stage.clock.advance(16 * minute)
    const second = await stable()
    expect(second['access_token']).not.toBe(first['access_token'])
    const text = { touser: bai.openid, msgtype: 'text', text: { content: 'x' } }
    expect((await send(text, String(first['access_token'])))['errcode']).toBe(0)
    expect((await send(text, String(second['access_token'])))['errcode']).toBe(0)
    stage.clock.advance(4 * minute)
    expect((await send(text, String(first['access_token'])))['errcode']).toBe(42001)
  })

  it('force_refresh ends the old token at once, but not twice in thirty seconds or 21 times a day', async () => {
    stage = await setStage()
    const old = await freshToken()
    const forced = await stable({ force_refresh: true })
    expect(forced['access_token']).not.toBe(old)
    expect((await call(`/cgi-bin/getcallbackip?access_token=${old}`))['errcode']).toBe(40001)
    expect((await stable({ force_refresh: true }))['errcode']).toBe(45011)
    for (let count = 2; count <= 20; count += 1) {
      stage.clock.advance(minute)
      expect((await stable({ force_refresh: true }))['errcode']).toBeUndefined()
    }
    stage.clock.advance(minute)
    expect((await stable({ force_refresh: true }))['errcode']).toBe(45009)
  })

  it('/token gives a new one each time, the one before lives five minutes, stable tokens are untouched', async () => {
    stage = await setStage()
    const path = `/cgi-bin/token?${new URLSearchParams(credentials).toString()}`
    const stableToken = await freshToken()
    const first = String((await call(path))['access_token'])
    const second = String((await call(path))['access_token'])
    expect(second).not.toBe(first)
    const check = async (token: string) =>
      (await call(`/cgi-bin/getcallbackip?access_token=${token}`))['errcode']
    expect(await check(first)).toBeUndefined()
    stage.clock.advance(5 * minute)
    expect(await check(first)).toBe(40001)
    expect(await check(second)).toBeUndefined()
    expect(await check(stableToken)).toBeUndefined()
  })

  it.each([
    [{ grant_type: 'x' }, 40002],
    [{ appid: 'wx1' }, 40013],
    [{ secret: 'x' }, 40125],
  ])('credentials %j are refused with %d', async (change, errcode) => {
    stage = await setStage()
    expect(await stable(change)).toMatchObject({ errcode, errmsg: expect.stringMatching(/rid: /) })
  })

  it('expireTokens ends them now; a missing and an unknown token have codes of their own', async () => {
    stage = await setStage()
    const token = await freshToken()
    stage.simulator.expireTokens()
    expect((await call(`/cgi-bin/getcallbackip?access_token=${token}`))['errcode']).toBe(42001)
    expect((await call('/cgi-bin/getcallbackip'))['errcode']).toBe(41001)
    expect((await call('/cgi-bin/getcallbackip?access_token=x'))['errcode']).toBe(40001)
    expect((await call(`/cgi-bin/getcallbackip?access_token=${await freshToken()}`))['ip_list']).toContain(
      '127.0.0.1',
    )
  })
})

describe('windows and quotas', () => {
  const codes = async (count: number): Promise<unknown[]> => {
    const results: unknown[] = []
    for (let index = 0; index < count; index += 1) results.push((await sendText())['errcode'])
    return results
  }

  it('nobody may be written to before they did something', async () => {
    stage = await setStage()
    expect(await codes(1)).toEqual([45015])
  })

  it('a message allows five within 48 hours, and the next message five more', async () => {
    stage = await setStage()
    await says()
    expect(await codes(6)).toEqual([0, 0, 0, 0, 0, 45047])
    await says()
    stage.clock.advance(48 * 60 * minute - 1)
    expect(await codes(1)).toEqual([0])
    stage.clock.advance(1)
    expect(await codes(1)).toEqual([45015])
  })

  it.each([
    ['a menu click', { kind: 'click', key: 'K' }],
    ['a click in a menu message', { kind: 'menu-choice', id: '1', label: '满意' }],
    ['a scan', { kind: 'scan', scene: 's' }],
    ['following', { kind: 'subscribe' }],
    ['scancode_push', { kind: 'event', event: 'scancode_push' }],
  ] as const)('%s allows three within a minute', async (_name, utterance) => {
    stage = await setStage()
    await stage.simulator.push(bai.openid, utterance)
    expect(await codes(4)).toEqual([0, 0, 0, 45047])
    stage.clock.advance(minute)
    expect(await codes(1)).toEqual([45015])
  })

  it('opening a link allows nothing', async () => {
    stage = await setStage()
    await stage.simulator.push(bai.openid, { kind: 'view', url: 'https://a.example' })
    expect(await codes(1)).toEqual([45015])
  })

  it('several windows add up, the one that ends first is used first', async () => {
    stage = await setStage()
    await says()
    await stage.simulator.push(bai.openid, { kind: 'click', key: 'K' })
    expect(await codes(3)).toEqual([0, 0, 0])
    stage.clock.advance(minute)
    expect(stage.simulator.windows(bai.openid)).toMatchObject([{ action: 'message', left: 5 }])
    expect(await codes(6)).toEqual([0, 0, 0, 0, 0, 45047])
  })

  it('windows are each user’s own', async () => {
    stage = await setStage()
    await says()
    const other = stage.simulator.users()[1]
    expect((await sendText('您好', other?.openid))['errcode']).toBe(45015)
  })

  it('who left cannot be reached', async () => {
    stage = await setStage()
    await says()
    await stage.simulator.push(bai.openid, { kind: 'unsubscribe' })
    expect(await codes(1)).toEqual([43004])
    await stage.simulator.push(bai.openid, { kind: 'subscribe' })
    expect(await codes(1)).toEqual([0])
  })

  it('says in the transcript what is left', async () => {
    stage = await setStage()
    await says()
    await sendText('第一条')
    expect(stage.simulator.transcript(bai.openid).at(-1)).toMatchObject({
      source: 'api',
      quotaLeft: 4,
      content: { kind: 'text', text: '第一条' },
    })
  })
})

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

describe('faults and manners', () => {
  it('an errcode on demand, as often as ordered, for the named call only', async () => {
    stage = await setStage()
    await says()
    stage.simulator.fault({ api: 'custom_send', errcode: -1, times: 2 })
    expect((await sendText())['errcode']).toBe(-1)
    expect((await sendText())['errcode']).toBe(-1)
    expect((await sendText())['errcode']).toBe(0)
    const callOff = stage.simulator.fault({ errcode: 45009, times: Infinity })
    expect((await stable())['errcode']).toBe(45009)
    callOff()
    expect((await sendText())['errcode']).toBe(0)
    stage.simulator.fault({ errcode: 45009, times: Infinity })
    stage.simulator.clearFaults()
    expect((await sendText())['errcode']).toBe(0)
  })

  it('wrong methods and paths are answered as the platform does', async () => {
    stage = await setStage()
    expect((await call('/cgi-bin/message/custom/send'))['errcode']).toBe(43002)
    expect((await post('/cgi-bin/token', {}))['errcode']).toBe(43001)
    expect((await call('/cgi-bin/elsewhere'))['errcode']).toBe(40066)
  })

  it('the trace names the call and masks tokens and secrets', async () => {
    stage = await setStage()
    await says()
    const token = await freshToken()
    await send({ touser: bai.openid, msgtype: 'text', text: { content: '您好' } }, token)
    await call(`/cgi-bin/token?${new URLSearchParams(credentials).toString()}`)
    const traced = stage.simulator.trace()
    expect(traced.filter(({ kind }) => kind === 'api').at(-2)).toMatchObject({
      api: 'custom_send',
      openid: bai.openid,
      status: 200,
      errcode: 0,
      injected: false,
    })
    const dump = JSON.stringify(traced)
    expect(dump).toContain('您好')
    expect(dump).not.toContain(token)
    expect(dump).not.toContain(testAccount.appSecret)
  })

  it('over real HTTP: 500, a cut connection, and a call that hangs until the caller gives up', async () => {
    stage = await setStage()
    const server = serve({ fetch: stage.simulator.api.fetch, port: 0, hostname: '127.0.0.1' })
    await new Promise((resolve) => server.once('listening', resolve))
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/cgi-bin/getcallbackip`
    stage.simulator.fault({ http: 500 })
    expect((await fetch(url)).status).toBe(500)
    stage.simulator.fault({ http: 'cut' })
    await expect(fetch(url)).rejects.toThrow()
    stage.simulator.fault({ http: 'hang' })
    await expect(fetch(url, { signal: AbortSignal.timeout(50) })).rejects.toThrow(/timeout|abort/i)
    stage.simulator.fault({ http: 'hang' })
    const hanging = fetch(url).then(
      () => 'answered',
      () => 'broken off',
    )
    await expect.poll(() => stage.simulator.trace().length).toBe(4)
    stage.simulator.close()
    expect(await hanging).toBe('broken off')
    expect(stage.simulator.trace().map((exchange) => exchange.kind === 'api' && exchange.status)).toEqual([
      500, 0, 0, 0,
    ])
    await new Promise((resolve) => server.close(resolve))
  })
})
