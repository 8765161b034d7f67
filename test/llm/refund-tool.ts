import { systemClock } from '../../src/core/clock.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Tool, ToolIdentity, ToolReply } from '../../src/core/tool.ts'
import type { ToolArguments } from '../../src/core/tool-call.ts'
import { createToolbox, createTurnTools } from '../../src/tools/index.ts'

/** A brand's system that says how a refund stands, and what it was asked. */
export const refundTool = (reply: ToolReply, over: Partial<Tool> = {}) => {
  const asked: ToolArguments[] = []
  const tool: Tool = {
    name: 'refund-state',
    title: { zh: '查退款', en: 'Refund state' },
    description: '',
    changesState: false,
    intents: ['vip-refund'],
    needsIdentity: false,
    entities: { order: 'order' },
    shows: ['state'],
    toModel: true,
    parameters: () =>
      Promise.resolve({ type: 'object', properties: { order: { type: 'string' } }, required: ['order'] }),
    call: (given) => {
      asked.push(given)
      return Promise.resolve(reply)
    },
    ...over,
  }
  const turnTools = (model?: Parameters<typeof createTurnTools>[0]['model'], who?: ToolIdentity) =>
    createTurnTools({
      toolbox: createToolbox({
        tools: [tool],
        clock: systemClock,
        log: silentLog,
        audit: { record: () => Promise.resolve() },
        once: {
          begin: () => Promise.resolve({ kind: 'started' }),
          finish: () => Promise.resolve(),
          find: () => Promise.resolve(undefined),
        },
        identityOf: () => Promise.resolve(who),
        hashKey: 'key-of-the-test',
      }),
      linkHosts: [],
      asSpoken: (said) => said,
      mayConfirm: () => true,
      ...(model === undefined ? {} : { model }),
    })
  return { asked, turnTools }
}
