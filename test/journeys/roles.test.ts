import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startRedis } from '../../bench/torture/services.ts'
import { startApp } from '../../src/app.ts'
import { checkNodes } from '../../src/app/doctor-nodes.ts'
import { parseConfig } from '../../src/config.ts'
import { silentLog } from '../../src/core/log.ts'
import { createAgent, openDesk, type TestAgent } from '../support/agent.ts'
import { describeWith, serviceUrl } from '../support/services.ts'
import { startTwoRoles, type TwoRoles } from '../support/two-roles.ts'
import { createVisitor } from '../support/visitor.ts'

/** Nodes that hear nothing of each other look once a second, on a machine that may be busy. */
const patience = { timeout: 30_000 }

const journeys = (postgres: string, redis: () => string | undefined): void => {
  let nodes: TwoRoles
  let agent: TestAgent
  beforeAll(async () => {
    nodes = await startTwoRoles(postgres, redis())
    const app = nodes.web.app()
    agent = await createAgent(app.url, app.signInUrl ?? '')
  })
  afterAll(() => nodes.dispose())

  const waitsForAnswer = async (openid: string): Promise<string> => {
    const answer = () =>
      nodes.wechat.transcript(openid).find(({ source }) => source === 'passive' || source === 'api')
    await expect.poll(answer, patience).toBeDefined()
    return answer()?.source ?? ''
  }

  it('answers on the request that one node took and the other thought about', async () => {
    const contact = nodes.contact()
    await contact.says('投稿一直在审核中要等多久')
    expect(await waitsForAnswer(contact.openid)).toBe('passive')
    expect(contact.heard().join('\n')).toMatch(/审核/)
  })

  it('sends what an agent writes, and tells the open desk what contacts say', async () => {
    const contact = nodes.contact()
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const { id } = await agent.finds(/人工/)
    await agent.takes(id)
    const desk = await openDesk(agent)
    await expect.poll(desk.heard, patience).toContain('event: ready')
    await agent.replies(id, '您的稿件今晚会审完')
    await contact.hears('您的稿件今晚会审完')
    expect(nodes.wechat.transcript(contact.openid).at(-1)?.source).toBe('api')
    await contact.says('好的，我再等等')
    await expect.poll(desk.heard, patience).toContain('event: ticket')
  })

  it('tells a visitor of the web chat what was answered', async () => {
    const visitor = await createVisitor(nodes.web.app().url)
    visitor.says('弹幕发不出去是怎么回事')
    expect(await visitor.hears(/弹幕/)).toMatch(/弹幕/)
    visitor.leaves()
  })

  it('refuses at the worker what others serve, and says where', async () => {
    const { url } = nodes.worker.app()
    expect((await fetch(`${url}/healthz`)).status).toBe(200)
    expect((await fetch(`${url}/readyz`)).status).toBe(200)
    expect((await fetch(`${url}/metrics`)).status).toBe(200)
    for (const [method, path] of [
      ['POST', '/channels/wechat/callback'],
      ['POST', '/channels/web/session'],
      ['GET', '/desk'],
      ['GET', '/api/v1/tickets'],
      ['GET', '/'],
    ] as const) {
      const refused = await fetch(`${url}${path}`, { method })
      expect([path, refused.status]).toEqual([path, 421])
      expect(await refused.text()).toMatch(/whose role is web or all/)
    }
  })

  it('keeps what comes while no worker runs, and answers it when one does', async () => {
    await nodes.worker.stop()
    const contact = nodes.contact()
    const other = nodes.contact()
    await contact.says('投稿一直在审核中要等多久')
    await other.says('弹幕发不出去是怎么回事')
    expect([...contact.heard(), ...other.heard()]).toEqual([])
    expect(await checkNodes(nodes.web.config)).toMatchObject([
      { passed: false, fix: expect.stringContaining('serve --role worker') },
    ])
    await nodes.worker.start()
    await waitsForAnswer(contact.openid)
    await waitsForAnswer(other.openid)
    expect(contact.heard().join('\n')).toMatch(/审核/)
    expect(other.heard().join('\n')).toMatch(/弹幕/)
    expect(await checkNodes(nodes.web.config)).toMatchObject([{ passed: true }])
  })
}

describeWith('postgres', 'a node before browsers and one that works behind it', (postgres) => {
  describe('without Redis', () => journeys(postgres, () => undefined))
  describe.skipIf(serviceUrl('redis') === undefined)('with Redis', () =>
    journeys(postgres, () => serviceUrl('redis')),
  )
})

describeWith('postgres', 'nodes whose Redis is gone', (postgres) => {
  it.skipIf(serviceUrl('redis') === undefined)('are ready for work, and say that it is away', async () => {
    const redis = await startRedis()
    const nodes = await startTwoRoles(postgres, redis.url)
    try {
      const each = [nodes.web.app(), nodes.worker.app()].map(({ url }) => url)
      const redisUp = () =>
        Promise.all(
          each.map(async (url) => {
            const figures = await (await fetch(`${url}/metrics`)).text()
            return /^tongda_redis_up (\d)$/m.exec(figures)?.[1]
          }),
        )
      await expect.poll(redisUp, patience).toEqual(['1', '1'])
      await redis.crash()
      await expect.poll(redisUp, patience).toEqual(['0', '0'])
      const ready = await Promise.all(each.map(async (url) => (await fetch(`${url}/readyz`)).status))
      expect(ready).toEqual([200, 200])
      await redis.start()
      await expect.poll(redisUp, patience).toEqual(['1', '1'])
    } finally {
      await nodes.dispose()
      await redis.dispose()
    }
  })
})

describe('the embedded database', () => {
  it.each(['web', 'worker'])('belongs to one node, which cannot be a %s alone', async (role) => {
    const parsed = parseConfig({ server: { role, port: 0 }, inboxes: { chat: { channel: 'web' } } })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    await expect(startApp({ config: parsed.config, log: silentLog })).rejects.toMatchObject({
      code: 'bad_config',
      message: expect.stringContaining('set DATABASE_URL') as unknown,
    })
  })
})
