import { characterGrams } from '../../text/index.ts'
import { clausesOf, plain, sentencesOf, withoutMarks } from './read.ts'

/** Words that any sentence may have, whatever it is about. */
const fillers = /[的了吗呢啊吧就也都还在是和与及或而且则会把将被让给对其该此这那您你我们它他她请]/gu
const englishFillers = new Set(
  `a an the is are was be been being to of in on at for and or as by with from it its this that these those you your we
  our i me my they their them he she his her will would can could may might should do does did have has had please then
  so just also here there if when which who what how`.split(/\s+/),
)

/** What a text says, as terms that can be counted: pairs of characters, English words without their endings. */
export const termsIn = (text: string, language: 'zh' | 'en'): readonly string[] => {
  const read = plain(language === 'zh' ? withoutMarks(text) : text)
  if (language === 'zh') return characterGrams(read.replace(fillers, ''), 2)
  return (read.match(/[a-z']+|\d+|\p{Script=Han}+/gu) ?? [])
    .filter((word) => !englishFillers.has(word))
    .map((word) => word.replace(/(?:ing|ed|es|s|ly)$/, ''))
    .filter((word) => word !== '')
}

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

const negations =
  /不|没|無|无(?!论)|未|别(?!人|的|处)|勿|莫|非(?!常)|禁止|拒绝|除非|\b(?:not?|never|cannot|can't|won't|don't|doesn't|isn't|aren't|didn't|without|unable|nor|neither|none)\b|n't\b/gu
/** Said so they deny nothing. */
const affirmed =
  /不仅|不但|不管|不论|不错|不过|不同|不断|差不多|不一定|要不|能不能|是不是|可不可以|会不会|有没有|是否/gu

/** What a clause says no to: the two characters, or the beginning of the word, behind each of its denials. */
const denied = (clause: string): readonly string[] => {
  const read = plain(clause).replace(affirmed, '')
  return Array.from(read.matchAll(negations), ({ index, 0: no }) => {
    const behind = read.slice(index + no.length).replace(/^有/u, '')
    const word = (behind.match(/[a-z']+/gu) ?? []).find((one) => !englishFillers.has(one))
    return /^\s*[a-z]/u.test(behind) ? (word ?? '').slice(0, 5) : behind.replace(fillers, '').slice(0, 2)
  })
}

/** Whether two clauses say no to the same, or neither does to anything. */
const denyAlike = (clause: string, source: string): boolean => {
  const [own, other] = [denied(clause), denied(source)]
  if (own.length > 0 !== other.length > 0) return false
  const words = plain(clause).replace(fillers, '')
  return (
    own.every((one) => other.some((known) => known.slice(0, 1) === one.slice(0, 1))) &&
    other.every((known) => known === '' || !words.includes(known) || own.includes(known))
  )
}

/** Words of which one turns a sentence round. Each has to stand in the sentence of the source that it came from. */
const decisive =
  /以上|以下|以内|以外|之前|之后|以前|以后|至少|最多|最少|至多|超过|低于|高于|必须|只能|仅|全额|部分|免费|收费|立即|永久|自动|手动|任何|所有|全部|均|都可|开启|打开|关闭|增加|减少|优先|可以|能够|支持|\b(?:before|after|at least|at most|up to|within|more than|less than|must|only|free|all|any|always|every|immediately|automatically|enable|disable)\b/gu

const decisiveIn = (text: string): readonly string[] => plain(text).match(decisive) ?? []

/** Terms of a clause that have to be found again in one clause of the source for the two to be compared. */
const likeEnough = 0.4
/** Clauses of the source that are about as near as the nearest. */
const aboutAsNear = 0.9

interface Clause {
  readonly text: string
  readonly sentence: string
  readonly terms: ReadonlySet<string>
}

const clausesIn = (text: string, language: 'zh' | 'en'): readonly Clause[] =>
  sentencesOf(text).flatMap((sentence) =>
    [sentence, ...clausesOf(sentence)].map((clause) => ({
      text: clause,
      sentence,
      terms: new Set(termsIn(clause, language)),
    })),
  )

/** How near two clauses are, both ways: a long sentence is not near everything that stands in it. */
const nearness = (terms: readonly string[], other: ReadonlySet<string>): number => {
  const share = coverage(terms, other)
  const back = other.size === 0 ? 0 : terms.filter((term) => other.has(term)).length / other.size
  return share * 0.8 + Math.min(1, back) * 0.2
}

/**
 * Whether every clause says yes and no as the clause of the source that it is nearest to, and has no turning word that is
 * not there.
 */
export const agrees = (sentence: string, source: string, language: 'zh' | 'en'): boolean => {
  const known = clausesIn(source, language)
  return clausesOf(sentence).every((clause) => {
    const terms = termsIn(clause, language)
    if (terms.length < 2) return denied(clause).length === 0 || plain(source).includes(plain(clause))
    const ranked = known
      .map((one) => ({ one, near: nearness(terms, one.terms), share: coverage(terms, one.terms) }))
      .toSorted((a, b) => b.near - a.near)
    const [best] = ranked
    if (best === undefined || best.share < likeEnough) return denied(clause).length === 0
    return ranked
      .filter(({ near }) => near >= best.near * aboutAsNear)
      .some(
        ({ one }) =>
          denyAlike(clause, one.text) &&
          decisiveIn(clause).every((word) => plain(one.sentence).includes(word)),
      )
  })
}
