// A model that repeats what stands in its system message, word for word: nothing of it is shown to anybody.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import type { ComparedArticle, EditorModel } from '../../src/core/editing-help.ts'
import { silentLog } from '../../src/core/log.ts'
import { createAssistWriter, createEditorModel } from '../../src/llm/index.ts'
import { buildArticle } from '../support/editing-world.ts'
import { openTestModel } from '../support/language-model.ts'

let simulator: LlmSimulator
let writer: ReturnType<typeof createAssistWriter>
let editors: EditorModel
beforeAll(async () => {
  simulator = await startLlmSimulator()
  // The one way to ask in which the schema stands in the system message, too.
  const model = { provider: 'openai', name: 'small', apiKey: 'sk-canary', baseUrl: simulator.baseUrl }
  const opened = await openTestModel({
    model: { ...model, structured: 'json' },
    budget: { tokensPerConversation: 10_000_000 },
  })
  writer = createAssistWriter({ model: opened.model, tone: 'standard', log: silentLog })
  editors = createEditorModel(opened.model)
})
beforeEach(() => simulator.reset())
afterAll(() => simulator.stop())

const conversationId = 'a-conversation'
const compared = (articleId: string, answer: string): ComparedArticle => ({
  ...buildArticle({ answer }),
  ...{ articleId, en: undefined },
})
const said = [{ by: 'contact', text: 'I was charged twice for one month' }] as const

/** What a system message holds: its purpose, how it is to be answered, and what holds for all of them. */
const places: readonly (readonly [string, (system: string) => string])[] = [
  ['its instructions', (system) => system.slice(0, 180)],
  ['the shape of the answer', (system) => system.slice(system.indexOf('Answer with one JSON')).slice(0, 180)],
  ['the schema', (system) => system.slice(system.indexOf('{"type"')).slice(0, 180)],
  ['the rules', (system) => system.slice(system.indexOf('The user message holds')).slice(0, 180)],
  ['the end of the rules', (system) => system.slice(system.indexOf('stand for data that')).slice(0, 180)],
  ['the mark', (system) => system.slice(system.indexOf('Lines that part'))],
]

it.each(places)('%s: no summary, no draft, no translation', async (_what, placeIn) => {
  simulator.answerWith(({ system }) => ({ facts: [placeIn(system)], tried: [], wants: [], mood: 'neutral' }))
  const summary = await writer.summarise(said, { conversationId, language: 'en' })
  expect(summary).toEqual({ refused: { why: 'useless' } })

  simulator.answerWith(({ system }) => ({ text: `${draft.text} ${placeIn(system)}` }))
  const draft = { text: 'We are looking at your question, please wait.', conversationId, names: [] }
  expect(await writer.retone(draft, 'friendlier')).toEqual({ refused: { why: 'useless' } })
  const text = '我们正在看您的问题，请稍等。'.repeat(3)
  expect(await writer.translate({ text, conversationId, to: 'en' })).toEqual({ refused: { why: 'useless' } })
})

it.each(places)('%s: no remark for editors', async (_what, placeIn) => {
  // Signs of markup alone would keep much of it out.
  const bare = (system: string): string => placeIn(system).replaceAll(/[^\p{L}\p{N} .,:]+/gu, ' ')
  const answer = '购买后 15 天内可以退款。你必须自己在续费管理里关闭。'
  const quote = '你必须自己在续费管理里关闭。'
  const proposal = '必须由你在续费管理里关闭哦。'
  simulator.answerWith(({ system }) => ({ findings: [{ quote, proposal, why: bare(system) }] }))
  const tone = await editors.tone(buildArticle({ answer }), { tone: 'standard', brand: '会员' })
  expect(tone.found).toMatchObject([{ proposal, why: '' }])

  simulator.answerWith(({ system }) => ({
    ...{ contradicts: true, first: '购买后 15 天内可以退款', second: '7 天内可以退款' },
    why: bare(system),
  }))
  const judged = await editors.judge(
    compared('a', answer),
    compared('b', '7 天内可以退款。'),
    new AbortController().signal,
  )
  expect(judged.found).toMatchObject({ why: '' })
})

it.each(places)('%s: no wording and no article for editors', async (_what, placeIn) => {
  // As much of it as one line may have.
  const bare = (system: string): string =>
    placeIn(system)
      .replaceAll(/[^\p{L}\p{N} .,:]+/gu, ' ')
      .replaceAll(/ +/gu, ' ')
      .slice(0, 60)
      .trim()
  const article = buildArticle({ answer: '购买后 15 天内可以退款。' })
  simulator.answerWith(({ system }) => ({ questions: [bare(system), 'how to get my money back'] }))
  const bilingual = { ...article, en: { question: 'Can I get a refund?', answer: 'Within 15 days.' } }
  expect((await editors.wordings(bilingual)).found).toEqual(['how to get my money back'])

  const cases = [{ asked: ['can I return it'], replied: ['You can return it within 15 days.'] }]
  const answer = [{ text: 'You can return it within 15 days.', sources: ['case:1'] }]
  simulator.answerWith(({ system }) => {
    const echo = bare(system)
    const echoed = [...answer, { text: echo, sources: ['case:1'] }]
    return { found: true, question: echo, similar: [echo, 'can I return it'], answer: echoed }
  })
  const { found } = await editors.write(cases)
  expect(found).toEqual({ question: 'can I return it', similar: [], answer: answer[0]?.text, toCheck: [] })
})

it('leaves a plain remark alone', async () => {
  simulator.answerWith(() => ({
    ...{ contradicts: true, first: '购买后 15 天内可以退款', second: '7 天内可以退款' },
    why: '几天内能退说得不一样',
  }))
  const judged = await editors.judge(
    compared('a', '购买后 15 天内可以退款。'),
    compared('b', '7 天内可以退款。'),
    new AbortController().signal,
  )
  expect(judged.found).toMatchObject({ why: '几天内能退说得不一样' })
})
