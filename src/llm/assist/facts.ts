import { addressesIn, namesIn, numbersIn, plain, thingsIn } from '../grounding/index.ts'

/** What of a text is not in another, as it is read. */
export interface ChangedFacts {
  readonly lost: readonly string[]
  readonly added: readonly string[]
}

/** Words with numerals in them that count nothing. */
const idioms =
  /十分(?!钟)|万分(?!钟)|万一|千万(?=[别不要请注])|百科|百度|百忙|一键三连|十足|八成|千里|一百分/gu

const months = 'january february march april may june july august september october november december'.split(
  ' ',
)
const ordinals = 'first second third fourth fifth sixth seventh eighth ninth tenth'.split(' ')

const placeIn = (names: readonly string[], word: string): string =>
  String(names.findIndex((name) => name.startsWith(word.slice(0, 3).toLowerCase())) + 1)

/** What may stand for a number, though it may mean something else: enough to bear one out, not to ask for one. */
const impliedIn = (text: string): readonly string[] => [
  ...Array.from(
    text.matchAll(
      /\b(?:jan|feb|mar|apr|may|june?|july?|aug|sept?|oct|nov|dec)(?:uary|ruary|ch|il|ust|ember|tember|ober)?\b/giu,
    ),
    ([word]) => placeIn(months, word),
  ),
  ...Array.from(text.matchAll(new RegExp(`\\b(?:${ordinals.join('|')})\\b`, 'giu')), ([word]) =>
    String(ordinals.indexOf(word.toLowerCase()) + 1),
  ),
  ...(/\b(?:an?|once|single)\b|一/iu.test(text) ? ['1'] : []),
  ...(/\btwice\b|两|双/iu.test(text) ? ['2'] : []),
  ...(/\bhalf\b|半/iu.test(text) ? ['0.5'] : []),
]

/** Units that are told apart; others are words that follow a number by chance. */
const units: Readonly<Record<string, string>> = {
  ...{ 天: '天', day: '天', 工作日: '工作日', 'business day': '工作日', 'working day': '工作日' },
  ...{ 小时: '小时', hour: '小时', 分钟: '分钟', minute: '分钟', 秒: '秒', second: '秒' },
  ...{ 周: '周', week: '周', 元: '元', 美元: '美元', '%': '%', b币: 'b币' },
}

interface Numbers {
  /** Those that the other side has to have. */
  readonly values: ReadonlySet<string>
  /** Also those that may be meant. */
  readonly known: ReadonlySet<string>
  readonly unitsOf: ReadonlyMap<string, ReadonlySet<string>>
}

const readNumbers = (text: string): Numbers => {
  const words = text.normalize('NFKC').replace(idioms, ' ')
  const values = new Set<string>()
  const unitsOf = new Map<string, Set<string>>()
  const inDigits: ReadonlySet<string> = new Set(words.match(/(?<![\d.])(?:1|0\.5)(?!\d)/gu))
  for (const entry of numbersIn(words)) {
    const found = entry.match(/\d+(?:\.\d+)?/gu) ?? []
    const unit = units[/^[\d.~]+ (.+)$/u.exec(entry)?.[1] ?? '']
    for (const value of found) {
      // "一个" and "a" say little; "1" is meant.
      const isLoose = (value === '1' || value === '0.5') && !inDigits.has(value)
      if (!isLoose) values.add(value)
      if (unit !== undefined) unitsOf.set(value, (unitsOf.get(value) ?? new Set()).add(unit))
    }
  }
  return { values, known: new Set([...values, ...impliedIn(words)]), unitsOf }
}

/** Numbers on both sides that count something else there. */
const recounted = (one: Numbers, other: Numbers): readonly string[] =>
  [...one.unitsOf].flatMap(([value, own]) => {
    const theirs = other.unitsOf.get(value)
    if (theirs === undefined || [...own].some((unit) => theirs.has(unit))) return []
    return [...own].map((unit) => `${value} ${unit}`)
  })

const codesIn = (text: string): ReadonlySet<string> =>
  new Set(
    Array.from(
      text.normalize('NFKC').matchAll(/(?<![\w-])(?=[a-z_-]*\d)(?=[\d_-]*[a-z])[a-z\d][\w-]{2,}/giu),
      ([found]) => found.toLowerCase(),
    ).filter((found) => !/^\d+(?:st|nd|rd|th|am|pm|min|mins|h|hr|hrs|days?|gb|mb|kb|p|k)$/u.test(found)),
  )

const addressed = /(?<=^|[\s，,。；;、：:“《您你])[\p{Script=Han}]{1,3}(?:先生|女士|小姐|老师|同学)/gu

const honoured = (text: string): ReadonlySet<string> =>
  new Set(Array.from(text.matchAll(addressed), ([found]) => found))

const missing = (own: Iterable<string>, known: ReadonlySet<string>): readonly string[] =>
  [...own].filter((one) => !known.has(one))

/** Reads a source once; gives what says which facts of a text it does not have: numbers, addresses, codes. */
export const factsBeyond = (source: string): ((written: string) => readonly string[]) => {
  const [numbers, addresses, codes] = [readNumbers(source).known, addressesIn(source), codesIn(source)]
  return (written) => [
    ...missing(readNumbers(written).values, numbers),
    ...missing(addressesIn(written), addresses),
    ...missing(codesIn(written), codes),
  ]
}

/** Numbers, what they count, addresses and codes that are not the same in a text and what was made of it. */
export const changedFacts = (source: string, written: string): ChangedFacts => {
  const [before, after] = [readNumbers(source), readNumbers(written)]
  return {
    lost: [...factsBeyond(written)(source), ...recounted(before, after)],
    added: [...factsBeyond(source)(written), ...recounted(after, before)],
  }
}

/** Within one language also what is named: in quotation marks, by title, by the names that are known. */
export const changedNames = (source: string, written: string, names: readonly string[]): ChangedFacts => {
  const [before, after] = [plain(source), plain(written)]
  const named = names.filter((name) => name.trim().length > 1 && before.includes(plain(name)))
  const kept = (found: Iterable<string>, text: string): readonly string[] =>
    [...found].filter((one) => !text.includes(plain(one)))
  return {
    lost: [
      ...kept(namesIn(source), after),
      ...kept(honoured(source), after),
      ...kept(named, after),
      ...missing(thingsIn(source), thingsIn(written)),
    ],
    added: [
      ...kept(namesIn(written), before),
      ...kept(honoured(written), before),
      ...missing(thingsIn(written), thingsIn(source)),
    ],
  }
}
