// Whoever confirmed hears within eight seconds what came of it, whatever the brand's system does.
import { expect, it } from 'vitest'
import { systemClock } from '../../src/core/clock.ts'
import { initialDialogue } from '../../src/core/conversation.ts'
import { silentLog } from '../../src/core/log.ts'
import type { JsonSchema, Tool, ToolContext } from '../../src/core/tool.ts'
import { asSpoken } from '../../src/dialogue/index.ts'
import { createToolbox, createTurnTools } from '../../src/tools/index.ts'
import { claim, decisionIn, remembering, takesOrder, textOfPart } from './one-turn.ts'

const now = new Date('2026-11-29T10:00:00Z')
const [message] = claim.pending

/** Confirms a return whose schema comes as it is told; what was said, and what the system was called with. */
const confirming = async (parameters: () => Promise<JsonSchema>) => {
  const called: ToolContext[] = []
  const tool: Tool = {
    ...{ name: 'return', title: { zh: '退货', en: 'Return' }, description: '', changesState: true },
    ...{ intents: ['order-mall'], needsIdentity: false, entities: {}, toModel: false, shows: [], parameters },
    call: (_given, context) => {
      called.push(context)
      return Promise.resolve({ kind: 'answered', value: {} })
    },
  }
  const toolbox = createToolbox({
    ...{ tools: [tool], clock: systemClock, log: silentLog, once: remembering(), hashKey: 'key-of-the-test' },
    audit: { record: () => Promise.resolve() },
    identityOf: () => Promise.resolve(undefined),
  })
  const dialogue = {
    ...initialDialogue,
    toolCall: { id: 'call-1', tool: 'return', given: { order: 'AB77' }, until: '2026-11-29T10:10:00Z' },
  }
  const parts = [{ kind: 'event', name: 'choice', value: 'tool:confirm:call-1' }] as const
  if (message === undefined) throw new Error('nothing is said')
  const { say } = await createTurnTools({ toolbox, linkHosts: [], asSpoken, mayConfirm: () => true }).apply({
    claim: { ...claim, dialogue, pending: [{ ...message, seq: 3, parts }] },
    decision: { ...decisionIn('vip-refund'), dialogue },
    now,
    left: () => 6_500,
    ask: () => undefined,
  })
  return { said: say.flat().map(textOfPart).join('\n'), called }
}

it('gives up before the call where the server does not say what its tool takes', async () => {
  const begunAt = performance.now()
  const { said, called } = await confirming(() => new Promise<never>(() => {}))
  expect(said).toContain('现在连不上')
  expect(called).toEqual([])
  expect(performance.now() - begunAt).toBeLessThan(6_000)
})

it('leaves the call what the schema did not take', async () => {
  const { said, called } = await confirming(async () => {
    await new Promise((resolve) => setTimeout(resolve, 200))
    return takesOrder
  })
  expect(said).toContain('办好了')
  expect(called).toHaveLength(1)
  // As much as one may be configured to take stays in any case but the slowest.
  expect(called[0]?.withinMs).toBeLessThanOrEqual(6_310)
  expect(called[0]?.withinMs).toBeGreaterThan(4_000)
})
