import { afterEach, beforeEach, describe, expect, it, onTestFinished, vi } from 'vitest'
import { createTestChannelHost } from '../../support/channel-host.ts'
import type { TestChannelHost } from '../../support/channel-host.ts'
import type { ChannelServer } from '../../support/channel-server.ts'
import { deliver, openSession, openTab, serveWeb, signInTab, visitorOf } from './visitor.ts'

const dayMs = 86_400_000
let host: TestChannelHost
let server: ChannelServer
let token: string
let visitor: string

beforeEach(async () => {
  host = createTestChannelHost()
  server = await serveWeb(host)
  token = await openSession(server)
  visitor = visitorOf(token)
})
afterEach(() => server.close())

const text = (words: string) => [{ kind: 'text' as const, text: words }]
const restart = async (settings: Record<string, unknown> = {}): Promise<void> => {
  await server.close()
  server = await serveWeb(host, settings)
}

describe('signing in', () => {
  it('is due within the time allowed', async () => {
    await restart({ authTimeoutMs: 50 })
    const tab = await openTab(server)
    expect(await tab.closed).toEqual({ code: 4001, reason: 'sign in first' })
  })

  it('done in time outlives that time', async () => {
    await restart({ authTimeoutMs: 50 })
    // The time is over when we say so, not while a busy machine signs in.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const late = await openTab(server)
    const tab = await signInTab(server, token)
    await tab.settled()
    vi.advanceTimersByTime(50)
    await late.closed
    await tab.settled()
    expect(tab.socket.readyState).toBe(tab.socket.OPEN)
  })

  it('comes first', async () => {
    const tab = await openTab(server)
    tab.say('没有登录')
    expect((await tab.closed).code).toBe(1008)
    expect(host.accepted).toEqual([])
  })

  it('happens once', async () => {
    const tab = await signInTab(server, token)
    tab.send({ t: 'auth', token: await openSession(server) })
    expect(await tab.hears('error')).toEqual({ t: 'error', code: 'already_signed_in', retryable: false })
    tab.say('还是我')
    await tab.hears('accepted')
    expect(host.accepted.at(-1)?.contactKey).toBe(visitor)
  })

  it('needs a token of this inbox, with one answer for every fault', async () => {
    const elsewhere = await serveWeb(createTestChannelHost('web-other'))
    const foreign = await openSession(elsewhere)
    await elsewhere.close()
    for (const bad of ['', 'x', foreign, `${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`]) {
      const tab = await openTab(server)
      tab.send({ t: 'auth', token: bad })
      expect(await tab.closed).toEqual({ code: 4010, reason: 'bad token' })
      expect(tab.frames).toEqual([{ t: 'error', code: 'bad_token', retryable: false }])
    }
  })

  it('ends with the session', async () => {
    const tab = await signInTab(server, token)
    host.clock.advance(30 * dayMs)
    host.say(visitor, text('太晚了'))
    await deliver(server, visitor)
    expect((await tab.closed).code).toBe(4010)
    expect(tab.texts()).toEqual([])
    const late = await openTab(server)
    late.send({ t: 'auth', token })
    expect((await late.closed).code).toBe(4010)
  })

  it('brings a new token in the second half of the session', async () => {
    expect(await (await signInTab(server, token)).hears('ready')).not.toHaveProperty('session.token')
    host.clock.advance(16 * dayMs)
    const { session } = await (await signInTab(server, token)).hears('ready')
    expect(session.token).not.toBe(token)
    expect(visitorOf(session.token ?? '')).toBe(visitor)
    host.clock.advance(20 * dayMs)
    await (await signInTab(server, session.token ?? '')).settled()
  })
})
