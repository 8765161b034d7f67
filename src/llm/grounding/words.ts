import { characterGrams } from '../../text/index.ts'
import { plain, withoutMarks } from './read.ts'

/** Words that any sentence may have, whatever it is about. */
export const fillers = /[的了吗呢啊吧就也都还在是和与及或而且则会把将被让给对其该此这那您你我们它他她请]/gu
export const englishFillers = new Set(
  `a an the is are was be been being to of in on at for and or as by with from it its this that these those you your we
  our i me my they their them he she his her will would can could may might should do does did have has had please then
  so just also here there if when which who what how`.split(/\s+/),
)

/** An English word without its ending. */
export const stemOf = (word: string): string => word.replace(/'s?$/, '').replace(/(?:ing|ed|es|e|s|ly)$/, '')

/** What a text says, as terms that can be counted: pairs of characters, English words without their endings. */
export const termsIn = (text: string, language: 'zh' | 'en'): readonly string[] => {
  const read = plain(language === 'zh' ? withoutMarks(text) : text)
  if (language === 'zh') return characterGrams(read.replace(fillers, ''), 2)
  return (read.match(/[a-z']+|\d+|\p{Script=Han}+/gu) ?? [])
    .filter((word) => !englishFillers.has(word))
    .map(stemOf)
    .filter((word) => word !== '')
}

const segmenter = new Intl.Segmenter('zh', { granularity: 'word' })

/** Its words, each with its place. */
export const segmentsIn = (text: string): readonly Intl.SegmentData[] =>
  Array.from(segmenter.segment(text)).filter(({ isWordLike }) => isWordLike === true)

/** Its words, without those that any sentence may have: what one clause may have and its like has not. */
export const wordsIn = (text: string, language: 'zh' | 'en'): readonly string[] =>
  language === 'en'
    ? termsIn(text, 'en')
    : segmentsIn(plain(withoutMarks(text)))
        .map(({ segment }) => segment.replace(fillers, ''))
        .filter((word) => word !== '' && word !== '内')

/** The share of the terms that stand among the source's; 1 where there are none. */
export const coverage = (terms: readonly string[], source: ReadonlySet<string>): number =>
  terms.length === 0 ? 1 : terms.filter((term) => source.has(term)).length / terms.length

/** The longest run of terms that the source has not. */
export const longestForeign = (terms: readonly string[], source: ReadonlySet<string>): number => {
  let longest = 0
  let run = 0
  for (const term of terms) {
    run = source.has(term) ? 0 : run + 1
    longest = Math.max(longest, run)
  }
  return longest
}
