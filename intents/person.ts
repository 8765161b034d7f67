import type { Normalise } from '../src/text/index.ts'
import { createBlanker, createPhraseFinder } from './phrases.ts'
import type { PersonLexicon } from './schema.ts'

/** How a text asks for a person. */
export interface PersonReading {
  /** The words that ask; undefined when none do. */
  readonly words?: string
  /** True when the message says nothing else. */
  readonly only: boolean
  /** True when it names persons or agents without asking for one ("不用转人工", "人工审核"). */
  readonly excused: boolean
}

export type ReadPerson = (text: string) => PersonReading

const courtesies =
  /你好|您好|请问|请|麻烦|帮我|帮忙|谢谢|我要|我想|给我|快点?|一下|在吗|在么|来个|个|吧|啊|呀|哦|嘛|呢|吗|了|的|谢|please|hello|hi|hey|thanks|thank you|pls|[^\p{L}\p{N}]/gu

const longestAlone = 40

/** Builds the reader: phrases anywhere, single words only when nothing else is said, exceptions taken out first. */
export const createPersonReader = (
  { phrases, alone, exceptions }: PersonLexicon,
  normalise: Normalise,
): ReadPerson => {
  const tidy = (phrase: string): string => normalise(phrase).text
  const blank = createBlanker(exceptions.map(tidy))
  const find = createPhraseFinder(phrases.map(tidy), (phrase) => phrase)
  const single = new Set(alone.map((word) => tidy(word).replace(courtesies, '')))
  return (text) => {
    const readable = blank(text)
    const rest = readable.replace(courtesies, '')
    const once = /^(.{1,8}?)\1+$/u.exec(rest.slice(0, longestAlone))?.[1] ?? rest
    const words = find(readable)[0]?.entry ?? (single.has(once) ? once : undefined)
    const excused = readable !== text
    if (words === undefined) return { only: false, excused }
    return { words, only: once === words.replace(courtesies, '') || single.has(once), excused }
  }
}
