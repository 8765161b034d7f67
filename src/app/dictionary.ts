import type { pinyin } from 'pinyin-pro'
import type { Lexicons } from '../../intents/index.ts'
import type { DictionaryEntry, UnderstandingDesk } from '../core/understanding-desk.ts'

interface Sounded {
  readonly entry: DictionaryEntry
  /** Everything it is found by, in lower case. */
  readonly words: string
  /** Whole syllables and initials, without tones or spaces. */
  readonly sounds: readonly string[]
}

const hasChinese = /\p{Script=Han}/u

const written = ({ words, slang, concepts }: Lexicons): readonly Omit<DictionaryEntry, 'pinyin'>[] => [
  ...slang.map(({ kind, term, means }) => ({
    ...{ kind, term, means: means === '' ? [] : [means], file: 'lexicon/slang.yaml' },
  })),
  ...concepts.map(({ concept, terms }) => ({
    ...{ kind: 'concept' as const, term: concept, means: terms, file: 'lexicon/concepts.yaml' },
  })),
  ...words.map((term) => ({ kind: 'word' as const, term, means: [], file: 'lexicon/words.txt' })),
]

const soundOf = (entry: Omit<DictionaryEntry, 'pinyin'>, read: typeof pinyin): Sounded => {
  const { term, means } = entry
  const isChinese = hasChinese.test(term)
  const plain = { toneType: 'none', type: 'array', nonZh: 'consecutive', v: true } as const
  const whole = (syllables: readonly string[]): string =>
    syllables
      .join('')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]/g, '')
  return {
    entry: { ...entry, pinyin: isChinese ? read(term) : '' },
    words: [term, ...means].join(' ').toLowerCase(),
    sounds: isChinese ? [whole(read(term, plain)), whole(read(term, { ...plain, pattern: 'first' }))] : [],
  }
}

const createIndex = async (lexicons: Lexicons): Promise<readonly Sounded[]> => {
  // Loaded when it is first needed: its dictionary takes memory.
  const { pinyin: read } = await import('pinyin-pro')
  return written(lexicons).map((entry) => soundOf(entry, read))
}

/** Finds words of the lists in use, by what they are, what they mean, or how they sound. */
export const createDictionary = (lexicons: () => Lexicons): UnderstandingDesk['dictionary'] => {
  let indexed: { readonly of: Lexicons; readonly index: Promise<readonly Sounded[]> } | undefined
  return async ({ text = '', kind, limit }) => {
    const of = lexicons()
    if (indexed?.of !== of) indexed = { of, index: createIndex(of) }
    const wanted = text.trim().toLowerCase()
    const letters = wanted.replaceAll(/[\s']/g, '')
    const bySound = /^[a-z]{2,}$/.test(letters)
    const found = (await indexed.index).filter(
      ({ entry, words, sounds }) =>
        (kind === undefined || entry.kind === kind) &&
        (words.includes(wanted) || (bySound && sounds.some((sound) => sound.startsWith(letters)))),
    )
    return { of: found.length, entries: found.slice(0, limit).map(({ entry }) => entry) }
  }
}
