import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import type { RecogniseSuggestions, RecognisedSuggestion } from '../src/core/feedback.ts'
import type { ContentFault } from '../src/core/knowledge.ts'
import { maskPersonal, parseYaml, type Normalise } from '../src/text/index.ts'

const readable = (source: string): boolean => {
  try {
    return new RegExp(source, 'iu').source !== ''
  } catch {
    return false
  }
}

const pattern = z.string().min(1).max(2_000).refine(readable, '不是正确的正则表达式 is no regular expression')

/** `intents/lexicon/suggestions.yaml`. */
const suggestionsFile = z.strictObject({
  /** Sum of weights from which a sentence is a suggestion. */
  from: z.number().positive(),
  /** Sum from which it may be one. */
  maybe: z.number().positive(),
  announces: z.array(pattern).default([]),
  /** What an announcement adds to the numbered sentences behind it. */
  announced: z.number().min(0).default(0),
  stop: z.array(pattern).default([]),
  cues: z
    .array(
      z.strictObject({
        cue: z.string().regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/),
        weight: z.number(),
        /** Without one that asks, a sentence is no suggestion. */
        asks: z.boolean().default(false),
        patterns: z.array(pattern).min(1),
      }),
    )
    .min(1),
})
/** How people wish for something. */
export type SuggestionWords = z.infer<typeof suggestionsFile>

const fileName = 'suggestions.yaml'
const none: SuggestionWords = { from: 1, maybe: 1, announces: [], announced: 0, stop: [], cues: [] }

/** Loads the list in `folder`. Without one nothing is recognised; a faulty one is named in `faults`, too. */
export const loadSuggestionWords = async (
  folder: string,
): Promise<{ readonly words: SuggestionWords; readonly faults: readonly ContentFault[] }> => {
  const text = await readFile(join(folder, fileName), 'utf8').catch(() => undefined)
  if (text === undefined) return { words: none, faults: [] }
  const parsed = parseYaml({ file: fileName, text }, suggestionsFile)
  return parsed.ok ? { words: parsed.value, faults: [] } : { words: none, faults: parsed.faults }
}

/** A sentence with the mark that ends it, as it was written. An ending full stop is one only before a space. */
const sentence = /[^。！？!?;；\n]*?(?:[。！？!?;；…~～]+[”」』）)"]*|\n|\.(?=\s)|$)/gu
/** "第二，", "2.", "(3)". */
const numbered = /^\s*(?:第?[一二三四五六七八九十]|\(?\d{1,2}\)?)\s*[.、,，:：)）]/u
/** Of a message so much is read, and so many suggestions are taken; a sentence that is longer says too much at once. */
const [mostRead, mostSuggestions, mostLetters] = [4_000, 5, 200]
const leastLetters = 4

const splitSentences = (text: string): readonly string[] =>
  Array.from(text.slice(0, mostRead).matchAll(sentence), ([one]) => one.trim()).filter((one) => one !== '')

const letters = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0

const compile = (patterns: readonly string[]): RegExp =>
  patterns.length === 0 ? /(?!)/u : new RegExp(patterns.map((one) => `(?:${one})`).join('|'), 'iu')

/** What a sentence says by its cues. */
interface Weighed {
  readonly asks: boolean
  readonly weight: number
  readonly cues: readonly string[]
}

const createScale = ({ cues }: SuggestionWords) => {
  const compiled = cues.map(({ patterns, ...cue }) => ({ ...cue, found: compile(patterns) }))
  return (text: string): Weighed => {
    const held = compiled.filter(({ found }) => found.test(text))
    return {
      asks: held.some(({ asks }) => asks),
      weight: held.reduce((sum, { weight }) => sum + weight, 0),
      cues: held.map(({ cue }) => cue),
    }
  }
}

/**
 * Builds the recogniser: which sentences of a message wish for something, each with the cues that say so. Personal data
 * is masked in what is kept. Pure; the same message always gives the same.
 */
export const createSuggestionReader = (
  words: SuggestionWords,
  normalise: Normalise,
): RecogniseSuggestions => {
  const weigh = createScale(words)
  const announces = compile(words.announces)
  const stops = compile(words.stop)
  const suggestionsIn = (text: string): readonly RecognisedSuggestion[] => {
    let announced = false
    return splitSentences(text).flatMap((written) => {
      const plain = normalise(written).text
      if (letters(plain) < leastLetters || plain.length > mostLetters) return []
      if (announces.test(plain.replace(/[\s。!.:,]+$/u, ''))) {
        announced = true
        return []
      }
      const { asks, weight, cues } = weigh(plain)
      const isListed = announced && numbered.test(written)
      if (!asks && !isListed) return []
      const sum = weight + (isListed ? words.announced : 0)
      if (sum < words.maybe) return []
      return [
        {
          sentence: maskPersonal(written),
          cues: isListed ? [...cues, 'announced'] : cues,
          isSure: sum >= words.from,
        },
      ]
    })
  }
  const saysStop = (text: string): boolean => text.length <= 40 && stops.test(normalise(text).text)
  return {
    suggestionsIn: (text) => (saysStop(text) ? [] : suggestionsIn(text).slice(0, mostSuggestions)),
    saysStop,
  }
}
