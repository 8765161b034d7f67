import type { Language } from '../core/understanding.ts'
import { isForeignLatin, isSyllable, isTonedPinyin } from './latin.ts'

// Latin words too common in English to be read as pinyin.
const english = new Set(
  `a about account an and any app are as at be bot but can cannot call change charge charged come do does for from get
  give has have he hello help hi human how i in is it join lag log login long man me men my need no not of ok on one
  open or out pay please refund she so song stop sue than thank thanks that the them then there they this to too
  u up user use video vip wan want was we what when where who why you your yes`.split(/\s+/),
)

const isPinyin = (words: readonly string[]): boolean =>
  words.length > 0 && words.every((word) => isSyllable(word) && !english.has(word))

const foreignLetters =
  /[\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Cyrillic}\p{Script=Arabic}\p{Script=Thai}]/gu

/** Syllables without a tone that are English as well: "shén me", "wǒ men", "hǎo a". */
const toneless = new Set(['a', 'me', 'men'])
const englishBesideTones = new Set([...english].filter((word) => !toneless.has(word)))

const count = (text: string, pattern: RegExp): number => text.match(pattern)?.length ?? 0

/** Whether text is written in Latin letters, with few others at most. */
export const isLatin = (text: string): boolean => {
  const latin = count(text, /\p{Script=Latin}/gu)
  return latin > 0 && count(text, /\p{L}/gu) < 2 * latin && count(text, /\p{Script=Han}/gu) === 0
}

/** Guesses the language of normalised text; text without letters is `zh`, our contacts' first language. */
export const guessLanguage = (text: string): Language => {
  const han = count(text, /\p{Script=Han}/gu)
  const foreign = count(text, foreignLetters)
  const words = text.match(/[a-z]+/g) ?? []
  if (foreign > 1 && foreign * 2 >= han + words.length) return 'other'
  const pinyin = isTonedPinyin(text, englishBesideTones)
  if (han > 0) return words.length >= 4 && words.length > han * 2 && !pinyin ? 'en' : 'zh'
  if (count(text, /\p{L}/gu) > 2 * count(text, /[a-z]/g)) return 'other'
  if (words.length === 0 || pinyin || isPinyin(words)) return 'zh'
  if (isForeignLatin(text)) return 'other'
  // Abbreviations, codes and pinyin ("zrg", "dhy tk", "zhuang") say nothing about the language.
  return words.some((word) => (word.length > 4 && !isSyllable(word)) || english.has(word)) ? 'en' : 'zh'
}

/**
 * Which of the product's two languages whoever writes this reads better: English, of those who write other Latin ones, too.
 * `language`: as it was guessed already.
 */
export const nearestLanguage = (text: string, language = guessLanguage(text)): 'zh' | 'en' =>
  language === 'en' || (language === 'other' && isLatin(text)) ? 'en' : 'zh'
