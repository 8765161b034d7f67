import type { Passage } from '../../core/model-help.ts'
import { guessLanguage } from '../../text/index.ts'
import type { Draft, DraftSentence, DraftVerdict, Refusal, SentenceVerdict } from './draft.ts'
import { addressesIn, englishNamesIn, latinIn, namesIn, thingsIn, withoutAddresses } from './names.ts'
import { numbersIn } from './numbers.ts'
import { changesPlaces } from './places.ts'
import { promisesMore } from './promises.ts'
import { clausesOf, plain } from './read.ts'
import { disagreement } from './agrees.ts'
import { foreignWords } from './vocabulary.ts'
import { coverage, longestForeign, termsIn } from './words.ts'

/** What a draft is held against. */
export interface Sources {
  /** All articles that the model was given. */
  readonly passages: readonly Passage[]
  readonly language: 'zh' | 'en'
  /** By sentence: the highest cosine with a sentence of its sources, −1 to 1; undefined: there is no encoder. */
  readonly alike?: readonly (number | undefined)[]
}

/** Characters of a sentence and of an answer, and sentences of an answer. */
const most = {
  zh: { sentence: 160, answer: 600 },
  en: { sentence: 400, answer: 1_500 },
  sentences: 8,
} as const
/** Terms that have to stand in the source: alone, and where the meaning is as near as `alikeEnough`. */
const surelySaid = 0.72
const maybeSaid = 0.55
const alikeEnough = 0.86
/** The same within each clause of some length: a long true sentence carries no short false one. */
const clauseSaid = 0.5
const termsOfClause = 3
/** Terms in a row that the source has not. */
const mostForeign = 5

const isMarked = (text: string): boolean =>
  // Characters that nobody sees, signs of markup, pictures of any kind.
  /[\p{Cc}\p{Cf}\p{Co}\p{Cn}]|[<>{}|\\`*#[\]]|\p{Extended_Pictographic}|\b_|_\b/u.test(withoutAddresses(text))

const all = <Thing>(things: ReadonlySet<Thing>, known: ReadonlySet<Thing>): boolean =>
  [...things].every((one) => known.has(one))

const isOther = (text: string): boolean => guessLanguage(plain(text)) === 'other'

const isForeign = (text: string, source: string, language: 'zh' | 'en'): boolean => {
  const words = withoutAddresses(text)
  if (language === 'zh') return !/\p{Script=Han}/u.test(words)
  const unquoted = words.replace(/["“”《》「」【】][^"“”《》「」【】]*["“”《》「」【】]/gu, '')
  if (/\p{Script=Han}/u.test(unquoted)) return true
  // An article whose own English looks like another language is quoted, not translated.
  return isOther(words) && !isOther(withoutAddresses(source))
}

const namesMore = (text: string, source: string, language: 'zh' | 'en'): boolean => {
  const read = plain(source)
  if ([...namesIn(text)].some((name) => !read.includes(name))) return true
  if (language === 'zh') return !all(latinIn(text), latinIn(source))
  // Codes that begin with a digit (4K, 2FA) are names, but no words in Latin letters.
  return !all(englishNamesIn(text), new Set([...latinIn(source), ...englishNamesIn(source)]))
}

const isSaid = (text: string, source: string, { language }: Sources, alike: number | undefined): boolean => {
  const known = new Set(termsIn(source, language))
  const terms = termsIn(text, language)
  const share = coverage(terms, known)
  const enough = alike !== undefined && alike >= alikeEnough ? maybeSaid : surelySaid
  if (share < enough || longestForeign(terms, known) > mostForeign) return false
  return clausesOf(text)
    .map((clause) => termsIn(clause, language))
    .every((clause) => clause.length < termsOfClause || coverage(clause, known) >= clauseSaid)
}

const refusalOf = (
  { text, sources: ids }: DraftSentence,
  sources: Sources,
  alike: number | undefined,
): Refusal | undefined => {
  const { passages, language } = sources
  const cited = passages.filter(({ articleId }) => ids.includes(articleId))
  if (cited.length === 0 || ids.some((id) => cited.every(({ articleId }) => articleId !== id)))
    return 'source'
  const source = cited.map((one) => `${one.question}\n${one.text}`).join('\n')
  const length = Array.from(text).length
  if (length > most[language].sentence || !/[\p{L}\p{N}]/u.test(text)) return 'length'
  if (isMarked(text)) return 'markup'
  if (isForeign(text, source, language)) return 'language'
  if (!all(addressesIn(text), addressesIn(source))) return 'link'
  if (!all(numbersIn(withoutAddresses(text)), numbersIn(withoutAddresses(source)))) return 'number'
  if (!all(thingsIn(text), thingsIn(source)) || namesMore(text, source, language)) return 'name'
  if (promisesMore(text, source)) return 'promise'
  if (!isSaid(text, source, sources, alike)) return 'words'
  if (changesPlaces(text, cited, language)) return 'number'
  const other = disagreement(text, cited, language)
  if (other !== undefined) return other
  return foreignWords(text, source, language).length > 0 ? 'words' : undefined
}

/**
 * Holds a draft against the articles it names. Pure. Every sentence has to be borne out by its own articles: their words,
 * their numbers, names and addresses, their yes and no. One that is not takes the whole draft with it.
 */
export const checkDraft = ({ sentences }: Draft, sources: Sources): DraftVerdict => {
  const verdicts = sentences.map((sentence, place): SentenceVerdict => {
    const refused = refusalOf(sentence, sources, sources.alike?.[place])
    return { ...sentence, ...(refused === undefined ? {} : { refused }) }
  })
  const length = sentences.reduce((sum, { text }) => sum + Array.from(text).length, 0)
  const isSized =
    sentences.length > 0 && sentences.length <= most.sentences && length <= most[sources.language].answer
  return {
    kept: isSized && verdicts.every(({ refused }) => refused === undefined),
    sentences: verdicts,
    ...(isSized ? {} : { refused: 'length' as const }),
  }
}
