import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWeiboAccount, createWeiboSimulator } from '../../sandbox/index.ts'
import type { WeiboDeed, WeiboSimulator } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import { startProduct, type Product } from '../support/product.ts'
import { drawPicture } from '../support/pictures.ts'

const account = createWeiboAccount('次元站')
let product: Product
let weibo: WeiboSimulator
let stopApi = (): void => undefined

beforeAll(async () => {
  const port = await freePort()
  const url = `http://127.0.0.1:${String(port)}`
  weibo = createWeiboSimulator({
    account,
    callbackUrl: () => `${product.app.url}/channels/weibo/callback/0123456789abcdef`,
    clock: systemClock,
    timing: { retryDelayMs: 50 },
  })
  const listen = getRequestListener((request) => weibo.api.fetch(request))
  const server = createServer((request, response) => void listen(request, response))
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  stopApi = () => {
    server.close()
    server.closeAllConnections()
  }
  const { uid, appSecret, accessToken } = account
  const bases = { apiBase: url, messageApiBase: url, uploadApiBase: url }
  product = await startProduct({
    inboxes: {
      weibo: {
        ...{ channel: 'weibo', uid, appSecret, accessToken, ...bases },
        callbackKey: '0123456789abcdef',
        sendsPerSecond: 1_000,
      },
    },
  })
})
afterAll(async () => {
  await product.dispose()
  await weibo.close()
  stopApi()
})

let fans = 0

/** A fan on the simulated Weibo. */
const createFan = (name: string) => {
  const key = String(9_007_199_254_740_993n + BigInt((fans += 1)))
  weibo.addUser({ key, name })
  let seen = 0
  const heard = (): readonly string[] =>
    weibo.client.lines(key).flatMap(({ from, text }) => (from === 'account' ? (text ?? '') : []))
  const does = async (deed: WeiboDeed): Promise<void> => {
    const { state, problems } = await weibo.push(key, deed)
    expect(problems).toEqual([])
    expect(state).not.toBe('failed')
  }
  return {
    key,
    does,
    says: (text: string) => does({ kind: 'text', text }),
    heard,
    hears: async (expected: RegExp) => {
      const place = (): number => heard().findIndex((text, at) => at >= seen && expected.test(text))
      await expect.poll(place, { message: `waiting for ${String(expected)}` }).toBeGreaterThanOrEqual(0)
      seen = place() + 1
    },
  }
}

describe('a fan on Weibo', () => {
  it('is greeted, answered, asks for a person and is helped, over a restart', async () => {
    const fan = createFan('阿白')
    await fan.does({ kind: 'follow' })
    await fan.hears(/小通/)
    await fan.says('投稿一直在审核中要等多久')
    await fan.hears(/审核/)
    await fan.says('转人工')
    await fan.hears(/T-\d+/)

    const ticket = await (await product.agent()).finds(/审核/)
    expect(ticket).toMatchObject({ state: 'new', conversationMode: 'human', contactName: '阿白' })
    await product.restart()
    const agent = await product.agent()
    await agent.takes(ticket.id)
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    await fan.hears(/您的稿件今晚会审完/)
    expect(fan.heard().every((text) => Array.from(text).length < 300)).toBe(true)
  })

  it('hears nothing after leaving, and what was owed after coming back', async () => {
    const fan = createFan('鹿目')
    await fan.says('转人工')
    await fan.hears(/T-\d+/)
    const agent = await product.agent()
    const ticket = await agent.finds(/人工/)
    await fan.does({ kind: 'unfollow' })
    const before = fan.heard().length
    await agent.replies(ticket.id, '还在吗')
    const state = async () => JSON.stringify((await agent.opens(ticket.id)).messages)
    await expect.poll(state).toContain('window_closed')
    expect(fan.heard()).toHaveLength(before)
    await fan.does({ kind: 'follow' })
    await fan.hears(/还在吗/)
  })

  it('who names the account in public is answered once, in private', async () => {
    const fan = createFan('路人')
    await fan.does({ kind: 'mention', text: '怎么缓存视频到手机上看' })
    await fan.hears(/缓存/)
    await fan.does({ kind: 'mention', text: '弹幕发不出去是怎么回事' })
    await fan.says('弹幕发不出去是怎么回事')
    await fan.hears(/弹幕/)
    const answers = fan.heard().filter((text) => text.includes('就能离线看'))
    expect(answers).toHaveLength(1)
  })

  it('has what they sent kept for the agent', async () => {
    const fan = createFan('图图')
    const picture = await drawPicture('png')
    await fan.says('转人工')
    await fan.hears(/T-\d+/)
    await fan.does({ kind: 'image', fid: weibo.upload(picture) })
    const agent = await product.agent()
    const { id } = await agent.finds(/人工/)
    const image = async () => /"mediaId":"([0-9a-f-]{36})"/.exec(JSON.stringify(await agent.opens(id)))?.[1]
    await expect.poll(image).toBeDefined()
    const media = await agent.get(`/media/${(await image()) ?? ''}`)
    expect(media.headers.get('content-type')).toBe('image/png')
    expect(Buffer.from(await media.arrayBuffer())).toEqual(picture)
  })
})
