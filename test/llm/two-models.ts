import { afterAll, beforeAll, beforeEach } from 'vitest'
import { z } from 'zod'
import { type LlmSimulator, startLlmSimulator } from '../../sandbox/llm/index.ts'
import { TongdaError } from '../../src/core/errors.ts'

export const key = 'sk-canary-7f3a9c'
export const instructions = 'Summarise what the contact wants.'

/** What a model that is well says. */
export const good = { summary: '要退款', urgent: false }

export const request = {
  purpose: 'answer',
  instructions,
  material: [{ name: 'question', text: '我想退款' }],
  schema: z.strictObject({ summary: z.string(), urgent: z.boolean() }),
} as const

/** A model's section. */
export const at = (baseUrl: string, more: Record<string, unknown> = {}) => ({
  ...{ provider: 'openai', name: 'small', apiKey: key, baseUrl },
  ...more,
})

/** The error of ours that a question ended in. */
export const codeOf = async (asked: Promise<unknown>): Promise<TongdaError> => {
  const error = await asked.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  if (error instanceof TongdaError) return error
  throw new Error('it did not reject with an error of ours', { cause: error })
}

/** Two providers on this machine, well before each test. */
export const openTwoModels = (): { readonly first: LlmSimulator; readonly second: LlmSimulator } => {
  const opened: LlmSimulator[] = []
  const get = (place: number): LlmSimulator => {
    const one = opened[place]
    if (one === undefined) throw new Error('the providers have not started')
    return one
  }
  beforeAll(async () => {
    opened.push(await startLlmSimulator(), await startLlmSimulator())
  })
  beforeEach(() => {
    for (const one of opened) {
      one.reset()
      one.answerWith(() => good)
    }
  })
  afterAll(async () => {
    await Promise.all(opened.map((one) => one.stop()))
  })
  return {
    get first() {
      return get(0)
    },
    get second() {
      return get(1)
    },
  }
}
