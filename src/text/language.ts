import type { Language } from '../core/understanding.ts'

// Latin words too common in English to be read as pinyin.
const english = new Set(
  `a about account an and any app are as at be bot but can cannot call change charge charged come do does for from get
  give has have he hello help hi human how i in is it join lag log login long man me men my need no not of ok on one
  open or out pay please refund she so song stop sue than thank thanks that the them then there they this to too
  u up user use video vip wan want was we what when where who why you your yes`.split(/\s+/),
)
const syllable =
  /^(?:[bpmfdtnlgkhjqxrzcsyw]|zh|ch|sh)?(?:a|o|e|i|u|v|ai|ei|ui|ao|ou|iu|ie|ve|ue|er|an|en|in|un|vn|ang|eng|ing|ong|ia|iao|ian|iang|iong|ua|uo|uai|uan|uang)$/

const isPinyin = (words: readonly string[]): boolean =>
  words.length > 0 && words.every((word) => syllable.test(word) && !english.has(word))

const foreignLetters =
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Thai}]/gu

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** Guesses the language of normalised text; text without letters is `zh`, our contacts' first language. */
export const guessLanguage = (text: string): Language => {
  const han = count(text, /\p{Script=Han}/gu)
  const foreign = count(text, foreignLetters)
  const words = text.match(/[a-z]+/g) ?? []
  if (foreign > 1 && foreign * 2 >= han + words.length) return 'other'
  if (han > 0) return words.length >= 4 && words.length > han * 2 ? 'en' : 'zh'
  if (count(text, /\p{L}/gu) > 2 * count(text, /[a-z]/g)) return 'other'
  if (words.length === 0 || isPinyin(words)) return 'zh'
  // Abbreviations and codes ("zrg", "dhy tk") say nothing about the language.
  return words.some((word) => word.length > 4 || english.has(word)) ? 'en' : 'zh'
}
