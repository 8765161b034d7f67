import { setImmediate as immediate } from 'node:timers/promises'
import { z } from 'zod'

/** What a model has written, as it came. */
export interface Written {
  /** Words, where it answers in words. */
  readonly text: string
  /** Arguments, where it answers by a function. */
  readonly call: string
  /** Why it ended, by the provider's word; absent: it has not, or it broke off. */
  readonly ending?: string | undefined
}

const chunkShape = z.looseObject({
  content: z.unknown(),
  additional_kwargs: z.looseObject({ stop_reason: z.string().nullish() }).optional(),
  tool_call_chunks: z.array(z.looseObject({ args: z.string().nullish() })).optional(),
})
const info = z.looseObject({ finish_reason: z.string().nullish() })
const told = z.looseObject({
  chunk: z.looseObject({ message: chunkShape, generationInfo: info.optional() }),
})

const part = z.looseObject({ type: z.string(), text: z.string().optional() })

const wordsOf = (content: unknown): string => {
  if (typeof content === 'string') return content
  const { data: parts = [] } = z.array(part).safeParse(content)
  return parts.map(({ type, text = '' }) => (type === 'text' ? text : '')).join('')
}

/** Most characters that are heard piece by piece; more is no answer that anybody is to see while it is written. */
const longest = 32_000

/** Who hears of what is written. */
export interface Ears {
  /** All of it so far, whenever an item may have become whole. */
  readonly heard: (text: string) => void
  /** It is longer than anything that is read piece by piece. */
  readonly tooLarge: () => void
}

/** Collects what a model writes, piece by piece; whoever listens cannot disturb it. */
export const createWriting = ({ heard, tooLarge }: Ears) => {
  let [text, call] = ['', '']
  let ending: string | undefined
  const tell = (piece: string): void => {
    if (text.length + call.length > longest) tooLarge()
    else if (/[}\]]/u.test(piece)) heard(call === '' ? text : call)
  }
  return {
    written: (): Written => ({ text, call, ending }),
    /** LangChain's callbacks; by the second member it streams what it would otherwise ask for whole. */
    callbacks: [
      {
        lc_prefer_streaming: true,
        awaitHandlers: true,
        // The sixth thing it is given is the piece as LangChain read it.
        handleLLMNewToken: async (...given: readonly unknown[]): Promise<void> => {
          const { data } = told.safeParse(given[5])
          if (data === undefined) return
          const { message, generationInfo } = data.chunk
          const { content, tool_call_chunks: calls = [], additional_kwargs: further } = message
          ending = generationInfo?.finish_reason ?? further?.stop_reason ?? ending
          const words = wordsOf(content)
          const args = calls.map(({ args: piece }) => piece ?? '').join('')
          text += words
          call += args
          try {
            tell(words + args)
          } catch {
            // It is shown less, and the answer goes on.
          }
          // Many pieces may have come at once: timers, the deadline's among them, have their turn between two.
          await immediate()
        },
      },
    ],
  }
}
