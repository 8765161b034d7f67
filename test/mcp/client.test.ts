import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { getRequestListener } from '@hono/node-server'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createOutgoing, type Outgoing } from '../../channels/kit/index.ts'
import { createCallOut } from '../../src/app/call-out.ts'
import { createMcpServer } from '../../src/mcp/index.ts'
import { startBrandSystem } from '../support/brand-systems.ts'

const limits = { timeoutMs: 60_000, maxBytes: 32_768 }
const seen: (string | null)[] = []
let url: string
let outgoing: Outgoing
let stop: () => Promise<void>

const makeServer = (): McpServer => {
  const server = new McpServer({ name: 'orders', version: '1.0.0' })
  const inputSchema = z.object({ order: z.string() })
  server.registerTool(
    'status',
    { inputSchema, outputSchema: z.object({ status: z.string() }) },
    ({ order }) => ({
      content: [{ type: 'text', text: `${order}: 已发货` }],
      structuredContent: { status: `${order} 已发货` },
    }),
  )
  server.registerTool('words', { inputSchema }, () => ({ content: [{ type: 'text', text: '在路上' }] }))
  server.registerTool('refuses', { inputSchema }, () => ({
    isError: true,
    content: [{ type: 'text', text: 'no' }],
  }))
  server.registerTool('large', { inputSchema }, () => ({
    content: [{ type: 'text', text: 'x'.repeat(1_048_576) }],
  }))
  return server
}

beforeAll(async () => {
  const handler = createMcpHandler(makeServer)
  const listen = getRequestListener((request) => {
    seen.push(request.headers.get('authorization'))
    return handler.fetch(request)
  })
  const server = createServer((request, response) => void listen(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  url = `http://127.0.0.1:${String(port)}/mcp`
  outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: true } })
  stop = async () => {
    await outgoing.close()
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
})
afterAll(() => stop())

const reach = (address = url) =>
  createMcpServer({
    name: 'brand',
    url: address,
    headers: { authorization: 'Bearer of-the-brand' },
    callOut: createCallOut(outgoing),
  })

const given = { order: 'A1' }
const context = { callId: 'call-1' }

describe('a tool of an MCP server', () => {
  it('tells what it takes, and answers', async () => {
    const server = reach()
    expect(await server.parameters('status', limits)).toMatchObject({
      type: 'object',
      properties: { order: { type: 'string' } },
    })
    expect(await server.call('status', limits, given, context)).toEqual({
      kind: 'answered',
      value: { status: 'A1 已发货' },
    })
    expect(new Set(seen)).toEqual(new Set(['Bearer of-the-brand']))
  })

  it('may answer in words', async () => {
    expect(await reach().call('words', limits, given, context)).toEqual({
      kind: 'answered',
      value: { text: '在路上' },
    })
  })

  it('may say no', async () => {
    expect(await reach().call('refuses', limits, given, context)).toEqual({
      kind: 'failed',
      failure: 'refused',
    })
  })

  it('is read so far and no further', async () => {
    expect(await reach().call('large', limits, given, context)).toEqual({
      kind: 'failed',
      failure: 'too_large',
    })
  })

  it('that is not there is a fault of the configuration', async () => {
    await expect(reach().parameters('other', limits)).rejects.toThrow(/no tool other/)
  })
})

describe('a server that is none', () => {
  it.each([
    ['hangs', 'hang', 'timeout'],
    ['leads elsewhere', { status: 307, location: 'http://169.254.169.254/' }, 'wrong_answer'],
    ['answers with a page', { type: 'text/html', body: '<p>hello</p>' }, 'wrong_answer'],
    ['answers with cut JSON', { body: '{"jsonrpc":"2.0",' }, 'wrong_answer'],
  ] as const)('%s, and the call fails', async (_, answer, failure) => {
    const brand = await startBrandSystem()
    brand.answers(() => answer)
    // What answers may be slow about it.
    const timeoutMs = failure === 'timeout' ? 500 : limits.timeoutMs
    const reply = await reach(brand.url).call('status', { ...limits, timeoutMs }, given, context)
    await brand.close()
    expect(reply).toEqual({ kind: 'failed', failure })
  })
})
