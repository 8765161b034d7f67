import { TongdaError } from '../core/errors.ts'
import type { Part } from '../core/message.ts'
import { textOf } from '../core/message.ts'
import { foldText } from '../text/index.ts'
import { fewGrams, gramsOfWord } from './grams.ts'

/** Most of a message that is searched, in UTF-16 units: a long mail. */
const mostText = 8_000
const mostWords = 8

/** A number that is cut off would not be known for a telephone any more: it is left out. */
const cutNumber = /[\w.+@ -]{1,64}$/

const cutAt = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, most).replace(cutNumber, '')

/** What was said with a message, names of files too. */
export const searchedText = (parts: readonly Part[]): string => {
  const text = [
    textOf(parts),
    ...parts.flatMap((part) => {
      if (part.kind === 'file') return [part.name]
      return part.kind === 'location' && part.label !== undefined ? [part.label] : []
    }),
  ]
    .filter((one) => one !== '')
    .join('\n')
  return cutAt(text, mostText)
}

const findable = (word: string): readonly string[] => {
  const grams = gramsOfWord(word)
  if (grams.length > 0) return grams
  throw new TongdaError(
    'bad_input',
    `“${word}” finds nothing: write at least one Chinese character, or two letters or digits side by side`,
    { word },
  )
}

/** What is sought, folded, and the grams of all of it. */
export interface SoughtWords {
  readonly words: readonly string[]
  readonly grams: readonly string[]
}

/** Reads what somebody seeks: words between spaces, all of which a message must hold. Throws `bad_input`. */
export const readWords = (text: string): SoughtWords => {
  const words = [
    ...new Set(
      foldText(text)
        .text.split(/\s+/)
        .filter((word) => word !== ''),
    ),
  ]
  if (words.length === 0) throw new TongdaError('bad_input', 'write what to search for')
  if (words.length > mostWords)
    throw new TongdaError('bad_input', `search for at most ${String(mostWords)} words at once`)
  return { words, grams: fewGrams(words.flatMap(findable)) }
}
