// `tongda top` beside a running product.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { z } from 'zod'
import { tongda } from '../support/command.ts'
import { startProduct, type Product } from '../support/product.ts'
import { createVisitor } from '../support/visitor.ts'
import { freePort } from '../../src/app/free-port.ts'

const Frame = z.looseObject({
  nodesKnown: z.number(),
  nodes: z.array(
    z.looseObject({ url: z.string(), problem: z.string().optional(), memoryBytes: z.number().optional() }),
  ),
  perSecond: z.object({ messages: z.number(), turns: z.number(), sends: z.number() }),
  acknowledge: z.object({ p50: z.number().optional(), p95: z.number().optional() }),
  turn: z.object({ p50: z.number().optional(), p95: z.number().optional() }),
  queue: z.object({ conversations: z.number(), oldestSeconds: z.number() }),
  outbox: z.array(z.looseObject({ channel: z.string(), state: z.string(), messages: z.number() })),
  paused: z.array(z.string()),
  jobs: z.looseObject({ dead: z.number() }),
  people: z.object({ online: z.number(), away: z.number() }),
  databaseUp: z.boolean(),
})

let product: Product
const dataDir = '/nonexistent-and-not-needed'
const top = (...args: string[]) =>
  tongda(['top', ...args], { dataDir, environment: { LC_ALL: '', LC_MESSAGES: '', LANG: 'en_US.UTF-8' } })
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

const ask = async (): Promise<void> => {
  const visitor = await createVisitor(product.app.url)
  visitor.says('大会员怎么退款')
  await visitor.hears(/./)
}
let asked: Promise<void> | undefined
beforeEach(async () => {
  // Once for all, in whatever order they run.
  asked ??= ask()
  await asked
})

it('tells how the product stands as JSON', async () => {
  const { status, stdout, stderr } = await top('--url', product.app.url, '--json')
  expect(status, stderr).toBe(0)
  const frame = Frame.parse(JSON.parse(stdout))
  expect(frame).toMatchObject({ nodesKnown: 1, paused: [], databaseUp: true, queue: { conversations: 0 } })
  expect(frame.nodes).toMatchObject([{ url: product.app.url }])
  expect(frame.nodes[0]?.memoryBytes).toBeGreaterThan(0)
  // Nothing came in that second, so that all since the start counts.
  expect(frame.acknowledge.p95).toBeGreaterThan(0)
  expect(frame.turn.p50).toBeGreaterThan(0)
})

it('prints one plain frame, in the language of the environment', async () => {
  const { status, stdout } = await top('--url', product.app.url, '--once')
  expect(status).toBe(0)
  expect(stdout).toMatch(/^Tongda /)
  expect(stdout).toMatch(/^messages\/s 0\.0 {3}turns\/s /m)
  expect(stdout).toMatch(/^people on line 0/m)
  expect(stdout).not.toContain('\u001b')
  const chinese = await tongda(['top', '--url', product.app.url, '--once'], {
    ...{ dataDir, environment: { LC_ALL: 'zh_CN.UTF-8' } },
  })
  expect(chinese.stdout).toMatch(/^在线客服 0/m)
})

it('shows a node that is gone beside those that answer', async () => {
  const gone = `http://127.0.0.1:${String(await freePort())}`
  const { status, stdout } = await top('--url', product.app.url, '--url', gone, '--json')
  expect(status).toBe(0)
  expect(Frame.parse(JSON.parse(stdout)).nodes[1]).toEqual({ url: gone, problem: 'ECONNREFUSED' })
})

it('says what to do when nothing answers, or something else does', async () => {
  const gone = `http://127.0.0.1:${String(await freePort())}`
  const away = await top('--url', gone, '--once')
  expect([away.status, away.stdout]).toEqual([1, ''])
  expect(away.stderr).toMatch(/does not answer; .*ECONNREFUSED.*--url/)
  const wrong = await top('--url', 'nonsense', '--once')
  expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--url must look like')])
})
