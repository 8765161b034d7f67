import type { AddressInfo } from 'node:net'
import { serve } from '@hono/node-server'
import { afterEach, describe, expect, it } from 'vitest'
import { createCaller, credentials, minute } from './api-caller.ts'
import { bai, setStage, testAccount } from './stage.ts'
import type { Stage } from './stage.ts'

let stage: Stage
afterEach(() => stage.close())

const { call, post, stable, freshToken, send, sendText, says } = createCaller(() => stage)

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
    const leaving = new AbortController()
    const left = expect(fetch(url, { signal: leaving.signal })).rejects.toThrow(/abort/i)
    await expect.poll(() => stage.simulator.trace().length).toBe(3)
    leaving.abort()
    await left
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
