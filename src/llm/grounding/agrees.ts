import { allowance, denied, denyAlike, withoutYesAndNo } from './denials.ts'
import { numbersIn, thousands, withoutNumbers } from './numbers.ts'
import { clausesOf, labelEnd, lettersOf, plain, sentencesOf } from './read.ts'
import { toldApart } from './told-apart.ts'
import { coverage, termsIn, wordsIn } from './words.ts'

/** What a sentence is held against: an article's own question, which leads its text and says neither yes nor no. */
export interface Told {
  readonly question?: string
  readonly text: string
}

/** Words of which one turns a sentence round. Each has to stand in the sentence of the source that it came from. */
const decisive =
  /以上|以下|以内|以外|至少|最多|最少|至多|超过|低于|高于|必须|只能|仅|全额|部分|免费|收费|立即|永久|自动|手动|任何|所有|全部|均|都可|开启|打开|关闭|增加|减少|优先|可以|能够|支持|\b(?:before|after|at least|at most|up to|within|more than|less than|must|only|free|all|any|always|every|immediately|automatically|enable|disable|once|while|when|unless)\b/gu

/** Terms of a clause that have to be found again in one clause of the source for the two to be compared. */
const likeEnough = 0.4
/** Clauses that are about as near as the nearest, and those that speak of the like: parallel ones are among them. */
const aboutAsNear = 0.9
const ofTheLike = 0.5
/** The share of the terms from which on the question may name what a clause speaks of. */
const nearlyAll = 0.7

/** A clause, or a sentence of several. */
interface Piece {
  readonly text: string
  /** The sentence that it stands in. */
  readonly sentence: string
  /** It, with and without its label. */
  readonly readings: readonly Piece[]
  /** The clauses of a whole sentence; empty: it is one itself. */
  readonly clauses: readonly Piece[]
  readonly terms: ReadonlySet<string>
  /** Its words, without numbers and yes and no. */
  readonly words: () => ReadonlySet<string>
  /** Those of the article's question. */
  readonly asked: () => ReadonlySet<string>
}

interface Own {
  readonly text: string
  readonly terms: readonly string[]
  readonly words: ReadonlySet<string>
  readonly numbers: ReadonlySet<string>
}

interface Like {
  readonly one: Piece
  readonly share: number
}

type Language = 'zh' | 'en'

const once = <Value>(make: () => Value): (() => Value) => {
  let made: { readonly value: Value } | undefined
  return () => (made ??= { value: make() }).value
}

/** What a clause speaks of: neither its numbers, which are compared by themselves, nor its yes and no. */
const subjectOf = (text: string): string => withoutYesAndNo(withoutNumbers(text))

const termsOf = (text: string, language: Language): readonly string[] => termsIn(subjectOf(text), language)
const wordsOf = (text: string, language: Language): ReadonlySet<string> =>
  new Set(wordsIn(subjectOf(text), language))

/** Behind a label; neither a time's nor an address's. */
const colon = /(?<!\d)[：:](?!\/\/)|[：:](?![\d/])/gu

/** Clauses, each with its label before a colon; one that names nothing ("不支持") belongs to the one before it. */
const statementsOf = (sentence: string, language: Language): readonly string[] => {
  const statements: string[] = []
  for (const clause of clausesOf(sentence.replace(colon, ` ${labelEnd} `))) {
    const before = statements.at(-1)
    if (before !== undefined && termsOf(clause, language).length === 0)
      statements.splice(-1, 1, `${before} ${clause}`)
    else statements.push(clause)
  }
  return statements
}

const withPlainNumbers = (text: string): string => text.normalize('NFKC').replace(thousands, '')

const piecesOf = ({ question = '', text }: Told, language: Language): readonly Piece[] => {
  const asked = once(() => wordsOf(question, language))
  const piece = (said: string, sentence: string, parts: Pick<Piece, 'readings' | 'clauses'>): Piece => ({
    ...{ text: said, sentence, asked, ...parts },
    terms: new Set(termsOf(said, language)),
    words: once(() => wordsOf(said, language)),
  })
  return sentencesOf(withPlainNumbers(text)).flatMap((sentence, place) => {
    // "可以退款吗": "不支持。" answers what was asked.
    const isReply = place === 0 && termsOf(sentence, language).length === 0
    const whole = isReply ? `${question} ${sentence}` : sentence
    const clauses = statementsOf(whole, language).map((clause) => {
      const parts = clause.split(labelEnd).map((part) => part.trim())
      // "不支持：门票" is not read without its label: that says all of its yes and no.
      const isLabelled = parts.length > 1 && parts.every((part) => wordsOf(part, language).size > 0)
      const readings: Piece[] = []
      for (const said of [clause, ...(isLabelled ? parts : [])])
        readings.push(piece(said, whole, { readings, clauses: [] }))
      return readings
    })
    const all = clauses.flat()
    return clauses.length > 1 ? [...all, piece(whole, whole, { readings: [], clauses: all })] : all
  })
}

