import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOutgoing, type Outgoing } from '../../channels/kit/index.ts'
import { createCallOut } from '../../src/app/call-out.ts'
import { parseConfig } from '../../src/config.ts'
import type { AuditEntry } from '../../src/core/audit.ts'
import { systemClock } from '../../src/core/clock.ts'
import type { LanguageModel } from '../../src/core/language-model.ts'
import { silentLog } from '../../src/core/log.ts'
import { personalKinds } from '../../src/core/masking.ts'
import { createMasker } from '../../src/text/index.ts'
import { createHttpTool, createToolbox, createToolMaterial } from '../../src/tools/index.ts'
import { startBrandSystem, type BrandSystem } from '../support/brand-systems.ts'

let brand: BrandSystem
let outgoing: Outgoing

beforeAll(async () => {
  brand = await startBrandSystem()
  outgoing = createOutgoing({ policy: { allow: [], loopbackHttp: true } })
})
afterAll(async () => {
  await outgoing.close()
  await brand.close()
})

const caller = { conversationId: 'c1', contactId: 'p1' }
const parameters = { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] }

/** The brand's tools, a model that calls `wanted` with the order AB123456, and what the audit log hears. */
const toolsWith = (wanted: string) => {
  const common = {
    title: { zh: '订单', en: 'Order' },
    intents: ['order-mall'],
    parameters,
    shows: ['status'],
  }
  const parsed = parseConfig({
    tools: {
      loopbackHttp: true,
      http: {
        status: { ...common, url: `${brand.url}/status/{order}`, changesState: false },
        cancel: { ...common, url: `${brand.url}/cancel`, method: 'POST', changesState: true },
      },
    },
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const heard: AuditEntry[] = []
  const callOut = createCallOut(outgoing)
  const toolbox = createToolbox({
    tools: Object.entries(parsed.config.tools.http).map(([name, tool]) =>
      createHttpTool(name, tool, { callOut, sign: () => ({}) }),
    ),
    clock: systemClock,
    log: silentLog,
    audit: {
      record: (entry) => {
        heard.push(entry)
        return Promise.resolve()
      },
    },
    once: { begin: () => Promise.resolve({ kind: 'started' }), finish: () => Promise.resolve() },
    identityOf: () => Promise.resolve(undefined),
    hashKey: 'key-of-the-test',
  })
  const model: LanguageModel = {
    models: ['obeying'],
    ask: (request) =>
      Promise.resolve({
        value: request.schema.parse({
          call: { tool: wanted, given: [{ name: 'order', value: 'AB123456' }] },
        }),
        model: 'obeying',
        usage: { inputTokens: 1, outputTokens: 1, costMicros: 0 },
        ms: 1,
      }),
  }
  const masker = createMasker(personalKinds)
  return { toolbox, heard, material: createToolMaterial({ toolbox, model, masker, linkHosts: [] }) }
}

const words = '订单 AB123456 到哪里了'

it('gives a model what may be shown, personal data masked', async () => {
  brand.answers(() => ({ body: '{"status":"快递员 13812348000 在送 https://evil.example/","secret":"no"}' }))
  const { material, heard } = toolsWith('status')
  const given = await material({ words, subjects: ['order-mall'], caller })
  expect(given?.name).toBe('tool:status')
  expect(given?.text).toMatch(/^status: 快递员 138\*+8000 在送$/)
  expect(heard).toMatchObject([
    { act: 'tool.called', object: { id: 'status' }, detail: { outcome: 'answered' } },
  ])
  expect(JSON.stringify(heard)).not.toContain('AB123456')
})

it('calls nothing that changes something, nothing of another intent, and nothing for words that are not the contact’s', async () => {
  const before = brand.received.length
  expect(await toolsWith('cancel').material({ words, subjects: ['order-mall'], caller })).toBeUndefined()
  expect(await toolsWith('status').material({ words, subjects: ['vip-refund'], caller })).toBeUndefined()
  const others = { words: '我的订单呢', subjects: ['order-mall'], caller }
  expect(await toolsWith('status').material(others)).toBeUndefined()
  expect(brand.received).toHaveLength(before)
})

it('leaves a system alone that failed five times in a row', async () => {
  brand.answers(() => ({ status: 500 }))
  const { material } = toolsWith('status')
  const before = brand.received.length
  for (let asked = 0; asked < 8; asked += 1)
    expect(await material({ words, subjects: ['order-mall'], caller })).toBeUndefined()
  expect(brand.received).toHaveLength(before + 5)
})
