import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createTelegramAccount, createTelegramSimulator, photoFields } from '../../sandbox/index.ts'
import type { TelegramSimulator } from '../../sandbox/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { startProduct } from '../support/product.ts'
import type { Product } from '../support/product.ts'
import { serveApi, type ServedApi } from '../support/serve-api.ts'

const userKey = '5000000001'
let product: Product
let simulator: TelegramSimulator
let api: ServedApi

beforeAll(async () => {
  const account = createTelegramAccount()
  const users = [{ key: userKey, name: '小白' }]
  simulator = createTelegramSimulator({ account, clock: systemClock, users, timing: { retryDelayMs: 50 } })
  api = await serveApi((request, env) => simulator.api.fetch(request, env))
  product = await startProduct({
    // The pictures of an album are one turn, however long a busy machine takes from one to the next.
    router: { settleMs: 3_000, settleMaxMs: 10_000 },
    inboxes: {
      telegram: {
        channel: 'telegram',
        token: account.token,
        apiRoot: api.url,
        sendsPerSecond: 1_000,
      },
    },
  })
})
afterAll(async () => {
  await simulator.close()
  await product.dispose()
  api.stop()
})

let seen = 0
const heard = () => simulator.client.lines(userKey).filter(({ from }) => from === 'account')
/** Waits for an answer below what was heard before. */
const hears = async (expected: RegExp): Promise<(typeof lines)[number]> => {
  const place = () => heard().findIndex(({ text = '' }, at) => at >= seen && expected.test(text))
  await expect.poll(place, { message: `waiting for ${String(expected)}` }).toBeGreaterThanOrEqual(0)
  const lines = heard()
  seen = place() + 1
  const line = lines[seen - 1]
  if (line === undefined) throw new Error('nothing was heard')
  return line
}
const says = (text: string): void => simulator.client.act(userKey, { kind: 'text', text })

describe('a contact on Telegram', () => {
  it('is greeted, presses a button, asks for a person, is helped, and survives a restart', async () => {
    await expect.poll(() => simulator.webhook()).toBeDefined()
    simulator.client.act(userKey, { kind: 'follow' })
    const greeting = await hears(/小通/)
    const [choice] = greeting.choices ?? []
    expect(choice).toBeDefined()
    simulator.client.act(userKey, { kind: 'choice', lineId: greeting.id, choiceId: choice?.id ?? '' })
    await hears(/./)
    says('投稿一直在审核中要等多久')
    await hears(/审核/)
    says('转人工')
    await hears(/T-\d+/)

    await product.restart()
    const agent = await product.agent()
    const ticket = await agent.finds(/审核/)
    await agent.takes(ticket.id)
    await agent.post(`/tickets/${ticket.id}/typing`, { on: true })
    await expect.poll(() => simulator.typed()).toContain(Number(userKey))
    await agent.replies(ticket.id, '您的稿件今晚会审完 <3 & 更早')
    expect((await hears(/今晚/)).text).toBe('您的稿件今晚会审完 ＜3 & 更早')
  })

  it('gets one answer to an album, and the pictures reach the agent', async () => {
    const agent = await product.agent()
    const ticket = await agent.finds(/审核/)
    await agent.handsBack(ticket.id)
    const picture = Buffer.from(
      'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
      'base64',
    )
    const before = heard().length
    // Answers before it may have had pictures of their own.
    const stored = async () =>
      (JSON.stringify(await agent.opens(ticket.id)).match(/"mediaId":"[0-9a-f-]{36}"/g) ?? []).length
    const storedBefore = await stored()
    for (let count = 0; count < 3; count += 1) {
      const file = simulator.files.put({ bytes: picture, name: 'a.png', contentType: 'image/png' })
      simulator.people.send(userKey, { ...photoFields(file), media_group_id: '1337' })
    }
    await expect.poll(() => heard().length).toBeGreaterThan(before)
    await expect.poll(stored).toBe(storedBefore + 3)
    await agent.replies(ticket.id, '三张图都收到了')
    await hears(/三张图都收到了/)
    expect(heard().slice(before)).toHaveLength(2)
  })
})
