import { TongdaError } from '../core/errors.ts'
import type { ReporterTraces } from '../core/complaint-work.ts'

/** Characters in a row that tell whose words they are. */
const quoteLength = 8
/** Shorter names are parts of ordinary words. */
const shortestName = 2
const shortestAddress = 4

/** Letters and digits alone: nobody hides a name behind a space or a wide letter. */
const bare = (text: string): string =>
  text
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[^\p{L}\p{N}]/gu, '')

const lengthOf = (text: string): number => Array.from(text).length

const quotes = (text: string): ReadonlySet<string> => {
  const characters = Array.from(bare(text))
  return new Set(
    characters
      .slice(0, Math.max(0, characters.length - quoteLength + 1))
      .map((_, at) => characters.slice(at, at + quoteLength).join('')),
  )
}

const holdsAny = (words: string, traces: readonly string[], shortest: number): boolean =>
  traces.map(bare).some((trace) => lengthOf(trace) >= shortest && words.includes(trace))

/** What of the reporter stands in words for the one who was reported; undefined: nothing. */
export const leakIn = (
  words: string,
  { names, addresses, texts }: ReporterTraces,
): 'the name' | 'an address' | 'the words' | undefined => {
  const plain = bare(words)
  if (holdsAny(plain, names, shortestName)) return 'the name'
  if (holdsAny(plain, addresses, shortestAddress)) return 'an address'
  const told = quotes(words)
  const isQuoted = texts.some((text) => {
    const whole = bare(text)
    if (lengthOf(whole) < quoteLength) return lengthOf(whole) >= shortestAddress && plain.includes(whole)
    return [...quotes(text)].some((quote) => told.has(quote))
  })
  return isQuoted ? 'the words' : undefined
}

/** Refuses words that would tell the reported user who complained. Throws `bad_input`. */
export const checkLeaks = (words: string, traces: ReporterTraces): void => {
  const leak = leakIn(words, traces)
  if (leak !== undefined)
    throw new TongdaError(
      'bad_input',
      `the words for the reported user hold ${leak} of who complained; say it without, so that nobody is found out`,
    )
}
