import { createHash } from 'node:crypto'
import { z } from 'zod'
import type { ChatQuestion, ChatResult } from './question.ts'

/** What a model can be blamed for, and would do again; what a line or an account does is not kept. */
const kept = z.enum(['timeout', 'empty', 'truncated', 'filtered', 'malformed', 'too_large'])

/** What a model said to one question. Personal data is masked in it as it was when it came. */
export const take = z.strictObject({
  /** Of the model, the instructions, the masked material and the schema. */
  key: z.string().regex(/^[\da-f]{64}$/u),
  said: z.union([z.strictObject({ value: z.json() }), z.strictObject({ outcome: kept })]),
  inputTokens: z.number().int().min(0),
  outputTokens: z.number().int().min(0),
  ms: z.number().min(0),
})
export type Take = z.infer<typeof take>

/** Stands between the product and its models. */
export interface Tape {
  /** True: models are not opened, and nothing is sent. */
  readonly isReplay: boolean
  /** What a model says; `live` asks it. */
  readonly ask: (
    model: string,
    question: ChatQuestion,
    live: () => Promise<ChatResult>,
  ) => Promise<ChatResult>
}

/** The same for the same question, whatever boundary parts its material this time, and in whatever order it stands. */
const keyOf = (model: string, { instructions, material, shape }: ChatQuestion): string => {
  const texts = material.map(({ name, text }) => `${name}\n${text}`).toSorted()
  return createHash('sha256')
    .update(JSON.stringify([model, instructions, texts, shape.schema]))
    .digest('hex')
}

/** Asks, and gives away what was said. */
export const createRecorder = (write: (one: Take) => void): Tape => ({
  isReplay: false,
  ask: async (model, question, live) => {
    const startedAt = performance.now()
    const result = await live()
    const { inputTokens, outputTokens } = result
    const said = take.shape.said.safeParse(
      'value' in result.said ? result.said : { outcome: result.said.outcome },
    )
    if (said.success)
      write({
        key: keyOf(model, question),
        said: said.data,
        ...{ inputTokens, outputTokens, ms: Math.round(performance.now() - startedAt) },
      })
    return result
  },
})

/** Says what was said, in the order in which it was; `missed` is told when it was asked something else. */
export const createPlayer = (takes: readonly Take[], missed: () => void): Tape => {
  const left = new Map<string, Take[]>()
  for (const one of takes) left.set(one.key, [...(left.get(one.key) ?? []), one])
  return {
    isReplay: true,
    ask: (model, question) => {
      const found = left.get(keyOf(model, question))
      // The last is said again: who replays may ask once more than who recorded.
      const one = found !== undefined && found.length > 1 ? found.shift() : found?.[0]
      if (one !== undefined) return Promise.resolve(one)
      missed()
      return Promise.resolve({ said: { outcome: 'refused' }, inputTokens: 0, outputTokens: 0 })
    },
  }
}
