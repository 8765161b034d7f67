import { createPublicKey, verify } from 'node:crypto'
import { createServer } from 'node:http'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createBotAccount, createBotSimulator } from '../../../sandbox/index.ts'
import type { BotSimulator } from '../../../sandbox/index.ts'
import { createMovableClock } from '../../../src/core/clock.ts'
import type { MovableClock } from '../../../src/core/clock.ts'

const userKey = '29:contact-0001'
const apiUrl = 'http://simulator.test'
const Answer = z.record(z.string(), z.unknown())
let clock: MovableClock
let simulator: BotSimulator
let messagesUrl = ''
const closing: (() => Promise<unknown>)[] = []

beforeEach(() => {
  clock = createMovableClock()
  simulator = createBotSimulator({
    account: createBotAccount(),
    clock,
    apiUrl: () => apiUrl,
    messagesUrl: () => messagesUrl,
    users: [{ key: userKey, name: '小白' }],
    timing: { retryDelayMs: 5 },
  })
})
afterEach(async () => {
  await simulator.close()
  for (const close of closing.splice(0)) await close()
})

/** A bot that notes the tokens it gets and answers with `statuses` in turn, then 200. */
const startBot = async (...statuses: number[]) => {
  const tokens: string[] = []
  const server = createServer((request, response) => {
    tokens.push(request.headers.authorization ?? '')
    request.resume().on('end', () => {
      response.statusCode = statuses.shift() ?? 200
      response.end()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  closing.push(() => new Promise((resolve) => server.close(resolve)))
  const address = server.address()
  messagesUrl = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}/messages`
  return tokens
}

const signIn = async (changes: Record<string, string> = {}) => {
  const { appId, appPassword, tenantId } = simulator.account
  const form = {
    client_id: appId,
    client_secret: appPassword,
    scope: 'https://api.botframework.com/.default',
  }
  const body = new URLSearchParams({ grant_type: 'client_credentials', ...form, ...changes })
  const response = await simulator.api.request(`/${tenantId}/oauth2/v2.0/token`, { method: 'POST', body })
  return Answer.parse(await response.json())
}

const say = async (
  token: string,
  changes: Record<string, unknown> = {},
  conversation = `a:conversation-${userKey}`,
) => {
  const activity = {
    type: 'message',
    text: '您好',
    from: { id: `28:${simulator.account.appId}` },
    ...changes,
  }
  const response = await simulator.api.request(
    `/v3/conversations/${encodeURIComponent(conversation)}/activities`,
    {
      method: 'POST',
      body: JSON.stringify(activity),
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    },
  )
  return response.status
}

it('signs with a key that it publishes', async () => {
  const [tokens] = [await startBot()]
  simulator.client.act(userKey, { kind: 'text', text: '在吗' })
  await expect.poll(() => tokens).toHaveLength(1)
  const [header = '', claims = '', signature = ''] = (tokens[0] ?? '').replace('Bearer ', '').split('.')
  const keys = z
    .object({ keys: z.array(z.looseObject({ kid: z.string(), n: z.string(), e: z.string() })) })
    .parse(await (await simulator.api.request('/v1/.well-known/keys')).json())
  const [jwk] = keys.keys
  const key = createPublicKey({ key: { kty: 'RSA', n: jwk?.n ?? '', e: jwk?.e ?? '' }, format: 'jwk' })
  expect(
    verify('RSA-SHA256', Buffer.from(`${header}.${claims}`), key, Buffer.from(signature, 'base64url')),
  ).toBe(true)
  expect(JSON.parse(Buffer.from(claims, 'base64url').toString())).toMatchObject({
    iss: 'https://api.botframework.com',
    aud: simulator.account.appId,
    serviceurl: `${apiUrl}/`,
  })
})

it('forgets the oldest files, and all of them with a reset', async () => {
  await startBot()
  const mebibyte = 1_048_576
  const send = (): string => {
    simulator.client.act(userKey, { kind: 'image', bytes: Buffer.alloc(20 * mebibyte) })
    return simulator.client.lines(userKey).at(-1)?.picturePath ?? ''
  }
  const isKept = async (path: string) => (await simulator.api.request(path)).status === 200
  const paths = Array.from({ length: 7 }, send)
  expect(await Promise.all(paths.map(isKept))).toEqual([false, false, true, true, true, true, true])
  simulator.reset()
  expect(await isKept(paths.at(-1) ?? '')).toBe(false)
})

it('comes again three times, then shows that it failed', async () => {
  const tokens = await startBot(500, 503, 500)
  simulator.client.act(userKey, { kind: 'text', text: '在吗' })
  await expect.poll(() => simulator.client.lines(userKey)[0]?.state).toBe('failed')
  expect(tokens).toHaveLength(3)
})

describe('sign-in', () => {
  it.each<[Record<string, string>, number]>([
    [{ client_id: 'x' }, 700_016],
    [{ client_secret: 'x' }, 7_000_215],
    [{ scope: 'x' }, 70_011],
  ])('refuses %o', async (changes, number) => {
    expect(await signIn(changes)).toMatchObject({ error_codes: [number] })
  })

  it('gives tokens for an hour', async () => {
    const token = String((await signIn())['access_token'])
    expect(await say(token)).toBe(201)
    clock.advance(3_600_000)
    expect(await say(token)).toBe(401)
  })
})

describe('the connector', () => {
  it('takes the bot’s own messages into known conversations, up to 256 kB', async () => {
    const token = String((await signIn())['access_token'])
    expect(await say('guess')).toBe(401)
    expect(await say(token, { from: { id: 'somebody' } })).toBe(403)
    expect(await say(token, {}, 'nowhere')).toBe(404)
    expect(await say(token, { type: undefined })).toBe(400)
    expect(await say(token, { text: 'x'.repeat(262_144) })).toBe(413)
    expect(await say(token)).toBe(201)
    expect(simulator.client.lines(userKey)).toMatchObject([{ from: 'account', text: '您好' }])
  })

  it('fails as ordered', async () => {
    const token = String((await signIn())['access_token'])
    for (const [name, status] of [
      ['api-500', 500],
      ['api-429', 429],
      ['token-expired', 401],
    ] as const) {
      simulator.client.setFault(name, true)
      expect(await say(token)).toBe(status)
      simulator.client.setFault(name, false)
    }
    expect(() => simulator.client.setFault('no-such-fault', true)).toThrow(/no fault/)
  })
})

it('has no form for voice', () => {
  expect(() => simulator.client.act(userKey, { kind: 'voice', durationMs: 1 })).toThrow(/no form/)
})
