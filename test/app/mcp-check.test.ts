import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { z } from 'zod'
import { checkMcpServers } from '../../src/app/mcp-check.ts'
import { parseConfig } from '../../src/config.ts'

let url: string
let calls = 0
let stop: () => Promise<void>

// As debugging servers and gateways do: says again what it was sent.
const refuse = (request: Request): Response => {
  const given = request.headers.get('authorization') ?? ''
  const error = { jsonrpc: '2.0', id: 0, error: { code: -32000, message: `not for ${given}` } }
  if (given.endsWith('-json')) return Response.json(error)
  if (given.endsWith('-page')) return new Response(`<p>${given}</p>`)
  return Response.json(error, { status: given.endsWith('-broken') ? 500 : 401, statusText: given })
}

const makeServer = (): McpServer => {
  const server = new McpServer({ name: 'mall', version: '1.0.0' })
  server.registerTool('presale', { inputSchema: z.object({ order: z.string() }) }, () => {
    calls += 1
    return { content: [{ type: 'text', text: '已发货' }] }
  })
  return server
}

beforeAll(async () => {
  const handler = createMcpHandler(makeServer)
  const listen = getRequestListener((request) =>
    request.headers.get('authorization') === 'Bearer of-the-brand' ? handler.fetch(request) : refuse(request),
  )
  const server = createServer((request, response) => void listen(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/mcp`
  stop = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
afterAll(() => stop())

const look = (tool: string, section: object = {}, more: object = {}) => {
  const answer = { articles: ['order-mall-presale'], words: { zh: '好', en: 'ok' } }
  const mall = {
    url,
    headers: { authorization: 'Bearer of-the-brand' },
    tools: {
      [tool]: {
        ...{ title: { zh: '查预售', en: 'Presale' }, changesState: false, intents: ['order-mall'] },
        ...{ answer, ...more },
      },
    },
    ...section,
  }
  const parsed = parseConfig({ tools: { loopbackHttp: true, mcp: { mall } } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  return checkMcpServers(parsed.config)
}

it('passes a server that has the tools of the list, and calls none of them', async () => {
  expect(await look('presale')).toEqual([{ title: expect.stringContaining('mall') as unknown, passed: true }])
  expect(calls).toBe(0)
})

it.each([
  ['presail', {}, /has no tool presail; check tools\.mcp\.mall\.tools/],
  ['presale', { headers: { authorization: 'Bearer wrong' } }, /HTTP 401.*refuses the key/],
  ['presale', { headers: { authorization: 'Bearer wrong-broken' } }, /HTTP 500/],
  ['presale', { headers: { authorization: 'Bearer wrong-json' } }, /not as an MCP server/],
  ['presale', { headers: { authorization: 'Bearer wrong-page' } }, /not as an MCP server/],
  ['presale', { url: 'http://127.0.0.1:1/mcp' }, /no connection/],
  ['presale', { url: 'http://127.0.0.1:1/mcp', tools: {} }, /no connection/],
])('says what is wrong: %s %j', async (tool, section, fix) => {
  const [check, ...others] = await look(tool, section)
  expect(check).toMatchObject({ passed: false, fix: expect.stringMatching(fix) as unknown })
  expect(JSON.stringify(check)).not.toContain('Bearer')
  expect(JSON.stringify(check)).not.toContain('wrong')
  expect(others).toEqual([])
})

it('names parameters that the server’s tool does not take', async () => {
  const label = { zh: '订单', en: 'Order' }
  const question = { kind: 'order', label, ask: { zh: '哪个订单？', en: 'Which order?' } }
  const [taken] = await look('presale', {}, { entities: { order: 'order' }, asks: { order: question } })
  expect(taken).toMatchObject({ passed: true })
  const [check] = await look('presale', {}, { entities: { odrer: 'order' }, asks: { oder: question } })
  const fix = expect.stringMatching(
    /presale\.entities\.odrer, \S+presale\.asks\.oder: .*no such parameter/,
  ) as unknown
  expect(check).toMatchObject({ passed: false, fix })
})

it('asks a server of which no tools are listed, too, and says that the bot uses none', async () => {
  expect(await look('presale', { tools: {} })).toEqual([
    {
      title: expect.stringMatching(/mall$/) as unknown,
      passed: true,
      remark: expect.stringContaining('no tools are listed') as unknown,
    },
  ])
})
