import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createWecomSimulator } from '../../sandbox/index.ts'
import type { WecomAccount, WecomSimulator } from '../../sandbox/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { startProduct, type Product } from '../support/product.ts'

const accountOf = (openKfId: string): WecomAccount => ({
  name: '次元站客服',
  corpId: 'ww0a1b2c3d4e5f6071',
  secret: 'secretOfTheTestApp000000000000001',
  agentId: '1000002',
  token: 'tokenOfTheTest01',
  encodingAesKey: 'Zm9yLXByb3RvY29sLXNoZWV0LXRlc3RzLW9ubHktMjY',
  openKfId,
})

let product: Product | undefined
const stopping: (() => void)[] = []

/** A simulated account and the inbox section that serves it. */
const startAccount = async (inboxId: string, more: Record<string, unknown>) => {
  const account = accountOf(`wk-${inboxId}`)
  const simulator = createWecomSimulator({
    account,
    callbackUrl: () => `${product?.app.url ?? ''}/channels/${inboxId}/callback`,
    clock: { now: () => (product?.clock ?? systemClock).now() },
    servicers: [{ userid: 'zhangsan', serving: true }],
    timing: { retryDelayMs: 50 },
  })
  const listener = getRequestListener((request) => simulator.api.fetch(request))
  const server = createServer((request, response) => void listener(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  stopping.push(() => {
    void simulator.close()
    server.close()
    server.closeAllConnections()
  })
  const { corpId, secret, token, encodingAesKey, openKfId } = account
  const section = {
    channel: 'wecom',
    ...{ corpId, secret, token, encodingAesKey, openKfIds: [openKfId] },
    apiBase: `http://127.0.0.1:${String(port)}`,
    pollIntervalMs: 500,
    sendsPerSecond: 1_000,
    ...more,
  }
  return { simulator, section }
}

let contacts = 0

/** Somebody who writes to a simulated account. */
const createContact = (simulator: WecomSimulator) => {
  const key = `wmContact${String((contacts += 1)).padStart(4, '0')}`
  simulator.addUser({ key, name: '阿白' })
  let seen = 0
  const heard = (): readonly string[] =>
    simulator.client
      .lines(key)
      .flatMap(({ from, text = '', choices = [] }) =>
        from === 'account' ? [[text, ...choices.map(({ label }) => label)].join('\n')] : [],
      )
  return {
    key,
    heard,
    enters: () => simulator.enters(key),
    says: async (text: string) => {
      expect((await simulator.says(key, { kind: 'text', text })).status).toBe(200)
    },
    hears: async (expected: RegExp) => {
      const place = (): number => heard().findIndex((text, at) => at >= seen && expected.test(text))
      await expect.poll(place, { message: `waiting for ${String(expected)}` }).toBeGreaterThanOrEqual(0)
      seen = place() + 1
    },
  }
}

const started = async (): Promise<Product> => {
  if (product === undefined) throw new Error('the product did not start')
  return Promise.resolve(product)
}

let desk: WecomSimulator
let pool: WecomSimulator
beforeAll(async () => {
  const ours = await startAccount('kf', {})
  const theirs = await startAccount('kf-pool', { handoff: 'pool', handoffDelayMs: 50 })
  desk = ours.simulator
  pool = theirs.simulator
  product = await startProduct({ inboxes: { kf: ours.section, 'kf-pool': theirs.section } })
})
afterAll(async () => {
  await product?.dispose()
  for (const stop of stopping) stop()
})

describe('a contact of 微信客服', () => {
  it('is welcomed, answered, asks for a person and is helped from our desk, over a restart', async () => {
    const running = await started()
    const contact = createContact(desk)
    await contact.enters()
    await contact.hears(/小通/)
    await contact.says('投稿一直在审核中要等多久')
    await contact.hears(/审核/)
    await contact.says('转人工')
    await contact.hears(/T-\d+/)

    await running.restart()
    const agent = await running.agent()
    const ticket = await agent.finds(/审核/)
    expect(ticket).toMatchObject({ state: 'new', conversationMode: 'human' })
    await agent.takes(ticket.id)
    await agent.replies(ticket.id, '您的稿件今晚会审完')
    await contact.hears(/您的稿件今晚会审完/)
    expect(contact.heard().filter((text) => text.includes('今晚会审完'))).toHaveLength(1)
    expect(desk.session(contact.key)).toBe(1)
  })

  it('who cannot be reached is shown so, with the reason', async () => {
    const agent = await (await started()).agent()
    const contact = createContact(desk)
    await contact.says('怎么缓存视频到手机上看')
    await contact.hears(/缓存/)
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    const ticket = await agent.finds(/缓存/)
    desk.client.setFault('bounce', true)
    await agent.replies(ticket.id, '请看这里')
    const last = async () => JSON.stringify((await agent.opens(ticket.id)).messages.at(-1))
    await expect.poll(last).toMatch(/"failed".*拒收/)
    desk.client.setFault('bounce', false)
  })

  it('whom a person takes in WeCom hears the bot no more, until that session has ended', async () => {
    const contact = createContact(desk)
    await contact.says('弹幕发不出去是怎么回事')
    await contact.hears(/弹幕/)
    await desk.servicer.takes(contact.key, 'zhangsan')
    const before = contact.heard().length
    await contact.says('投稿一直在审核中要等多久')
    await desk.servicer.says(contact.key, '我来帮您看')
    await contact.hears(/我来帮您看/)
    expect(contact.heard()).toHaveLength(before + 1)
    await desk.servicer.ends(contact.key)
    await contact.says('投稿一直在审核中要等多久')
    await contact.hears(/审核/)
  })

  it('is handed to WeCom’s pool where people serve there, and comes back to the bot afterwards', async () => {
    const agent = await (await started()).agent()
    const contact = createContact(pool)
    await contact.says('怎么取消自动续费')
    await contact.hears(/续费/)
    await contact.says('转人工')
    await contact.hears(/T-\d+/)
    await expect.poll(() => pool.session(contact.key)).toBe(2)
    await pool.servicer.takes(contact.key, 'zhangsan')
    await pool.servicer.says(contact.key, '已经为您取消')
    const ticket = await agent.finds(/续费/)
    const transcript = async () => JSON.stringify((await agent.opens(ticket.id)).messages)
    await expect.poll(transcript).toContain('已经为您取消')
    await pool.servicer.ends(contact.key)
    await contact.says('弹幕发不出去是怎么回事')
    await contact.hears(/弹幕/)
  })
})
