import type { Normalise } from '../src/text/index.ts'
import { createBlanker, createPhraseFinder } from './phrases.ts'
import type { PersonLexicon } from './schema.ts'

/** The words by which a text asks for a person; undefined when it does not. */
export type ReadPerson = (text: string) => string | undefined

const courtesies =
  /你好|您好|请问|请|麻烦|帮我|帮忙|谢谢|我要|我想|给我|快点?|一下|在吗|在么|来个|个|吧|啊|呀|哦|嘛|呢|吗|了|的|谢|please|hello|hi|hey|thanks|thank you|pls|[^\p{L}\p{N}]/gu

/** Builds the reader: phrases anywhere, single words only when nothing else is said, exceptions taken out first. */
export const createPersonReader = ({ phrases, alone, exceptions }: PersonLexicon, normalise: Normalise): ReadPerson => {
  const tidy = (phrase: string): string => normalise(phrase).text
  const blank = createBlanker(exceptions.map(tidy))
  const find = createPhraseFinder(phrases.map(tidy), (phrase) => phrase)
  const single = new Set(alone.map((word) => tidy(word).replace(courtesies, '')))
  return (text) => {
    const readable = blank(text)
    const hit = find(readable)[0]?.entry
    if (hit !== undefined) return hit
    const rest = readable.replace(courtesies, '')
    const once = /^(.{1,8}?)\1+$/u.exec(rest)?.[1] ?? rest
    return rest.length <= 40 && single.has(once) ? once : undefined
  }
}
