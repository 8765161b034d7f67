import { describe, expect, it } from 'vitest'
import { parseConfig } from '../../src/config.ts'
import { systemClock } from '../../src/core/clock.ts'
import { type Decision, initialDialogue } from '../../src/core/conversation.ts'
import { silentLog } from '../../src/core/log.ts'
import type { Spoken } from '../../src/core/understanding.ts'
import { asSpoken } from '../../src/dialogue/index.ts'
import { createHttpTool, createToolbox, createTurnTools } from '../../src/tools/index.ts'
import { claim, decisionIn, remembering, textOfPart } from './one-turn.ts'

describe('what a form gathered', () => {
  const both = (zh: string, en: string) => ({ zh, en })
  const common = {
    ...{ title: both('退货', 'Return'), method: 'POST', changesState: true, intents: ['order-mall'] },
    url: 'https://orders.example.com/returns',
    parameters: {
      type: 'object',
      properties: { order: { type: 'string', minLength: 4 }, opened: { type: 'boolean' } },
      required: ['order', 'opened'],
    },
    answer: { articles: ['order-mall-return'], words: both('好了', 'Done') },
    asks: {
      order: { kind: 'order', label: both('订单号', 'Order'), ask: both('哪个订单？', 'Which order?') },
      opened: { kind: 'yes-no', label: both('拆封', 'Opened'), ask: both('拆封了吗？', 'Is it opened?') },
    },
  }
  const parsed = parseConfig({ tools: { http: { return: common } } })
  if ('faults' in parsed) throw new Error(JSON.stringify(parsed.faults))
  const section = parsed.config.tools.http['return']
  if (section === undefined) throw new Error('no tool')
  const tool = createHttpTool('return', section, {
    callOut: () => Promise.resolve({ failure: 'network' }),
    sign: () => ({}),
  })

  const given = (
    answers: Readonly<Record<string, string>>,
    {
      name = 'return',
      leftMs = 8_000,
      spoken = 'en',
    }: { name?: string; leftMs?: number; spoken?: Spoken } = {},
  ) => {
    const turn = createTurnTools({
      toolbox: createToolbox({
        tools: [tool],
        clock: systemClock,
        log: silentLog,
        audit: { record: () => Promise.resolve() },
        once: remembering(),
        identityOf: () => Promise.resolve(undefined),
        hashKey: 'key-of-the-test',
      }),
      ...{ linkHosts: [], asSpoken, mayConfirm: () => true },
    })
    const { record } = decisionIn('order-mall')
    const decision: Decision = {
      record,
      say: [],
      dialogue: { ...initialDialogue, spoken },
      gathered: { tool: name, answers },
    }
    return turn.apply({ claim, decision, now: new Date(), left: () => leftMs, ask: () => undefined })
  }

  it('is shown by its names, as the schema has it, before anything is called', async () => {
    const { say, dialogue } = await given({ opened: 'no', order: 'AB77' })
    const [[asked] = []] = say
    expect(asked?.kind === 'choices' && asked.prompt).toContain('“Return”?\nOrder: AB77\nOpened: no\n')
    expect(dialogue.toolCall?.given).toEqual({ order: 'AB77', opened: false })
  })

  it('is asked in traditional characters of who writes them, buttons and all', async () => {
    const { say } = await given({ opened: 'no', order: 'AB77' }, { spoken: 'zh-Hant' })
    const [[asked] = []] = say
    if (asked?.kind !== 'choices') throw new Error('nothing is asked')
    expect(asked.choices.map(({ label }) => label)).toEqual(['確認', '取消'])
    expect(asked.prompt).toContain('確認後才會辦理')
  })

  it.each<[string, Readonly<Record<string, string>>, Parameters<typeof given>[1], RegExp]>([
    ['what the schema does not take', { order: 'A', opened: 'no' }, {}, /did not accept “Return”/],
    ['less than it needs', { order: 'AB77' }, {}, /did not accept “Return”/],
    [
      'what comes when no time is left',
      { order: 'AB77', opened: 'yes' },
      { leftMs: 10 },
      /cannot be reached now/,
    ],
    ['what is for a tool that is no more', { order: 'AB77' }, { name: 'gone' }, /not valid any more/],
  ])('leads to no question with %s, and the contact is told so', async (_what, answers, over, words) => {
    const { say, dialogue } = await given(answers, over)
    expect(say.flat().map(textOfPart).join('')).toMatch(words)
    expect(dialogue.toolCall).toBeUndefined()
  })
})
