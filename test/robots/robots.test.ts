import { createHmac } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { createOutgoing } from '../../channels/kit/index.ts'
import { createPost } from '../../src/app/webhooks.ts'
import { tellRobot, type Robot } from '../../src/robots/index.ts'

const now = new Date('2026-11-23T04:00:00.500Z')
const secret = 'SECa1b2c3d4e5'

describe('group robots', () => {
  let server: Server
  let origin = ''
  let answer: { status: number; body: string } = { status: 200, body: '{"errcode":0}' }
  let asked: { url: URL; body: Record<string, unknown> }[] = []
  const outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: true } })
  const post = createPost(outgoing)
  const robot = (kind: Robot['kind'], over: Partial<Robot> = {}): Robot => ({
    kind,
    url: `${origin}/robot/send?access_token=t%2B1`,
    ...over,
  })

  beforeAll(async () => {
    server = createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const body = JSON.parse(Buffer.concat(chunks).toString('utf8')) as Record<string, unknown>
        asked.push({ url: new URL(request.url ?? '', origin), body })
        response.writeHead(answer.status, { 'content-type': 'application/json' }).end(answer.body)
      })
    })
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    origin = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}`
  })
  beforeEach(() => {
    asked = []
    answer = { status: 200, body: '{"errcode":0,"errmsg":"ok"}' }
  })
  afterAll(async () => {
    await outgoing.close()
    await new Promise((resolve) => server.close(resolve))
  })

  it('of WeCom take a text', async () => {
    await tellRobot(post, robot('wecom'), '工单 T-1 已超时', now)
    expect(asked[0]?.body).toEqual({ msgtype: 'text', text: { content: '工单 T-1 已超时' } })
  })

  it('of Feishu take one signed by time and secret', async () => {
    answer = { status: 200, body: '{"code":0,"msg":"success"}' }
    await tellRobot(post, robot('feishu', { secret }), '超时', now)
    const timestamp = '1795406400'
    const sign = createHmac('sha256', `${timestamp}\n${secret}`).update('').digest('base64')
    expect(asked[0]?.body).toEqual({ timestamp, sign, msg_type: 'text', content: { text: '超时' } })
    await tellRobot(post, robot('feishu'), '超时', now)
    expect(asked[1]?.body).toEqual({ msg_type: 'text', content: { text: '超时' } })
  })

  it('of DingTalk take one signed in the address', async () => {
    await tellRobot(post, robot('dingtalk', { secret }), '超时', now)
    const timestamp = String(now.getTime())
    expect(Object.fromEntries(asked[0]?.url.searchParams ?? [])).toEqual({
      access_token: 't+1',
      timestamp,
      sign: createHmac('sha256', secret).update(`${timestamp}\n${secret}`).digest('base64'),
    })
    expect(asked[0]?.body).toEqual({ msgtype: 'text', text: { content: '超时' } })
  })

  it.each([
    ['a refusal', 200, '{"errcode":45009,"errmsg":"api freq out of limit"}', /45009: api freq/],
    ['a signature that is not believed', 200, '{"code":19021,"msg":"sign match fail"}', /19021: sign match/],
    ['a server at fault', 502, '<html>', /answered 502/],
    ['words that are no JSON', 200, 'ok', /answered 200/],
  ])('that answer with %s have not been told', async (_name, status, body, message) => {
    answer = { status, body }
    await expect(tellRobot(post, robot('wecom'), 'x', now)).rejects.toThrow(message)
  })

  it('at addresses that may not be called are given up at once', async () => {
    const url = 'http://192.168.0.9/send'
    await expect(tellRobot(post, robot('wecom', { url }), 'x', now)).rejects.toMatchObject({
      code: 'bad_input',
    })
  })

  it('that are away are tried again', async () => {
    const url = 'http://127.0.0.1:9/send'
    await expect(tellRobot(post, robot('wecom', { url }), 'x', now)).rejects.toThrow(/not reached/)
  })
})
