import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createOutgoing, type Outgoing } from '../../channels/kit/index.ts'
import { createCallOut } from '../../src/app/call-out.ts'
import { maskConfig, parseConfig } from '../../src/config.ts'
import type { Tool } from '../../src/core/tool.ts'
import { createHttpTool } from '../../src/tools/index.ts'
import { startBrandSystem, type BrandSystem } from '../support/brand-systems.ts'

let brand: BrandSystem
let elsewhere: BrandSystem
let outgoing: Outgoing

beforeAll(async () => {
  ;[brand, elsewhere] = [await startBrandSystem(), await startBrandSystem()]
  outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: true } })
})
afterAll(async () => {
  await outgoing.close()
  await brand.close()
  await elsewhere.close()
})

const section = (changes: Record<string, unknown> = {}): Record<string, unknown> => ({
  title: { zh: '查订单', en: 'Order status' },
  url: `${brand.url}/orders/{order}`,
  changesState: false,
  intents: ['order-mall'],
  parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
  result: { type: 'object', properties: { status: { type: 'string' } }, required: ['status'] },
  shows: ['status'],
  answer: { articles: ['order-mall-shipping'], words: { zh: '{{status}}', en: '{{status}}' } },
  ...changes,
})

const configOf = (tool: Record<string, unknown>, more: Record<string, unknown> = {}) =>
  parseConfig({ tools: { loopbackHttp: true, http: { order: tool }, ...more } })

const toolOf = (changes?: Record<string, unknown>): Tool => {
  const parsed = configOf(section(changes))
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const [one] = Object.entries(parsed.config.tools.http)
  if (one === undefined) throw new Error('no tool')
  return createHttpTool(...one, { callOut: createCallOut(outgoing), sign: () => ({}) })
}

const context = { callId: 'call-1' }

describe('a tool that is an HTTP call', () => {
  it('asks the brand’s system, arguments in their place and nowhere else', async () => {
    brand.answers(() => ({ body: '{"status":"已发货"}' }))
    const tool = toolOf({ headers: { authorization: 'Bearer of-the-brand' } })
    const reply = await tool.call({ order: '../admin?x=1#y' }, context)
    expect(reply).toEqual({ kind: 'answered', value: { status: '已发货' } })
    const last = brand.received.at(-1)
    expect(last?.path).toBe('/orders/..%2Fadmin%3Fx%3D1%23y')
    expect(last?.headers.authorization).toBe('Bearer of-the-brand')
  })

  it('never takes a step of a path for an argument', async () => {
    const before = brand.received.length
    expect(await toolOf().call({ order: '..' }, context)).toEqual({ kind: 'failed', failure: 'refused' })
    expect(brand.received).toHaveLength(before)
  })

  it.each([
    ['does not follow a redirect', { status: 302, location: 'http://169.254.169.254/' }, 'wrong_answer'],
    ['reads no page', { type: 'text/html', body: '<p>ok</p>' }, 'wrong_answer'],
    ['reads no cut JSON', { body: '{"status":"已' }, 'wrong_answer'],
    ['takes nothing that its schema does not promise', { body: '{"status":7}' }, 'wrong_answer'],
    ['reads no list', { body: '[{"status":"x"}]' }, 'wrong_answer'],
    ['stops at a megabyte', { body: JSON.stringify({ status: 'x'.repeat(1_048_576) }) }, 'too_large'],
    ['tells that there is no such thing', { status: 404 }, 'not_found'],
    ['tells that the system says no', { status: 403 }, 'refused'],
    ['tells that the system is down', { status: 503 }, 'network'],
  ] as const)('%s', async (_, answer, failure) => {
    brand.answers(() => answer)
    const reached = elsewhere.received.length
    expect(await toolOf().call({ order: 'A1' }, context)).toEqual({ kind: 'failed', failure })
    expect(elsewhere.received).toHaveLength(reached)
  })

  it('does not even follow to another server of this machine', async () => {
    brand.answers(() => ({ status: 307, location: `${elsewhere.url}/steal` }))
    await toolOf().call({ order: 'A1' }, context)
    expect(elsewhere.received).toEqual([])
  })

  it('gives up on a system that hangs', async () => {
    brand.answers(() => 'hang')
    expect(await toolOf({ timeoutMs: 100 }).call({ order: 'A1' }, context)).toEqual({
      kind: 'failed',
      failure: 'timeout',
    })
  })

  it('posts with the key by which a repetition is known', async () => {
    brand.answers(() => ({ body: '{"status":"已取消"}' }))
    const tool = toolOf({ method: 'POST', url: `${brand.url}/cancel`, changesState: true })
    await tool.call({ order: 'A1' }, { callId: 'call-7' })
    expect(brand.received.at(-1)).toMatchObject({
      method: 'POST',
      path: '/cancel',
      body: '{"order":"A1"}',
      headers: { 'idempotency-key': 'call-7' },
    })
  })
})

