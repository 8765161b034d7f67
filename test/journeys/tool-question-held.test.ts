import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiSimulator, type ApiSimulator } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import { startBrandSystem, type BrandSystem } from '../support/brand-systems.ts'
import { startProduct, type Product } from '../support/product.ts'

const question = '要为你办理'

let product: Product
let forum: ApiSimulator
let orders: BrandSystem
let stop: () => Promise<void>
/** Deliveries of the question wait here; each is let go by its function. */
let held: (() => void)[] = []
let isHolding = false

const holdQuestions = async (request: Request): Promise<void> => {
  if (isHolding && (await request.clone().text()).includes(question))
    await new Promise<void>((resolve) => held.push(resolve))
}
const letGo = (): void => {
  isHolding = false
  for (const go of held) go()
  held = []
}

beforeAll(async () => {
  orders = await startBrandSystem()
  orders.answers(() => ({ body: '{"state":"退货中"}' }))
  const [port, forumPort] = [await freePort(), await freePort()]
  const forumUrl = `http://127.0.0.1:${String(forumPort)}`
  forum = createApiSimulator({
    receiveUrl: () => `http://127.0.0.1:${String(port)}/channels/forum/messages`,
    apiUrl: () => forumUrl,
    clock: systemClock,
    timing: { retryDelayMs: 50 },
  })
  const listen = getRequestListener(async (request) => {
    await holdQuestions(request)
    return forum.api.fetch(request)
  })
  const server = createServer((request, response) => void listen(request, response))
  await new Promise<void>((resolve) => server.listen(forumPort, '127.0.0.1', resolve))
  product = await startProduct({
    server: { port },
    inboxes: {
      forum: {
        channel: 'api',
        secret: forum.account.secret,
        webhookUrl: `${forumUrl}/webhook`,
        allowLoopbackHttp: true,
        sendsPerSecond: 1_000,
      },
    },
    tools: {
      loopbackHttp: true,
      http: {
        'order-return': {
          title: { zh: '申请退货', en: 'Return an order' },
          method: 'POST',
          url: `${orders.url}/returns`,
          changesState: true,
          intents: ['order-mall'],
          parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
          entities: { order: 'order' },
          shows: ['state'],
          answer: {
            articles: ['order-mall-return'],
            words: { zh: '退货申请好了：{{state}}', en: 'Your return: {{state}}' },
          },
        },
      },
    },
  })
  stop = async () => {
    letGo()
    await product.dispose()
    await forum.close()
    server.closeAllConnections()
    server.close()
    await orders.close()
  }
})
afterAll(() => stop())

const says = async (user: string, text: string): Promise<void> => {
  forum.client.act(user, { kind: 'text', text })
  // Accepted, and so in its place.
  await forum.settled()
}
const hears = (user: string, expected: RegExp): Promise<void> =>
  expect
    .poll(
      () =>
        forum.client
          .lines(user)
          .filter(({ from }) => from === 'account')
          .map(({ text = '' }) => text)
          .join('\n'),
      { message: String(expected) },
    )
    .toMatch(expected)
const returned = (): number => orders.received.filter(({ path }) => path === '/returns').length

it('is not answered by what was written while it was on its way, and is asked once more', async () => {
  const user = 'member-1001'
  isHolding = true
  await says(user, '会员购买的东西怎么退货退款，订单号 HELD000001')
  await expect.poll(() => held.length, { message: 'the question is on its way' }).toBe(1)
  await says(user, '1')
  letGo()
  await hears(user, /不算数.*要为你办理“申请退货”吗.*HELD000001/s)
  expect(returned()).toBe(0)
  await says(user, '1')
  await hears(user, /退货申请好了：退货中/)
  expect(returned()).toBe(1)
})
