import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { z } from 'zod'
import type { ContentFault } from '../src/core/knowledge.ts'
import { checkPath, createNormaliser, createTokeniser, fault, parseYaml } from '../src/text/index.ts'
import type { Normalise, SlangEntry, Tokeniser } from '../src/text/index.ts'
import { conceptsFile, emotionFile, personFile, slangFile, urgencyFile } from './schema.ts'
import type { Concept, EmotionLexicon, PersonLexicon, UrgencyLexicon } from './schema.ts'

/** The brand's word lists. */
export interface Lexicons {
  readonly version: string
  readonly slang: readonly SlangEntry[]
  /** Words that must not be cut apart. */
  readonly words: readonly string[]
  readonly concepts: readonly Concept[]
  readonly emotion: EmotionLexicon
  readonly urgency: UrgencyLexicon
  readonly person: PersonLexicon
}

export interface LoadedLexicons {
  /** Faulty lists are empty here. */
  readonly lexicons: Lexicons
  readonly faults: readonly ContentFault[]
}

const read = async (folder: string, file: string): Promise<string | undefined> =>
  readFile(join(folder, file), 'utf8').catch(() => undefined)

const missing = (file: string): ContentFault =>
  fault(file, 1, '词表不存在或无法读取 the word list is missing or unreadable', checkPath)

const readList = async <Value>(
  folder: string,
  file: string,
  schema: z.ZodType<Value>,
): Promise<{ readonly value?: Value; readonly faults: readonly ContentFault[] }> => {
  const text = await read(folder, file)
  if (text === undefined) return { faults: [missing(file)] }
  const parsed = parseYaml({ file, text }, schema)
  return parsed.ok ? { value: parsed.value, faults: [] } : { faults: parsed.faults }
}

/** `words.txt`: a word a line, optionally with the frequency and tag that jieba dictionaries carry; `#` comments. */
const readWords = (
  text: string | undefined,
): { readonly words: readonly string[]; readonly faults: readonly ContentFault[] } => {
  const words: string[] = []
  const faults: ContentFault[] = []
  if (text === undefined) return { words, faults: [missing('words.txt')] }
  for (const [at, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue
    const match = /^(\S{1,40})(?:\s+\d{1,9})?(?:\s+[a-z]{1,6})?\s*$/.exec(line)
    if (match?.[1] === undefined)
      faults.push(
        fault(
          'words.txt',
          at + 1,
          `看不懂这一行 this line is not understood: “${line.slice(0, 40)}”`,
          '写成：词 词频 词性，后两项可省略 write word, frequency, part of speech; the last two are optional',
        ),
      )
    else words.push(match[1])
  }
  return { words, faults }
}

/** Loads the lists in `folder`: slang, words, concepts, emotion, urgency, person. A faulty list is empty and named in `faults`. */
export const loadLexicons = async (folder: string): Promise<LoadedLexicons> => {
  const slang = await readList(folder, 'slang.yaml', slangFile)
  const concepts = await readList(folder, 'concepts.yaml', conceptsFile)
  const emotion = await readList(folder, 'emotion.yaml', emotionFile)
  const urgency = await readList(folder, 'urgency.yaml', urgencyFile)
  const person = await readList(folder, 'person.yaml', personFile)
  const words = readWords(await read(folder, 'words.txt'))
  const lists = {
    slang: slang.value ?? [],
    words: words.words,
    concepts: concepts.value ?? [],
    emotion: emotion.value ?? { angry: [], sad: [], anxious: [], happy: [] },
    urgency: urgency.value ?? { phrases: [], exceptions: [] },
    person: person.value ?? { phrases: [], alone: [], exceptions: [] },
  }
  const version = createHash('sha256').update(JSON.stringify(lists)).digest('hex').slice(0, 16)
  const faults = [slang, words, concepts, emotion, urgency, person].flatMap((list) => list.faults)
  return { lexicons: { version, ...lists }, faults }
}

/** How text is read everywhere: the normaliser and tokeniser that know the brand's words. */
export interface TextTools {
  readonly normalise: Normalise
  readonly tokeniser: Tokeniser
}

/** Builds normaliser and tokeniser from the lists; knowledge search and classifier must share them. */
export const createTextTools = ({ slang, words }: Lexicons): TextTools => {
  const normalise = createNormaliser({ slang })
  return { normalise, tokeniser: createTokeniser({ words: words.map((word) => normalise(word).text) }) }
}