/** How near two clauses are, both ways: a long sentence is not near everything that stands in it. */
const nearness = (terms: readonly string[], other: ReadonlySet<string>): number => {
  const share = coverage(terms, other)
  const back = other.size === 0 ? 0 : terms.filter((term) => other.has(term)).length / other.size
  return share * 0.8 + Math.min(1, back) * 0.2
}

const has = <Thing>(things: ReadonlySet<Thing>, wanted: Iterable<Thing>): boolean =>
  Array.from(wanted).every((one) => things.has(one))

/**
 * Those of the like that hold all words which tell them apart: by themselves, or by their question where no clause has the
 * word. Where there are none, those that say nearly all of it, and the rest by their question: "turn it off".
 */
const holdersOf = (own: Own, likes: readonly Like[]): readonly Piece[] => {
  const pieces = likes.map(({ one }) => one)
  const telling = [...own.words].filter((word) =>
    pieces.some((one) => one.words().has(word) || one.asked().has(word)),
  )
  const asks = (piece: Piece, word: string): boolean => piece.asked().has(word)
  const isSaid = (word: string): boolean => pieces.some((one) => one.words().has(word))
  const strict = pieces.filter((one) =>
    telling.every((word) => one.words().has(word) || (asks(one, word) && !isSaid(word))),
  )
  if (strict.length > 0) return strict
  return likes
    .filter(
      ({ one, share }) =>
        share >= nearlyAll && telling.every((word) => one.words().has(word) || asks(one, word)),
    )
    .map(({ one }) => one)
}

/** Numbers are those of the clause; where it has none, of its sentence. */
const hasNumbers = ({ text, sentence }: Piece, { numbers }: Own): boolean => {
  const nearest = numbersIn(text)
  return has(nearest.size > 0 ? nearest : numbersIn(sentence), numbers)
}

/** Written without a blank: 到期 前 is 到期前. */
const bare = (text: string): string => plain(text).replace(/[\s¦]+/gu, '')

const sides = ['前', '后', '内']

/** Before where the source says after, or within. */
const turnsTime = (text: string, sentence: string): boolean =>
  Array.from(text.matchAll(/(\p{Script=Han})[之以]?([前后内])/gu)).some(([, what = '', own = '']) => {
    const says = (side: string): boolean => ['', '之', '以'].some((it) => sentence.includes(what + it + side))
    return !says(own) && sides.some((side) => side !== own && says(side))
  })

