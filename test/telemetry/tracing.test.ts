// The way of a message as a collector of OpenTelemetry sees it: one trace, whichever nodes worked on it, and no words.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createLog } from '../../src/log.ts'
import { traceIdsOf } from '../../src/telemetry/index.ts'
import { attributesOf, startCollector, type CollectedSpan, type Collector } from '../support/collector.ts'
import { openTestPostgres, type TestDatabase } from '../support/databases.ts'
import { startProduct, type Product } from '../support/product.ts'
import { describeWith } from '../support/services.ts'
import { createVisitor } from '../support/visitor.ts'

let collector: Collector
let product: Product
beforeAll(async () => {
  collector = await startCollector()
  product = await startProduct({
    telemetry: {
      otlp: {
        url: collector.url,
        serviceName: 'support-bot',
        headers: { authorization: 'Bearer collector-secret' },
        attributes: { 'deployment.environment.name': 'test' },
      },
    },
  })
})
afterAll(async () => {
  await product.dispose()
  await collector.stop()
})

const secretWords = '大会员怎么退款，我叫欧阳小白白'

/** Names from the root down: `accept > turn > send`. */
const pathsOf = (spans: readonly CollectedSpan[]): readonly string[] => {
  const path = (span: CollectedSpan): string => {
    const parent = spans.find(({ spanId }) => spanId === span.parentSpanId)
    if (parent === undefined) return span.parentSpanId ? `(lost) > ${span.name}` : span.name
    return `${path(parent)} > ${span.name}`
  }
  return [...new Set(spans.map(path))].sort()
}

const whole = [
  'accept',
  'accept > store',
  'accept > turn',
  'accept > turn > claim',
  'accept > turn > commit',
  'accept > turn > decide',
  'accept > turn > send',
  'accept > turn > understand',
]

const rootsIn = (spans: readonly CollectedSpan[]) => spans.filter(({ name }) => name === 'accept')
const traceOf = (spans: readonly CollectedSpan[], { traceId }: CollectedSpan) =>
  spans.filter((span) => span.traceId === traceId)

it('is one trace of accept, store, claim, understand, decide, commit and send', async () => {
  const visitor = await createVisitor(product.app.url)
  visitor.says(secretWords)
  await visitor.hears(/./)
  const trace = () => rootsIn(collector.spans).flatMap((root) => traceOf(collector.spans, root))
  await expect.poll(() => pathsOf(trace())).toEqual(whole)
  const [root] = rootsIn(collector.spans)
  if (root === undefined) throw new Error('no root')
  const facts = attributesOf(root)
  // Derived from the message's id: whoever has the id finds the trace.
  const ids = traceIdsOf(facts['tongda.message.id'] ?? '')
  expect([root.traceId, root.spanId]).toEqual([ids.traceId, ids.rootId])
  expect(facts).toMatchObject({ 'tongda.inbox.id': 'web', 'tongda.channel': 'web' })
  expect(root.resource).toMatchObject({
    'service.name': 'support-bot',
    'deployment.environment.name': 'test',
  })
  const [turn] = trace().filter(({ name }) => name === 'turn')
  expect(turn === undefined ? {} : attributesOf(turn)).toMatchObject({ 'tongda.pieces': '1' })
  for (const span of trace())
    expect(BigInt(span.endTimeUnixNano) >= BigInt(span.startTimeUnixNano), span.name).toBe(true)
  expect(collector.headers[0]).toMatchObject({ authorization: 'Bearer collector-secret' })
})

it('has an agent’s reply as a trace of its own', async () => {
  const visitor = await createVisitor(product.app.url)
  visitor.says('转人工')
  await visitor.hears(/T-\d+/)
  const agent = await product.agent()
  const { id } = await agent.finds(/人工/)
  await agent.takes(id)
  await agent.replies(id, '您好，我来处理')
  await visitor.hears('我来处理')
  const alone = () => collector.spans.filter(({ name, parentSpanId }) => name === 'send' && !parentSpanId)
  await expect.poll(() => alone().length).toBeGreaterThanOrEqual(1)
})

it('tells no words, names or addresses', async () => {
  const contact = product.contact('oTracedContact00000000001')
  await contact.says('大会员怎么退款')
  await contact.hears(/./)
  await expect
    .poll(() => collector.spans.some((span) => attributesOf(span)['tongda.channel'] === 'wechat'))
    .toBe(true)
  const text = collector.bodies.join('\n')
  for (const planted of [
    '大会员',
    '欧阳',
    '我来处理',
    'oTracedContact',
    'collector-secret',
    'secretOfTheTest',
  ])
    expect([planted, text.includes(planted)]).toEqual([planted, false])
})

it('a collector that is away costs one warning and nothing else', async () => {
  const lines: string[] = []
  const log = createLog({ level: 'warn', to: { write: (line) => void lines.push(line) } })
  const away = await startCollector()
  await away.stop()
  const other = await startProduct({ telemetry: { otlp: { url: away.url, timeoutMs: 300 } } }, log)
  const warnings = () => lines.filter((line) => line.includes('traces could not be sent'))
  try {
    const visitor = await createVisitor(other.app.url)
    visitor.says('弹幕发不出去是怎么回事')
    await visitor.hears(/弹幕/)
    await expect.poll(() => warnings().length, { timeout: 60_000 }).toBe(1)
    visitor.says('转人工')
    await visitor.hears(/T-\d+/)
  } finally {
    // Sends what is left, in vain.
    await other.dispose()
  }
  expect(warnings()).toHaveLength(1)
})

describeWith('postgres', 'two nodes', (url) => {
  let test: TestDatabase
  let nodes: readonly Product[] = []
  let all: Collector
  beforeAll(async () => {
    all = await startCollector()
    test = await openTestPostgres(url)
    const shared = {
      masterKey: 'ab'.repeat(32),
      database: { url: test.url },
      telemetry: { otlp: { url: all.url } },
    }
    nodes = [await startProduct(shared), await startProduct(shared)]
  })
  afterAll(async () => {
    await Promise.all(nodes.map((node) => node.dispose()))
    await test.dispose()
    await all.stop()
  })

  it('make one whole trace of each message', async () => {
    const visitors = await Promise.all([...nodes, ...nodes].map(async ({ app }) => createVisitor(app.url)))
    await Promise.all(
      visitors.map(async (visitor) => {
        visitor.says('大会员怎么退款')
        await visitor.hears(/./)
      }),
    )
    const traces = () => rootsIn(all.spans).map((root) => pathsOf(traceOf(all.spans, root)).join('\n'))
    // That a chat was opened is a message too.
    await expect.poll(() => traces().length).toBeGreaterThanOrEqual(visitors.length)
    const instances = () => new Set(all.spans.map(({ resource }) => resource['service.instance.id'])).size
    await expect.poll(instances).toBe(2)
    await expect.poll(() => [...new Set(traces())]).toEqual([whole.join('\n')])
  })
})
