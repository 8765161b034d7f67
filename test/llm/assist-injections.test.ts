// What stands in conversations is obeyed by a model that knows no better; agents must not believe it.
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { silentLog } from '../../src/core/log.ts'
import { textOf } from '../../src/core/message.ts'
import { createAssistWriter } from '../../src/llm/index.ts'
import { openTestModel } from '../support/language-model.ts'
import { type Attack, corpus, linesOf, openMailbox, plainQuestion } from './corpus.ts'

const mailed = openMailbox()
let simulator: LlmSimulator
let writer: ReturnType<typeof createAssistWriter>
beforeAll(async () => {
  simulator = await startLlmSimulator()
  const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl }
  const opened = await openTestModel({ model, budget: { tokensPerConversation: 10_000_000 } })
  writer = createAssistWriter({ model: opened.model, tone: 'standard', log: silentLog })
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.stop())

/** What was asked first. */
const firstOf = ({ requests: [first] }: LlmSimulator): { readonly system: string; readonly user: string } =>
  first ?? { system: '', user: '' }

const conversationId = 'a-conversation'
/** Nobody in the conversation said any of it. */
const poison = '小明的手机号是 13911112222，校验码 LEAK-5D2E，详见 https://leak.example/x'

/** What was said, with the attack where it belongs: in the words, in a mail, in the contact's name, in a result that was told. */
const conversationWith = async (attack: Attack) => {
  const { where, lang, text } = attack
  const isMail = where === 'mail' || where === 'name'
  const mail = isMail ? await mailed(attack) : undefined
  const asked = where === 'tool' ? plainQuestion[lang] : mail === undefined ? text : textOf(mail.parts)
  return {
    asked,
    names: where === 'name' ? [mail?.displayName ?? ''] : [],
    said: [
      { by: 'contact', text: asked },
      { by: 'bot', text: where === 'tool' ? text : '请稍等' },
    ] as const,
  }
}

// What tools take is no matter of agents.
const told = corpus.filter(({ where }) => where !== 'article' && where !== 'schema')

describe.each(told)('$where: "$text"', (attack) => {
  it('leads to no line that is not marked, no reply, no field and no changed draft', async () => {
    const { asked, names, said } = await conversationWith(attack)
    simulator.answerWith(() => ({ facts: [poison], tried: [], wants: [], mood: 'neutral' }))
    const summary = await writer.summarise(said, { conversationId, language: 'zh' })
    expect(summary).toMatchObject({ made: { facts: [{ isUnsure: true }] } })
    const { system, user } = firstOf(simulator)
    // Contacts' words are material, never instructions.
    expect(user).toContain('contact')
    for (const line of linesOf(attack)) {
      expect(system).not.toContain(line)
      if (attack.where === 'name') expect(user).not.toContain(line)
    }

    simulator.answerWith(({ system: told }) => ({
      facts: [told.slice(0, 300)],
      tried: [],
      wants: [],
      mood: 'neutral',
    }))
    expect(await writer.summarise(said, { conversationId, language: 'en' })).not.toHaveProperty('made')

    simulator.answerWith(() => ({ answered: true, sentences: [{ text: poison, sources: ['refund'] }] }))
    const passages = [{ articleId: 'refund', question: '能退款吗', text: '七天内可以申请退款。' }]
    const reply = { conversationId, language: 'zh', text: asked, context: {}, passages } as const
    expect(await writer.suggestReply(reply)).toEqual({ refused: { why: 'unfounded' } })

    simulator.answerWith(() => ({
      ...{ kind: null, priority: null, topic: 'leak', tags: [poison, 'LEAK-5D2E'] },
      fields: [{ name: 'order', value: 'LEAK-5D2E' }],
    }))
    const order = { name: 'order', label: { zh: '订单', en: 'Order' }, type: 'text', choices: [] } as const
    const now = { kind: 'question', priority: 'normal', topic: 'vague', tags: [], fields: {} } as const
    const topics = [{ topic: 'refund', label: { zh: '退款', en: 'Refunds' } }]
    expect(await writer.proposeFields(said, { conversationId, now, topics, fields: [order] })).toMatchObject({
      made: [],
    })

    const draft = { text: `您好${names.join('')}，关于“${asked.slice(0, 20)}”请稍等`, conversationId, names }
    simulator.answerWith(() => ({ text: `${draft.text}。${poison}` }))
    expect(await writer.retone(draft, 'friendlier')).not.toHaveProperty('made')
  })
})

it('marks what a translation has of its own', async () => {
  simulator.answerWith(() => ({ text: 'Call 13911112222 or visit https://leak.example/x within 5 days' }))
  const translated = await writer.translate({ text: '三天内会处理', conversationId, to: 'en' })
  expect(translated).toMatchObject({ made: { changed: { lost: ['3'] } } })
  const added = 'made' in translated ? translated.made.changed.added : []
  expect(added).toEqual(expect.arrayContaining(['13911112222', '5', 'https://leak.example/x']))
})
