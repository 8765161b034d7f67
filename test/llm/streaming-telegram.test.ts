// What a model is writing, in a private chat on Telegram: a draft that grows, and never a message before it is decided on.
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import {
  createTelegramAccount,
  createTelegramSimulator,
  type TelegramSimulator,
  textFields,
} from '../../sandbox/index.ts'
import { systemClock } from '../../src/core/clock.ts'
import { type Product, startProduct } from '../support/product.ts'
import { serveApi, type ServedApi } from '../support/serve-api.ts'
import { createHold, quoted } from './written.ts'

const [reader, doubter, waiter] = ['5000000001', '5000000002', '5000000003'] as const

let provider: LlmSimulator
let telegram: TelegramSimulator
let api: ServedApi
let product: Product
/** From then on drafts do not come through; what came, and what was given up, in order. */
let holdsDrafts = false
const order: string[] = []
beforeAll(async () => {
  provider = await startLlmSimulator()
  const bot = createTelegramAccount()
  telegram = createTelegramSimulator({
    account: bot,
    clock: systemClock,
    users: [
      { key: reader, name: '小白' },
      { key: doubter, name: '阿青' },
      { key: waiter, name: '小黑' },
    ],
    timing: { retryDelayMs: 50 },
  })
  api = await serveApi(async (request, env) => {
    const method = request.url.split('/').at(-1) ?? ''
    if (holdsDrafts) order.push(method)
    if (holdsDrafts && method === 'sendMessageDraft') {
      await new Promise((resolve) => request.signal.addEventListener('abort', resolve))
      order.push('given up')
      return new Response(null, { status: 499 })
    }
    return telegram.api.fetch(request, env)
  })
  const model = { provider: 'openai', name: 'small', apiKey: 'sk-1', baseUrl: provider.baseUrl }
  product = await startProduct({
    llm: { model, answers: 'on', streaming: 'on' },
    // Nothing is sure enough to be given by itself.
    dialogue: { thresholds: { answer: 1, clarify: 0.05 } },
    furtherInboxes: {
      telegram: { channel: 'telegram', token: bot.token, apiRoot: api.url, sendsPerSecond: 1_000 },
    },
  })
}, 300_000)
beforeEach(() => provider.reset())
afterAll(async () => {
  await telegram.close()
  await product.dispose()
  api.stop()
  await provider.stop()
})

const drafts = (userKey: string): readonly string[] =>
  telegram.drafts().flatMap(({ chatId, text }) => (chatId === Number(userKey) ? [text] : []))
/** What the bot said in the chat. */
const heard = (userKey: string): readonly string[] =>
  telegram
    .messages(userKey)
    .flatMap(({ from, message }) => (from === 'account' ? [JSON.stringify(message)] : []))
const hears = (userKey: string, words: string) =>
  expect.poll(() => heard(userKey).join('\n'), { message: `waiting for ${words}` }).toContain(words)

/** The model writes a sentence and, once the next one is let go, that. */
const writes = (second?: string) => {
  let sentence = ''
  const hold = createHold()
  provider.pauseWith(hold.pause)
  provider.answerWith((request) => {
    const [first, next] = quoted(request)
    sentence = first?.text ?? ''
    const sentences = [first, second === undefined ? (next ?? first) : { id: first?.id, text: second }]
    return { answered: true, sentences: sentences.map((one) => ({ text: one?.text, sources: [one?.id] })) }
  })
  return { sentence: () => sentence, release: hold.release }
}

/** Asks, and sees the first sentence of the answer while the second is held back. */
const asks = async (userKey: string, second?: string) => {
  const written = writes(second)
  telegram.people.send(userKey, textFields('我投的视频审核一般得等多久呀'))
  await expect.poll(() => drafts(userKey), { message: 'nothing was shown' }).not.toEqual([])
  const sentence = written.sentence()
  expect(drafts(userKey)).toEqual([`${sentence}。`])
  // Only a draft so far: nothing was said.
  expect(heard(userKey).join('\n')).not.toContain(sentence)
  // Drafts are a second apart.
  product.clock.advance(1_000)
  written.release()
  return sentence
}

it('sees a draft, then one message', async () => {
  const sentence = await asks(reader)
  await hears(reader, '以上内容由 AI 根据')
  expect(heard(reader).filter((one) => one.includes(sentence))).toHaveLength(1)
  // It grows where there is time for that: the message does not wait for what was still to be shown.
  const [first = '', ...grown] = drafts(reader)
  expect(grown.every((text) => text.length > first.length && text.startsWith(first))).toBe(true)
})

it('is left with what the rules say where a later sentence falls', async () => {
  const sentence = await asks(doubter, '我们保证赔偿你十万元')
  await hears(doubter, '你想问的是下面哪一个')
  // Taken back, or taken away by the message where that came at once.
  expect(drafts(doubter).filter((text) => text !== '')).toEqual([`${sentence}。`])
  expect(heard(doubter).join('\n')).not.toContain(sentence)
})

it('gets the answer when its draft does not come through, and no draft after it', async () => {
  const { sentence, release } = writes()
  holdsDrafts = true
  telegram.people.send(waiter, textFields('我投的视频审核一般得等多久呀'))
  await expect.poll(() => order, { message: 'no draft was sent' }).toContain('sendMessageDraft')
  release()
  await hears(waiter, '以上内容由 AI 根据')
  // Before the answer was there for anybody to send.
  const ordered = order.filter((one) => one === 'given up' || one.startsWith('sendMessage'))
  expect(ordered).toEqual(['sendMessageDraft', 'given up', 'sendMessage'])
  expect(heard(waiter).filter((one) => one.includes(sentence()))).toHaveLength(1)
  expect(drafts(waiter)).toEqual([])
})
