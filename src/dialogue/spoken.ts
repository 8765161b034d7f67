import type { ChoicesPart, Part } from '../core/message.ts'
import type { Language, Spoken } from '../core/understanding.ts'
import { countSimplified, countTraditional, guessLanguage, isLatin, traditionalise } from '../text/index.ts'

/** What was written, and what is known of the writer. */
export interface Writing {
  /** The contact's own words of this turn; empty: a press, a picture. */
  readonly written: string
  /** The language as the understanding took it; undefined: it was not asked. */
  readonly guess: Language | undefined
  /** How the contact wrote before; undefined: nothing told. */
  readonly before: Spoken | undefined
  readonly lastText: string | undefined
}

/** English that people write in the middle of Chinese chats: it tells nothing. */
const courtesy =
  /^(?:ok(?:ay)?|yes|no|yep|hi|hello|hey|thanks?|thank you|thx|bye|pls|please|sorry|vip|app|up|uid|ios|ipad|iphone|android|pc|mac|tv|wifi|bug|emm+|human)(?:[\s,.!~]+you)?[\s,.!~]*$/i

/** Two words at least: one may be a nickname or borrowed, whatever language it is from. */
const isSentence = (text: string): boolean => (text.match(/[\p{L}\p{M}'’]+/gu) ?? []).length > 1

const isHan = (text: string): boolean => /\p{Script=Han}/u.test(text)

/** Chinese in one script or the other; a text without telling characters goes by what was written before. */
const scriptOf = (text: string, before: Spoken | undefined): Spoken => {
  const traditional = countTraditional(text)
  if (before !== 'zh-Hant' && traditional === 0) return 'zh'
  const simplified = countSimplified(text)
  if (traditional !== simplified) return traditional > simplified ? 'zh-Hant' : 'zh'
  return before === 'zh-Hant' || before === undefined ? 'zh-Hant' : 'zh'
}

/** How the contact is spoken to: by this turn's words, else by those before. */
export const spokenIn = ({ written, guess, before, lastText }: Writing): Spoken => {
  const language = guess ?? (written === '' ? undefined : guessLanguage(written.toLowerCase()))
  if (language === undefined) {
    if (before !== undefined) return before
    return lastText !== undefined && /[a-z]/i.test(lastText) && !isHan(lastText) ? 'en' : 'zh'
  }
  if (language === 'en') return before !== undefined && courtesy.test(written.trim()) ? before : 'en'
  if (isHan(written)) return scriptOf(written, before)
  if (language !== 'other' || !isLatin(written)) return before ?? 'zh'
  // Whoever writes Spanish or French reads English rather than Chinese; a nickname of somebody who wrote Chinese tells nothing.
  return before === undefined || before === 'en' || isSentence(written) ? 'en' : before
}

/** What stays as it is: code, where links lead, addresses. */
const untouched =
  /(```[\s\S]*?```|`[^`\n]*`|\]\([^)\n]*\)|<https?:[^>\s]*>|https?:\/\/[!-~]+|[\w.+-]+@[\w-]+(?:\.[\w-]+)+)/

const convert = (text: string): string =>
  text
    .split(untouched)
    .map((piece, place) => (place % 2 === 0 ? traditionalise(piece) : piece))
    .join('')

const convertChoices = ({ prompt, choices, footer, ...part }: ChoicesPart): ChoicesPart => ({
  ...part,
  prompt: convert(prompt),
  choices: choices.map(({ id, label }) => ({ id, label: convert(label) })),
  ...(footer === undefined ? {} : { footer: convert(footer) }),
})

/** Parts as they are said: in traditional characters to who writes them; links, code and ids stay as they are. */
export const asSpoken = (parts: readonly Part[], spoken: Spoken): readonly Part[] => {
  if (spoken !== 'zh-Hant') return parts
  return parts.map((part) => {
    if (part.kind === 'text') {
      const source = part.source === undefined ? {} : { source: convert(part.source) }
      return { ...part, text: convert(part.text), ...source }
    }
    if (part.kind === 'image' && part.alt !== undefined) return { ...part, alt: convert(part.alt) }
    return part.kind === 'choices' ? convertChoices(part) : part
  })
}
