// Debugging servers and gateways say again what they were sent, the brand's key too: none of it may reach a log.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createOutgoing, type Outgoing } from '../../channels/kit/index.ts'
import { createCallOut } from '../../src/app/call-out.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { Tool } from '../../src/core/tool.ts'
import { createLog } from '../../src/log.ts'
import { createMcpServer } from '../../src/mcp/index.ts'
import { createToolbox } from '../../src/tools/index.ts'
import { type Answering, type BrandSystem, startBrandSystem } from '../support/brand-systems.ts'
import { remembering } from '../tools/one-turn.ts'

const headers = { authorization: 'Bearer sk-of-the-brand', 'x-api-key': 'plain-key-of-the-brand' }
const limits = { timeoutMs: 60_000, maxBytes: 32_768 }
const caller = { conversationId: 'c1', contactId: 'p1' }

let brand: BrandSystem
let outgoing: Outgoing
let logged = ''
const log = createLog({ level: 'debug', to: { write: (line) => void (logged += line) } })
beforeAll(async () => {
  brand = await startBrandSystem()
  outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: true } })
})
beforeEach(() => {
  logged = ''
})
afterAll(async () => {
  await outgoing.close()
  await brand.close()
})

type Asked = Parameters<Answering>[0]

const echoOf = ({ headers: { authorization = '', 'x-api-key': key } }: Asked): string =>
  `${authorization} ${String(key)}`

/** What it answers a call of JSON-RPC with. */
const result = (asked: Asked, tools: (echo: string) => object) => {
  const { id, method, params } = JSON.parse(asked.body) as {
    readonly id?: number
    readonly method: string
    readonly params?: { readonly protocolVersion?: string }
  }
  const greeting = {
    protocolVersion: params?.protocolVersion,
    capabilities: { tools: {} },
    serverInfo: { name: 'echo', version: '1' },
  }
  const told = method === 'initialize' ? greeting : tools(echoOf(asked))
  return { body: JSON.stringify({ jsonrpc: '2.0', id, result: told }) }
}

const answers: readonly (readonly [string, Answering])[] = [
  ['a broken page', (asked) => ({ status: 500, type: 'text/plain', body: echoOf(asked) })],
  ['a refusal', (asked) => ({ status: 401, body: JSON.stringify({ error: echoOf(asked) }) })],
  [
    'an error of JSON-RPC',
    (asked) => ({
      body: JSON.stringify({ jsonrpc: '2.0', id: 0, error: { code: -32_000, message: echoOf(asked) } }),
    }),
  ],
  ['a page', (asked) => ({ type: 'text/html', body: `<p>${echoOf(asked)}</p>` })],
  ['a kind of answer', (asked) => ({ type: `text/${echoOf(asked).replaceAll(' ', '-')}`, body: '' })],
  [
    'a list that is none',
    (asked) => result(asked, (echo) => ({ tools: [{ name: echo, inputSchema: { type: echo } }] })),
  ],
  [
    'a schema that cannot be read',
    (asked) =>
      result(asked, (echo) => ({
        tools: [{ name: 'status', inputSchema: { type: 'object', properties: { order: { $ref: echo } } } }],
      })),
  ],
]

const statusTool = (): Tool => {
  const server = createMcpServer({ name: 'brand', url: brand.url, headers, callOut: createCallOut(outgoing) })
  return {
    ...{ name: 'status', title: { zh: '查订单', en: 'Order status' }, description: '', changesState: false },
    ...{ intents: [], needsIdentity: false, entities: {}, toModel: false, shows: [] },
    parameters: () => server.parameters('status', limits),
    call: (given, context) => server.call('status', limits, given, context),
  }
}

it.each(answers)('what %s says is in no log and in no outcome', async (_what, answering) => {
  brand.answers(answering)
  const tool = statusTool()
  const toolbox = createToolbox({
    ...{ tools: [tool], clock: systemClock, log, once: remembering(), hashKey: 'key-of-the-test' },
    audit: { record: () => Promise.resolve() },
    identityOf: () => Promise.resolve(undefined),
  })
  const prepared = await toolbox.prepare(tool, { order: 'A1' }, caller)
  const outcome = await toolbox.execute({ tool, given: { order: 'A1' }, caller }, 'call-1')
  expect(prepared).toEqual({ failure: 'network' })
  expect(outcome.kind).toBe('failed')
  expect(logged).toContain('schema could not be had')
  expect(logged + JSON.stringify([prepared, outcome])).not.toMatch(/of-the-brand/i)
  expect(brand.received.length).toBeGreaterThan(0)
})

it.each(answers.filter(([what]) => what !== 'a schema that cannot be read'))(
  'what %s says is in no error of the client',
  async (_what, answering) => {
    brand.answers(answering)
    const error = await statusTool()
      .parameters()
      .catch((reason: unknown) => reason)
    expect(error).toBeInstanceOf(Error)
    const whole = error instanceof Error ? [error.message, error.stack, JSON.stringify(error.cause)] : []
    expect(whole.join('\n')).not.toMatch(/of-the-brand/i)
  },
)
