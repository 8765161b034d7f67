// What monitoring reads of a running product that answered a question, called a person, and could not send.
import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { startProduct, type Product } from '../support/product.ts'
import { scrape, type Scrape } from '../support/metrics.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { describeWith } from '../support/services.ts'
import { createVisitor } from '../support/visitor.ts'

let product: Product
let told: Scrape
beforeAll(async () => {
  product = await startProduct()
})
afterAll(() => product.dispose())

const ask = async (): Promise<void> => {
  const visitor = await createVisitor(product.app.url)
  visitor.says('大会员怎么退款')
  await visitor.hears(/./)
  visitor.says('转人工')
  await visitor.hears(/T-\d+/)
  await expect
    .poll(async () => (await scrape(product.app.url)).value('tongda_decisions_total', { kind: 'escalate' }))
    .toBe(1)
  told = await scrape(product.app.url)
}
let asked: Promise<void> | undefined
beforeEach(async () => {
  // Once for all, in whatever order they run.
  asked ??= ask()
  await asked
})

it('counts messages, decisions and sends by channel', async () => {
  // That the chat was opened is one too.
  const messages = told.value('tongda_messages_total', { channel: 'web', outcome: 'accepted' })
  expect(messages).toBeGreaterThanOrEqual(2)
  expect(told.value('tongda_acknowledge_seconds_count')).toBe(messages)
  expect(told.value('tongda_turn_seconds_count')).toBeGreaterThanOrEqual(2)
  // Told from the start, so that a rate has something to begin at.
  expect(told.value('tongda_decisions_total', { kind: 'collect' })).toBe(0)
  expect(told.value('tongda_promises_broken_total', { promise: 'first-reply' })).toBe(0)
  await expect
    .poll(async () => (await scrape(product.app.url)).value('tongda_sends_total', { channel: 'web' }))
    .toBeGreaterThanOrEqual(2)
})

it('tells how queues, inboxes, people and stores stand', async () => {
  // The last turn may just be ending.
  await expect.poll(async () => (await scrape(product.app.url)).value('tongda_queue_conversations')).toBe(0)
  told = await scrape(product.app.url)
  expect(told.value('tongda_queue_oldest_seconds')).toBe(0)
  expect(told.value('tongda_nodes')).toBe(1)
  expect(told.value('tongda_database_up')).toBe(1)
  expect(told.value('tongda_inbox_state', { inbox: 'web', channel: 'web', state: 'running' })).toBe(1)
  expect(told.value('tongda_inbox_state', { inbox: 'web', channel: 'web', state: 'failing' })).toBe(0)
  expect(told.value('tongda_inbox_paused', { inbox: 'wechat', channel: 'wechat' })).toBe(0)
  expect(told.value('tongda_agents', { availability: 'online' })).toBeGreaterThanOrEqual(0)
  expect(told.value('tongda_tickets_overdue')).toBe(0)
  expect(told.value('tongda_nodejs_eventloop_lag_p99_seconds')).toBeGreaterThanOrEqual(0)
  expect(told.value('tongda_process_resident_memory_bytes')).toBeGreaterThan(0)
  // There is no Redis here, and no pool of connections.
  expect(told.families.has('tongda_redis_up')).toBe(false)
  expect(told.families.has('tongda_database_connections')).toBe(false)
})

it('tells what waits for its contact, how old it is, and that a promise was not kept', async () => {
  const contact = product.contact('oMetricsContact0000000001')
  await contact.says('转人工，我要举报')
  await contact.hears(/T-\d+/)
  const agent = await product.agent()
  const { id } = await agent.finds(/举报/)
  await agent.takes(id)
  // More than WeChat allows after one message of the contact.
  for (let reply = 1; reply <= 6; reply += 1) await agent.replies(id, `您好，我来看看 ${String(reply)}`)
  const waiting = { inbox: 'wechat', channel: 'wechat', state: 'quota' }
  const read = async (name: string, labels = {}) => (await scrape(product.app.url)).value(name, labels)
  await expect.poll(() => read('tongda_outbox_messages', waiting)).toBeGreaterThanOrEqual(1)
  expect(await read('tongda_outbox_oldest_seconds', waiting)).toBeGreaterThanOrEqual(0)
  const left = (many: string) =>
    read('tongda_tickets_sends_left', { inbox: 'wechat', channel: 'wechat', left: many })
  await expect.poll(() => left('0')).toBe(1)
  // The visitor who asked for a person has none yet when the promised time has passed.
  product.clock.advance(3 * 86_400_000)
  const broken = () => read('tongda_promises_broken_total', { promise: 'first-reply' })
  await expect.poll(broken).toBeGreaterThanOrEqual(1)
  await expect.poll(() => read('tongda_tickets_overdue')).toBeGreaterThanOrEqual(1)
  await expect.poll(() => left('closed')).toBe(1)
})

const documented = (): ReadonlySet<string> =>
  new Set(
    [...readFileSync('docs/operations.md', 'utf8').matchAll(/^\| `(tongda_\w+)/gm)].map(
      ([, name = '']) => name,
    ),
  )

/** What every process tells, by prom-client's own names. */
const ofProcess = /^tongda_(?:nodejs|process)_/

it('documents everything that is told', () => {
  const names = documented()
  expect([...told.families].filter((name) => !ofProcess.test(name) && !names.has(name))).toEqual([])
})

it('names no contact and nothing without bounds in a label', () => {
  const labels = new Set([...told.text.matchAll(/[{,](\w+)="/g)].map(([, name]) => name))
  const bounded = [
    ...['channel', 'code', 'event', 'inbox', 'kind', 'level', 'outcome', 'promise', 'result', 'state', 'via'],
    ...['availability', 'left', 'version', 'le', 'space', 'type', 'major', 'minor', 'patch'],
  ]
  expect([...labels].filter((name) => !bounded.includes(name ?? ''))).toEqual([])
})

describeWith('postgres', 'metrics of a node on PostgreSQL', (url) => {
  let test: TestDatabase
  let node: Product
  beforeAll(async () => {
    test = await openTestPostgres(url)
    node = await startProduct({
      database: { url: test.url },
      telemetry: { metricsToken: 'a-token-of-monitoring' },
    })
  })
  afterAll(async () => {
    await node.dispose()
    await test.dispose()
  })

  it('tell of its connections and of all nodes', async () => {
    const found = await scrape(node.app.url)
    expect(found.value('tongda_nodes')).toBe(1)
    expect(found.value('tongda_database_connections', { state: 'idle' })).toBeGreaterThanOrEqual(0)
    expect(found.value('tongda_database_waiting')).toBeGreaterThanOrEqual(0)
    expect(found.value('tongda_queue_conversations')).toBe(0)
  })
})
