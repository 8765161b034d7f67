import { takeFaces } from './faces.ts'
import { createSlangReader } from './slang.ts'
import type { SlangEntry } from './slang.ts'
import { simplify } from './traditional.ts'

/** How the text was written, counted before folding: evidence of emotion. */
export interface Marks {
  readonly exclamations: number
  readonly questions: number
  /** Length of the longest run of one character, e.g. 6 in "啊啊啊啊啊啊". */
  readonly longestRun: number
  /** Share of capitals among Latin letters, 0 to 1; 0 below four letters. */
  readonly capitals: number
}

/** Text as search and classifier read it. The original stays with the message. */
export interface Normalised {
  readonly text: string
  /** The same before abbreviations were written out: what tells the language. */
  readonly plain: string
  /** What was taken out or noticed: `emoji:😡`, `face:发怒`, `link`, `mail`, `mood:xswl`; at most 64. */
  readonly signals: readonly string[]
  /** Meanings of the slang in it ("小黑屋" → "账号封禁"): further words to search by. */
  readonly hints: readonly string[]
  readonly marks: Marks
  /** True when the input was longer than what is read. */
  readonly truncated: boolean
}

/** Normalises text. Never throws; idempotent on its own `text`; time grows with the part that is read. */
export type Normalise = (text: string) => Normalised

export interface NormaliserOptions {
  /** Slang, abbreviations and typos. Latin terms match whole words only. */
  readonly slang?: readonly SlangEntry[]
  /** UTF-16 units that are read; the rest is ignored. Default 2,000. */
  readonly maxLength?: number
}

// A replacement may complete another word, and folding may too; settled after one or two rounds in practice.
const maxRounds = 6
const maxSignals = 64

const takeAddresses = (text: string, signals: string[]): string =>
  text
    .replace(/(?:https?:\/\/|www\.)[!-~]{1,2000}/gi, () => {
      signals.push('link')
      return ' '
    })
    .replace(/[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,4}/g, () => {
      signals.push('mail')
      return ' '
    })

const dropInvisible = (text: string): string =>
  text
    .replace(/[\t\v\f\p{Zs}]/gu, ' ')
    .replace(/\r\n?|[\u0085\p{Zl}\p{Zp}]/gu, '\n')
    .replace(/[\p{Mn}\p{Me}\p{Cf}\p{Co}\p{Cn}]|(?!\n)\p{Cc}/gu, '')

/** "好烦啊啊啊啊！！！" → "好烦啊啊!", "人工人工人工" → "人工". Numbers stay as they are. */
const fold = (text: string): string =>
  text
    .replace(/([\p{P}\p{S}])\1+/gu, '$1')
    .replace(/(\p{L})\1{2,}/gu, '$1$1')
    .replace(/([^\s\d]{2,6}?)\1{2,}/gu, '$1')

const collapse = (text: string): string =>
  text
    .replace(/ *\n[ \n]*/g, '\n')
    .replace(/ {2,}/g, ' ')
    .trim()

const cut = (text: string, length: number): string =>
  text.length <= length ? text : text.slice(0, length).replace(/\p{Surrogate}$/u, '')

const countMarks = (text: string): Marks => {
  const letters = text.match(/[a-zA-Z]/g)?.length ?? 0
  const capitals = text.match(/[A-Z]/g)?.length ?? 0
  const runs = text.match(/([^\s\d])\1{2,}/gu) ?? []
  return {
    exclamations: text.match(/[!]/g)?.length ?? 0,
    questions: text.match(/[?]/g)?.length ?? 0,
    longestRun: runs.reduce((longest, run) => Math.max(longest, Array.from(run).length), text === '' ? 0 : 1),
    capitals: letters < 4 ? 0 : capitals / letters,
  }
}

/** Builds a normaliser: NFKC, simplified characters, lower case, no invisible characters, slang read, repeats folded. */
export const createNormaliser = ({ slang = [], maxLength = 2000 }: NormaliserOptions = {}): Normalise => {
  const shape = (text: string, signals: string[]): string => {
    const plain = cut(text.replace(/\p{Surrogate}/gu, '').normalize('NFKC'), maxLength)
    const visible = takeFaces(takeAddresses(dropInvisible(plain), signals), signals)
    return collapse(fold(simplify(visible).toLowerCase()))
  }
  const tidy = (text: string): string => shape(text, [])
  const readSlang = createSlangReader(
    slang.map(({ term, means, kind }) => ({ term: tidy(term), means: tidy(means), kind })),
  )

  return (original) => {
    const read = cut(original, maxLength)
    const signals: string[] = []
    const notes = { hints: new Set<string>(), moods: new Set<string>() }
    const plain = shape(read, signals)
    let text = collapse(fold(readSlang(plain, notes)))
    for (let round = 1; round < maxRounds; round++) {
      const next = collapse(fold(readSlang(shape(text, signals), notes)))
      if (next === text) break
      text = next
    }
    return {
      text,
      plain,
      signals: [...signals, ...[...notes.moods].map((mood) => `mood:${mood}`)].slice(0, maxSignals),
      hints: [...notes.hints],
      marks: countMarks(
        read
          .replace(/\p{Surrogate}/gu, '')
          .normalize('NFKC')
          .slice(0, maxLength),
      ),
      truncated: read.length < original.length,
    }
  }
}
