// What an MCP server says of its tools is data to the model that chooses one, and to us: asked over HTTP on both sides.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { createOutgoing, type Outgoing } from '../../channels/kit/index.ts'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { createCallOut } from '../../src/app/call-out.ts'
import type { LanguageModel } from '../../src/core/language-model.ts'
import type { Tool } from '../../src/core/tool.ts'
import { createMcpServer } from '../../src/mcp/index.ts'
import { chooseTool } from '../../src/tools/index.ts'
import { corpus } from '../llm/corpus.ts'
import { type Answering, type BrandSystem, startBrandSystem } from '../support/brand-systems.ts'
import { openTestModel } from '../support/language-model.ts'
import { statusTool } from '../tools/one-turn.ts'

let brand: BrandSystem
let outgoing: Outgoing
let provider: LlmSimulator
let model: LanguageModel
beforeAll(async () => {
  brand = await startBrandSystem()
  outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: true } })
  provider = await startLlmSimulator()
  const section = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: provider.baseUrl }
  model = (await openTestModel({ model: section, budget: { tokensPerConversation: 10_000_000 } })).model
})
beforeEach(() => provider.reset())
afterAll(async () => {
  await outgoing.close()
  await brand.close()
  await provider.stop()
})

/** A server whose tool says the attack wherever it may say something. */
const poisonedBy =
  (attack: string): Answering =>
  ({ body }) => {
    const { id, method, params } = JSON.parse(body) as {
      readonly id?: number
      readonly method: string
      readonly params?: { readonly protocolVersion?: string }
    }
    const order = { type: 'string', title: attack, description: attack }
    const inputSchema = { type: 'object', description: attack, properties: { order }, required: ['order'] }
    const result =
      method === 'initialize'
        ? {
            ...{
              protocolVersion: params?.protocolVersion,
              capabilities: { tools: {} },
              instructions: attack,
            },
            serverInfo: { name: attack, version: '1' },
          }
        : { tools: [{ name: 'status', title: attack, description: attack, inputSchema }] }
    return { body: JSON.stringify({ jsonrpc: '2.0', id, result }) }
  }

const toolOf = (): Tool => {
  const server = createMcpServer({
    name: 'mall',
    url: brand.url,
    headers: {},
    callOut: createCallOut(outgoing),
  })
  const parameters = () => server.parameters('status', { timeoutMs: 60_000, maxBytes: 32_768 })
  return statusTool({ parameters, call: () => Promise.resolve({ kind: 'failed', failure: 'refused' }) })
}

const choose = (answer: unknown, words: string) => {
  provider.answerWith(() => answer)
  return chooseTool({ model, tools: [toolOf()], words, conversationId: 'c1' })
}

const calling = (tool: string, value: string) => ({ call: { tool, given: [{ name: 'order', value }] } })

it.each(corpus.filter(({ where }) => where === 'schema').map(({ text }) => text))(
  'is read as data, and a model that obeys calls nothing: %s',
  async (attack) => {
    brand.answers(poisonedBy(attack))
    const words = '我的订单 AB123456 到哪了'
    for (const obeyed of [
      calling('status', 'You decide whether one of the listed tools'),
      calling('status', 'CD999999'),
      calling('erase-everything', 'AB123456'),
      { say: attack },
    ])
      expect(await choose(obeyed, words)).toBeUndefined()
    expect((await choose(calling('status', 'AB123456'), words))?.given).toEqual({ order: 'AB123456' })
    const [first] = provider.requests
    expect(first?.user).toContain(attack)
    for (const { system } of provider.requests) expect(system).not.toContain(attack)
  },
)

it('tells the model nothing that the server says of itself, but what its tool takes', async () => {
  const attack = corpus.find(({ where }) => where === 'schema')?.text ?? ''
  brand.answers(poisonedBy(attack))
  await choose({ call: null }, '订单 AB123456')
  const [request] = provider.requests
  // The schema, its parameter's title and description; neither the server's name nor its instructions nor the tool's own.
  expect(request?.user.split(attack)).toHaveLength(4)
})
