import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Agent } from '../../src/core/agent.ts'
import { createBrowser, type Browser } from './client.ts'
import { openWorld, type World } from './world.ts'

const chrome =
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/143.0.0.0 Safari/537.36'
const wechat =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 MicroMessenger/8.0.54'

let world: World
beforeAll(async () => {
  world = await openWorld()
})
afterAll(() => world.stop())

interface Shown {
  readonly id: string
  readonly current: boolean
  readonly browser: string
  readonly address: string
}
const list = async (browser: Browser): Promise<readonly Shown[]> =>
  (await browser.get('/api/desk/sessions')).json.sessions as Shown[]
const isIn = async (browser: Browser): Promise<boolean> => (await browser.get('/api/desk/me')).status === 200

/** Signs in as that browser, from that address. */
const enterAs = async (agent: Agent, userAgent: string, address: string): Promise<Browser> => {
  const browser = createBrowser(world.origin)
  const { path } = await world.signIn.createLink(agent.id, 15)
  const token = path.replace(/^.*token=/, '')
  const headers = { 'user-agent': userAgent, 'x-forwarded-for': address }
  expect((await browser.post('/api/desk/session/link', { token }, headers)).status).toBe(200)
  return browser
}

it('are listed with when, from where and in what, the one that asks marked', async () => {
  const agent = await world.hire('agent')
  const mine = await enterAs(agent, chrome, '203.0.113.7')
  await enterAs(agent, wechat, '2001:db8::7')
  await world.enter(await world.hire('agent'))
  const sessions = await list(mine)
  expect(sessions).toHaveLength(2)
  expect(sessions).toEqual(
    expect.arrayContaining([
      expect.objectContaining({
        browser: 'Chrome · Windows',
        address: '203.0.113.7',
        current: true,
        by: 'link',
      }),
      expect.objectContaining({ browser: 'WeChat · iPhone', address: '2001:db8::7', current: false }),
    ]),
  )
  expect(JSON.stringify(sessions)).not.toContain(mine.cookies.get('tongda_session'))
})

it('that are over are not listed', async () => {
  const agent = await world.hire('agent')
  await world.enter(agent)
  world.clock.advance(8 * 3_600_000)
  expect(await list(await world.enter(agent))).toHaveLength(1)
})

it('can be ended one by one, and nobody else’s', async () => {
  const [agent, stranger] = [await world.hire('agent'), await world.hire('admin')]
  const [mine, other, foreign] = [
    await world.enter(agent),
    await world.enter(agent),
    await world.enter(stranger),
  ]
  const id = (await list(mine)).find(({ current }) => !current)?.id ?? ''
  expect((await foreign.post(`/api/desk/sessions/${id}/end`)).status).toBe(404)
  expect(await isIn(other)).toBe(true)
  expect((await mine.post(`/api/desk/sessions/${id}/end`)).status).toBe(200)
  expect([await isIn(other), await isIn(mine)]).toEqual([false, true])
  expect((await mine.post(`/api/desk/sessions/${id}/end`)).status).toBe(404)
})

it('can all be ended but this one', async () => {
  const agent = await world.hire('agent')
  const [mine, one, other] = [await world.enter(agent), await world.enter(agent), await world.enter(agent)]
  const foreign = await world.enter(await world.hire('agent'))
  expect((await mine.post('/api/desk/sessions/end-others')).json).toEqual({ ended: 2 })
  expect([await isIn(mine), await isIn(one), await isIn(other), await isIn(foreign)]).toEqual([
    true,
    false,
    false,
    true,
  ])
  const noted = await world.database.query(
    "select actor_id, detail from audit_log where act = 'session.revoked' and object_id = $1",
    [agent.id],
  )
  expect(noted).toEqual([{ actor_id: agent.id, detail: { count: 2 } }])
})
