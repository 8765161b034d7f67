import { Jieba } from '@node-rs/jieba'
import { dict } from '@node-rs/jieba/dict.js'
import { LRUCache } from 'lru-cache'

/** Splits normalised text. */
export interface Tokeniser {
  /** Words in order, without spaces and punctuation; long numbers become `#`. */
  words(text: string): readonly string[]
}

/** Higher than any word of the stock dictionary, so that a user word is never cut apart. */
const userFrequency = 300_000

/** The stock dictionary alone, which some go by, and with the words of the content that is in use. */
const made = new LRUCache<string, Tokeniser>({ max: 2 })

const isWord = (token: string): boolean => /[\p{L}\p{N}]/u.test(token)
const maskNumber = (token: string): string => (/^\d{5,}$/.test(token) ? '#' : token)

const load = (words: readonly string[]): Jieba => {
  const jieba = Jieba.withDict(dict)
  const lines = words.map((word) => `${word} ${userFrequency} n`)
  if (lines.length > 0) jieba.loadDict(Buffer.from(`${lines.join('\n')}\n`))
  return jieba
}

/**
 * A tokeniser with the stock dictionary and the brand's own words (normalised: lower case, simplified).
 * The dictionary takes about 200 ms and 40 MB, so the last two are kept and shared.
 */
export const createTokeniser = ({ words = [] }: { readonly words?: readonly string[] } = {}): Tokeniser => {
  const own = [...new Set(words)].filter((word) => word !== '' && !/\s/.test(word)).sort()
  const key = own.join('\n')
  const known = made.get(key)
  if (known !== undefined) return known
  const jieba = load(own)
  const tokeniser: Tokeniser = {
    words: (text) => jieba.cut(text, true).filter(isWord).map(maskNumber),
  }
  made.set(key, tokeniser)
  return tokeniser
}

/**
 * Runs of `length` characters within each stretch of letters and digits. Latin words and numbers (as `0`) count as one
 * character: parts of them mean nothing.
 */
export const characterGrams = (text: string, length: number): readonly string[] => {
  const grams: string[] = []
  for (const stretch of text.replace(/\d+/g, '0').match(/[\p{L}\p{N}]+/gu) ?? []) {
    const characters = stretch.match(/[a-z]+|./gu) ?? []
    for (let at = 0; at + length <= characters.length; at++)
      grams.push(characters.slice(at, at + length).join(''))
  }
  return grams
}
