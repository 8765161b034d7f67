// A tool rests when its system fails, not when nobody had the time to wait for it.
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createOutgoing, type Outgoing } from '../../channels/kit/index.ts'
import { createCallOut } from '../../src/app/call-out.ts'
import { parseConfig } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import { createHttpTool, createToolbox } from '../../src/tools/index.ts'
import { startBrandSystem, type BrandSystem } from '../support/brand-systems.ts'
import { remembering } from './one-turn.ts'

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

/** Calls of one tool, each with what is left of whoever waits; gives what came of each. */
const callsOf = async (timeoutMs: number) => {
  const parsed = parseConfig({
    tools: {
      loopbackHttp: true,
      http: {
        order: {
          title: { zh: '查订单', en: 'Order status' },
          url: `${brand.url}/orders/{order}`,
          ...{ changesState: false, intents: ['order-mall'], shows: ['status'], toModel: true, timeoutMs },
          parameters: { type: 'object', properties: { order: { type: 'string' } }, required: ['order'] },
        },
      },
    },
  })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const tools = Object.entries(parsed.config.tools.http).map(([name, section]) =>
    createHttpTool(name, section, { callOut: createCallOut(outgoing), sign: () => ({}) }),
  )
  const toolbox = createToolbox({
    ...{ tools, clock: systemClock, log: silentLog, once: remembering(), hashKey: 'key-of-the-test' },
    audit: { record: () => Promise.resolve() },
    identityOf: () => Promise.resolve(undefined),
  })
  const tool = toolbox.find('order')
  const call =
    tool && (await toolbox.prepare(tool, { order: 'A1' }, { conversationId: 'c1', contactId: 'p1' }))
  if (call === undefined || 'failure' in call) throw new Error('not prepared')
  let calls = 0
  return async (withinMs?: number) => {
    const outcome = await toolbox.execute(call, `call-${String((calls += 1))}`, withinMs)
    return outcome.kind === 'failed' ? outcome.failure : outcome.kind
  }
}

const oneAfterTheOther = async (times: number, call: () => Promise<string>): Promise<readonly string[]> => {
  const outcomes: string[] = []
  for (let number = 0; number < times; number += 1) outcomes.push(await call())
  return outcomes
}

it('rests after five failures in a row', async () => {
  const call = await callsOf(100)
  brand.answers(() => 'hang')
  expect(await oneAfterTheOther(5, call)).toEqual(Array(5).fill('timeout'))
  expect(await call()).toBe('resting')
})

it('does not rest because it was given far less than its own time, nor does that end a row of failures', async () => {
  const call = await callsOf(2_500)
  brand.answers(() => ({ status: 503 }))
  expect(await oneAfterTheOther(4, call)).toEqual(Array(4).fill('network'))
  brand.answers(() => 'hang')
  expect(await oneAfterTheOther(3, () => call(60))).toEqual(Array(3).fill('timeout'))
  brand.answers(() => ({ status: 503 }))
  expect(await oneAfterTheOther(2, call)).toEqual(['network', 'resting'])
})
