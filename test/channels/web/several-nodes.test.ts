// One inbox on two nodes: what a visitor, a customer or an address may do is counted over both.
import { createHmac, randomUUID } from 'node:crypto'
import { afterEach, expect, it } from 'vitest'
import { startRedis } from '../../../bench/torture/services.ts'
import { connectRedis } from '../../../src/bus/index.ts'
import { silentLog } from '../../../src/core/log.ts'
import { createContractHost } from '../../contract/channel.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { describeWith } from '../../support/services.ts'
import { openSession, request, serveWeb, siteOrigin } from './visitor.ts'

const secret = 'a secret of the brand that is long enough'
const ends: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end()
})

/** Two nodes with one store and one Redis. */
const startNodes = async (
  url: string,
  limits: Record<string, number>,
): Promise<readonly [ChannelServer, ChannelServer]> => {
  const host = createContractHost('web-test')
  const prefix = `tongda-test-${randomUUID()}`
  const start = async (): Promise<ChannelServer> => {
    const { bus, limiters } = await connectRedis({ url, prefix, log: silentLog })
    ends.push(() => bus.close())
    const server = await serveWeb({ ...host, limiters }, { identity: { secret }, limits })
    ends.push(() => server.close())
    return server
  }
  return [await start(), await start()]
}

const sessionFrom = async (server: ChannelServer): Promise<number> =>
  (await request(server, '/session', { method: 'POST' })).status

const message = async (server: ChannelServer, token: string): Promise<number> => {
  const body = { clientMsgId: randomUUID(), content: { text: '在吗' } }
  return (await request(server, '/messages', { token, body })).status
}

const upload = async (server: ChannelServer, token: string): Promise<number> => {
  const response = await fetch(`${server.url}/uploads?id=${randomUUID()}&name=a.txt`, {
    method: 'POST',
    headers: { origin: siteOrigin, authorization: `Bearer ${token}` },
    body: 'six by',
  })
  return response.status
}

const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')
const identityOf = (customer: string): string => {
  const exp = Math.floor(Date.now() / 1_000) + 600
  const signed = `${encode({ alg: 'HS256', typ: 'JWT' })}.${encode({ sub: customer, exp })}`
  return `${signed}.${createHmac('sha256', secret).update(signed).digest('base64url')}`
}
const identify = async (server: ChannelServer, token: string): Promise<number> =>
  (await request(server, '/identify', { body: { token } })).status

describeWith('redis', 'two nodes on one Redis', (url) => {
  // A window of ten seconds may end in between on a busy machine: tried anew with another visitor.
  it.each([
    ['messages', { messagesPer10s: 1 }, message],
    ['requests', { requestsPer10s: 1 }, message],
    ['files', { uploadsPerMinute: 1 }, upload],
    ['bytes of files', { uploadBytesPerHour: 6 }, upload],
  ])('count the %s of a visitor together', async (_what, limits, act) => {
    const [one, other] = await startNodes(url, limits)
    const byTurns = async () => {
      const token = await openSession(one)
      return [await act(one, token), await act(other, token)]
    }
    await expect.poll(byTurns).toEqual([200, 429])
  })

  it('count the sessions of an address together', async () => {
    const [one, other] = await startNodes(url, { sessionsPerMinute: 3 })
    const at = [one, other, one, other, one]
    const statuses: number[] = []
    for (const node of at) statuses.push(await sessionFrom(node))
    expect(statuses).toEqual([200, 200, 200, 429, 429])
  })

  it('count the sessions of all addresses together', async () => {
    const [one, other] = await startNodes(url, { sessionsPerMinuteTotal: 2 })
    const at = [one, other, one, other]
    const statuses: number[] = []
    for (const node of at) statuses.push(await sessionFrom(node))
    expect(statuses).toEqual([200, 200, 429, 429])
  })

  it('count a customer’s identities and an address’s bad tokens together', async () => {
    const [one, other] = await startNodes(url, { identitiesPerMinute: 1 })
    expect([await identify(one, identityOf('u-1')), await identify(other, identityOf('u-1'))]).toEqual([
      200, 429,
    ])
    expect([await identify(other, 'a.b.c'), await identify(one, 'a.b.c')]).toEqual([401, 429])
  })
})

describeWith('redis', 'two nodes whose Redis is gone', () => {
  it('hold the limits each by itself', async () => {
    const redis = await startRedis()
    ends.push(() => redis.dispose())
    const [one, other] = await startNodes(redis.url, { sessionsPerMinute: 1, uploadsPerMinute: 1 })
    const token = await openSession(one)
    expect(await sessionFrom(other)).toBe(429)
    await redis.crash()
    expect([await upload(one, token), await upload(one, token)]).toEqual([200, 429])
    expect([await upload(other, token), await upload(other, token)]).toEqual([200, 429])
    expect([await sessionFrom(one), await sessionFrom(one)]).toEqual([200, 429])
  })
})
