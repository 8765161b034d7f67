// A node that is told to end: whoever is being served is served, everybody else is another node's.
import { createServer } from 'node:http'
import { getRequestListener } from '@hono/node-server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createApiSimulator, type ApiSimulator } from '../../sandbox/index.ts'
import { freePort } from '../../src/app/free-port.ts'
import { systemClock } from '../../src/core/clock.ts'
import { scrape } from '../support/metrics.ts'
import { startProduct, type Product } from '../support/product.ts'

let product: Product
let brand: ApiSimulator
/** Holds what goes to the brand's system. */
let gate: Promise<void> = Promise.resolve()
let arrived: () => void = () => undefined
/** Calls that the node gave up before they were answered. */
let givenUp = 0
let stop: () => Promise<void>

beforeAll(async () => {
  const [port, brandPort] = [await freePort(), await freePort()]
  const brandUrl = `http://127.0.0.1:${String(brandPort)}`
  brand = createApiSimulator({
    receiveUrl: () => `http://127.0.0.1:${String(port)}/channels/brand/messages`,
    apiUrl: () => brandUrl,
    clock: systemClock,
    timing: { retryDelayMs: 50 },
  })
  const listen = getRequestListener(async (request) => {
    arrived()
    await gate
    return brand.api.fetch(request)
  })
  const server = createServer((request, response) => {
    response.once('close', () => (givenUp += response.writableFinished ? 0 : 1))
    void listen(request, response)
  })
  await new Promise<void>((resolve) => server.listen(brandPort, '127.0.0.1', resolve))
  product = await startProduct({
    port,
    // The turn of a message begins so long after it.
    router: { settleMs: 1_000 },
    furtherInboxes: {
      brand: {
        channel: 'api',
        secret: brand.account.secret,
        webhookUrl: `${brandUrl}/webhook`,
        allowLoopbackHttp: true,
        sendsPerSecond: 1_000,
      },
    },
  })
  stop = async () => {
    await product.dispose()
    await brand.close()
    server.closeAllConnections()
    server.close()
  }
})
afterAll(() => stop())

const readiness = (): Promise<number | 'refused'> =>
  fetch(`${product.app.url}/readyz`).then(
    ({ status }) => status,
    () => 'refused' as const,
  )

it('is not ready from the first moment on, while it finishes what is under way', async () => {
  const member = 'member-1001'
  const reached = new Promise<void>((resolve) => (arrived = resolve))
  let open: () => void = () => undefined
  gate = new Promise((resolve) => (open = resolve))
  brand.client.act(member, { kind: 'text', subject: '投稿', text: '投稿一直在审核中要等多久' })
  await reached
  expect(await readiness()).toBe(200)
  const restarted = product.restart()
  await expect.poll(readiness).not.toBe(200)
  await expect.poll(readiness).toBe('refused')
  // The call that is under way is still waited for.
  expect(givenUp).toBe(0)
  open()
  await restarted
  const texts = brand.client.lines(member).flatMap(({ from, text }) => (from === 'account' ? [text] : []))
  expect(texts.join('\n')).toMatch(/审核/)
  expect(new Set(texts).size).toBe(texts.length)
  expect(await readiness()).toBe(200)
})

it('answers on the requests that are open, though it had not thought about them yet', async () => {
  const contact = product.contact()
  const acknowledged = async () =>
    (await scrape(product.app.url)).value('tongda_acknowledge_seconds_count') ?? 0
  const before = await acknowledged()
  const said = contact.says('投稿一直在审核中要等多久')
  await expect.poll(acknowledged).toBeGreaterThan(before)
  await product.restart()
  await said
  expect(product.wechat.transcript(contact.openid).map(({ source }) => source)).toContain('passive')
  expect(contact.heard().join('\n')).toMatch(/审核/)
})