describe('the configuration', () => {
  const named = { zh: '订单', en: 'Order' }
  const asksOrder = { kind: 'order', label: named, ask: { zh: '哪个订单？', en: 'Which order?' } }

  it.each([
    ['a private address', { url: 'https://10.0.0.8/orders/{order}' }, /public address/],
    ['http', { url: 'http://orders.example.com/{order}' }, /https/],
    ['a parameter as the host', { url: 'https://{order}/' }, /host and port/],
    ['a parameter that is none', { url: 'https://orders.example.com/{uid}' }, /uid among the required/],
    [
      'a field that is not shown',
      { answer: { articles: ['a'], words: { zh: '{{phone}}', en: '-' } } },
      /phone among/,
    ],
    ['a change by GET', { changesState: true }, /POST/],
    ['a contact without a secret', { identity: 'contact' }, /signingSecret/],
    [
      'a schema that is none',
      { parameters: { type: 'object', properties: { order: { type: 'no' } } } },
      /Schema/,
    ],
    [
      'a question without an answer',
      { answer: undefined, toModel: true, asks: { order: asksOrder } },
      /answer beside/,
    ],
    ['what nothing would call', { answer: undefined }, /order\.answer.*or toModel: true.*ever call/],
    [
      'a change that nothing would call',
      { answer: undefined, changesState: true, method: 'POST' },
      /order\.answer.*articles and words; without.*ever call/,
    ],
    ['a question for what is no parameter', { asks: { order: asksOrder, uid: asksOrder } }, /asks.uid/],
    [
      'what a call needs and nothing asks',
      { asks: { order: { ...asksOrder, required: false } } },
      /required question for order/,
    ],
    ['a choice of nothing', { asks: { order: { ...asksOrder, kind: 'choice' } } }, /two or more/],
    [
      'an option that the schema does not take',
      {
        parameters: { type: 'object', properties: { order: { enum: ['a', 'b'] } }, required: ['order'] },
        asks: {
          order: { ...asksOrder, kind: 'choice', options: ['a', 'c'].map((id) => ({ id, label: named })) },
        },
      },
      /c is none/,
    ],
    ['files as an answer', { asks: { order: { ...asksOrder, kind: 'evidence' } } }, /asks.order.kind/],
    ['what a model would read of a tool that shows nothing', { toModel: true, shows: [] }, /toModel/],
  ])('names %s as a fault', (_, changes, expected) => {
    const parsed = configOf(section(changes))
    expect(JSON.stringify('faults' in parsed ? parsed.faults : [])).toMatch(expected)
  })

  it.each([
    ['http', { url: 'http://mcp.example.com/mcp' }, /mcp\.mall\.url.*https/],
    [
      'a password in the address',
      { url: 'https://me:pw-canary@mcp.example.com/mcp' },
      /user name and password/,
    ],
    [
      'a tool that nothing would call',
      { tools: { presale: { title: named, changesState: false, intents: ['order-mall'] } } },
      /mcp\.mall\.tools\.presale\.answer/,
    ],
  ])('names %s of an MCP server as a fault', (_, changes, expected) => {
    const mall = { url: 'https://mcp.example.com/mcp', tools: {}, ...changes }
    const parsed = parseConfig({ tools: { mcp: { mall } } })
    const faults = JSON.stringify('faults' in parsed ? parsed.faults : [])
    expect(faults).toMatch(expected)
    expect(faults).not.toContain('pw-canary')
  })

  it('takes what a model alone may call', () => {
    expect('config' in configOf(section({ answer: undefined, toModel: true }))).toBe(true)
  })

  it('shows no header', () => {
    const parsed = configOf(section({ headers: { authorization: '\u0001secret-of-the-brand' } }))
    const shown = JSON.stringify('faults' in parsed ? parsed.faults : [])
    expect(shown).toContain('authorization')
    expect(shown).not.toContain('secret-of-the-brand')
  })

  it('is printed without its secrets, and with what is none', () => {
    const tool = section({ headers: { authorization: 'Bearer secret-of-the-brand' } })
    const parsed = parseConfig({
      tools: {
        loopbackHttp: true,
        signingSecret: 'secret-that-signs-who-asks-for-it',
        http: { order: tool },
      },
    })
    if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
    const printed = JSON.stringify(maskConfig(parsed.config)['tools'])
    expect(printed).toContain('"authorization":"***"')
    expect(printed).toContain('order-mall')
    expect(printed).not.toMatch(/secret-of|secret-that/)
  })
})