/** What is switched on, and off: "turn it off" as well. */
const switchesIn = (text: string): ReadonlySet<string> =>
  new Set(
    Array.from(text.matchAll(/\b(?:turn|switch)\w*(?: [\w']+){0,3}? (on|off)\b/gu), ([, way = '']) => way),
  )

const hasDecisive = ({ sentence, asked }: Piece, { text }: Own): boolean => {
  const [said, source] = [bare(text), bare(sentence)]
  return (
    (plain(text).match(decisive) ?? []).every((word) => plain(sentence).includes(word)) &&
    // Of these the question may name one.
    toldApart(text).every(
      (word) => source.includes(word) || [...asked()].some((one) => one.includes(word)),
    ) &&
    !turnsTime(said, source) &&
    has(switchesIn(plain(sentence)), switchesIn(plain(text)))
  )
}

/** Whether a sentence of several clauses bears out one that is made of them; parallel clauses are never put together. */
const bearsOutTogether = (own: Own, { clauses, text }: Piece): boolean => {
  const parts = clauses
    .map((one) => ({ one, shared: new Set([...own.words].filter((word) => one.words().has(word))) }))
    .filter(({ shared }) => shared.size > 0)
  const areParallel = parts.some((a) =>
    parts.some(
      (b) =>
        [...a.shared].some((word) => b.shared.has(word)) &&
        !has(a.shared, b.shared) &&
        !has(b.shared, a.shared),
    ),
  )
  const allowances = parts.map(({ one }) => allowance(one.text))
  const isMixed = allowances.some((one) => one.may) && allowances.some((one) => one.mayNot)
  return !areParallel && !isMixed && denyAlike(own.text, text)
}

type Disagreement = 'number' | 'negation'

const byClauses = (own: Own, holders: readonly Piece[]): Disagreement | undefined => {
  const twins = holders.filter((one) => has(own.words, one.words()))
  const ranked = (twins.length > 0 ? twins : holders).map((one) => ({
    one,
    near: nearness(own.terms, one.terms),
  }))
  const best = ranked.reduce((most, one) => Math.max(most, one.near), 0)
  const near = ranked.filter((one) => one.near >= best * aboutAsNear).map(({ one }) => one)
  const held = new Set(holders)
  const agree = ({ readings }: Piece): boolean =>
    readings.some((one) => held.has(one) && denyAlike(own.text, one.text))
  if (!near.every(agree)) return 'negation'
  const turned = near.filter((one) => hasDecisive(one, own))
  if (turned.length === 0) return 'negation'
  return turned.some((one) => hasNumbers(one, own)) ? undefined : 'number'
}

const bySentences = (own: Own, holders: readonly Piece[]): Disagreement | undefined => {
  const bearing = holders.filter((one) => bearsOutTogether(own, one) && hasDecisive(one, own))
  if (bearing.length === 0) return 'negation'
  const isCounted = bearing.some(
    (whole) =>
      has(numbersIn(whole.text), own.numbers) &&
      // A part with a number of its own is not made to say another's.
      whole.clauses.every((one) => {
        const theirs = numbersIn(one.text)
        const isPart = [...own.words].some((word) => one.words().has(word))
        return !isPart || theirs.size === 0 || [...theirs].some((number) => own.numbers.has(number))
      }),
  )
  return isCounted ? undefined : 'number'
}

/**
 * What names nothing is a reply ("能。", "You can."): it stands where the article says just that, in a clause by itself. With
 * a number ("支持30天") it stands where one sentence has all of it.
 */
const isReplyOf = ({ text, numbers }: Own, source: string, language: Language): boolean =>
  sentencesOf(withPlainNumbers(source)).some((sentence) =>
    numbers.size === 0
      ? [sentence, ...clausesOf(sentence)].some((clause) => lettersOf(clause) === lettersOf(text))
      : has(numbersIn(sentence), numbers) &&
        denyAlike(text, sentence) &&
        wordsIn(withoutNumbers(text), language).every((word) => plain(sentence).includes(word)),
  )

/** Said before anything; no yes is among them. */
const openers = /^(?:您好|你好|亲|请放心|todothis|todoso|also|then|ifso|please|here)$/u

const ofClause = (
  own: Own,
  known: readonly Piece[],
  source: string,
  language: Language,
): Disagreement | undefined => {
  if (openers.test(lettersOf(own.text))) return undefined
  if (own.terms.length === 0) return isReplyOf(own, source, language) ? undefined : 'negation'
  const shares = known.map((one) => ({ one, share: coverage(own.terms, one.terms) }))
  const best = shares.reduce((most, { share }) => Math.max(most, share), 0)
  if (best < likeEnough && own.numbers.size === 0)
    return denied(own.text).length === 0 ? undefined : 'negation'
  const holders = holdersOf(
    own,
    shares.filter(({ share }) => share > 0 && share >= best * ofTheLike),
  )
  const clauses = holders.filter((one) => one.clauses.length === 0)
  if (clauses.length > 0) return byClauses(own, clauses)
  const why = bySentences(own, holders)
  return why !== undefined && holders.length === 0 && own.numbers.size > 0 ? 'number' : why
}

/**
 * Why a sentence says other than its sources, if it does. Each of its clauses is held against the clause that has all words
 * by which clauses of the like are told apart (年费 and 月费): it says yes and no as that one, has its numbers, and no turning
 * word that its sentence has not.
 */
export const disagreement = (
  sentence: string,
  sources: readonly Told[],
  language: Language,
): Disagreement | undefined => {
  const known = sources.flatMap((one) => piecesOf(one, language))
  const source = sources.map(({ text }) => text).join('\n')
  for (const text of statementsOf(withPlainNumbers(sentence), language)) {
    const terms = termsOf(text, language)
    const own = { text, terms, words: wordsOf(text, language), numbers: numbersIn(text) }
    const found = ofClause(own, known, source, language)
    if (found !== undefined) return found
  }
  return undefined
}
