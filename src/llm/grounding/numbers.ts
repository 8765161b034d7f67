import { moments, type Pattern } from './moments.ts'
import { english, figure, numberOf, numerals } from './numerals.ts'
import { labelEnd, plain, withoutListNumbers, withSingleBlanks } from './read.ts'

const units =
  '个?工作日|个?自然日|个?月|个?小时|分钟|秒钟?|天|日|号|周|个?星期|年|万元|元|块钱?|美元|b币|%|折|倍|次|岁|周岁|级|条|张|人|台|点'
const englishUnits =
  '(?:business |working )?days?|hours?|hrs?|minutes?|mins?|seconds?|weeks?|months?|years?|yuan|rmb|usd|dollars?|percent|times'
/** What Chinese numerals count, beside units and 个. */
const counters = '[种步位笔项款份件部套类段篇页集期层档轮场局届组]'
const numeralSigns = '零〇一二两三四五六七八九十百千万亿'
const ordinals = 'second third fourth fifth sixth seventh eighth ninth tenth'.split(' ')
/** Of sizes, rates and pictures: 8GB, 6000 kbps, 1080P. */
const technicalUnits = '(?:[kmgt]b|[km]bps|fps|hz|px|[pkgm])(?![a-z])'

const aliases: Readonly<Record<string, string>> = {
  ...{ 块: '元', 块钱: '元', yuan: '元', rmb: '元', '¥': '元', $: '美元', usd: '美元', dollar: '美元' },
  ...{
    秒钟: '秒',
    号: '日',
    星期: '周',
    周岁: '岁',
    hr: 'hour',
    min: 'minute',
    percent: '%',
    g: 'gb',
    m: 'mb',
  },
}

const unitOf = (written: string): string => {
  const unit = written
    .trim()
    .replace(/^个/, '')
    .replace(/(?<=[a-z]{3})s$/, '')
  return aliases[unit] ?? unit
}

/** Signs between the digits of one number. */
export const thousands = /(?<=\d),(?=\d{3}(?!\d))/g

const anyUnit = `(?:${units}|${englishUnits}|${technicalUnits}|(?:个?\\p{Script=Han}))?`
const time = '\\d{1,2}:\\d{2}'
const timeOf = (written: string): string => written.split(':').map(Number).join(' ')

/** From one to another, in each way that it is written; a first unit may stand behind the first, too. */
const spans = (one: string, unit: string, name: Pattern[1]): readonly Pattern[] => {
  const from = unit === '' ? one : `${one}\\s*(?:${units}|${englishUnits})?`
  const to = unit === '' ? `${one}(?!\\d|[.:]\\d)` : `${one}\\s*${unit}`
  return [
    [new RegExp(`\\bbetween\\s+${from}\\s*and\\s*${to}`, 'gu'), name],
    [new RegExp(`${from}\\s*(?:-|~|–|—|至|到|to|until|till|through)\\s*${to}`, 'gu'), name],
  ]
}

/** Of numbers without a unit; these are often something else. */
const wordsAlone = Object.keys(english).filter((word) => word !== 'one' && word !== 'half')

/** In order: what is read as one is not read again in parts. */
const patterns: readonly Pattern[] = [
  ...moments,
  [
    /(?:(\d{4})\s*年\s*)?(\d{1,2})\s*月\s*(\d{1,2})\s*[日号]/gu,
    ([year = '', month = '', day = '']) => `date ${year} ${Number(month)} ${Number(day)}`,
  ],
  [
    /(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})/gu,
    ([year = '', month = '', day = '']) => `date ${year} ${Number(month)} ${Number(day)}`,
  ],
  [/(\d{1,6})\s*[x×]\s*(\d{1,6})(?![\d.])/gu, ([width = '', height = '']) => `code ${width}x${height}`],
  // In parts a telephone number would be another's, too.
  [
    /(?<![\d.-])((?:400|800)[ –—-]?\d{3}[ –—-]?\d{4}|0\d{2,3}[ –—-]\d{7,8})(?![\d-])/gu,
    ([number = '']) => `code ${number.replace(/\D/gu, '')}`,
  ],
  [
    /(?<![\d.])(\d{2,20}(?:[-–—]\d{2,20}){2,6})(?!\d)/gu,
    ([code = '']) => `code ${code.replace(/[–—]/gu, '-')}`,
  ],
  ...spans(`(${time})`, '', ([from = '', to = '']) => `time ${timeOf(from)}~${timeOf(to)}`),
  [new RegExp(`(${time})(?!\\d)`, 'gu'), ([one = '']) => `time ${timeOf(one)}`],
  ...spans(
    `(${figure}|${numerals})`,
    `(${units}|${englishUnits}|${technicalUnits})`,
    ([from = '', to = '', unit = '']) => `${numberOf(from.trim())}~${numberOf(to.trim())} ${unitOf(unit)}`,
  ),
  ...spans('(\\d{1,9})', '', ([from = '', to = '']) => `${Number(from)}~${Number(to)} `),
  [new RegExp(`百分之(${numerals}|${figure})`, 'gu'), ([share = '']) => `${numberOf(share.trim())} %`],
  [
    new RegExp(`(${numerals}|${figure})分之(${numerals}|${figure})`, 'gu'),
    ([whole = '', part = '']) => `share ${numberOf(part.trim())}/${numberOf(whole.trim())}`,
  ],
  [new RegExp(`第(${numerals}|${figure})`, 'gu'), ([place = '']) => `nth ${numberOf(place.trim())}`],
  [
    new RegExp(`([¥$])\\s*(${figure})`, 'gu'),
    ([sign = '', amount = '']) => `${numberOf(amount.trim())} ${unitOf(sign)}`,
  ],
  [
    new RegExp(`(?<![a-z0-9.])(${figure})\\s*(${anyUnit})`, 'gu'),
    ([amount = '', unit = '']) => `${numberOf(amount.trim())} ${unitOf(unit)}`,
  ],
  [
    new RegExp(`(${numerals})\\s*(${units})`, 'gu'),
    ([n = '', unit = '']) => `${numberOf(n)} ${unitOf(unit)}`,
  ],
  // "一个" and "一种" count nothing.
  [
    new RegExp(`(?!一(?![${numeralSigns}]))(${numerals})\\s*(个\\p{Script=Han}|${counters})`, 'gu'),
    ([n = '', unit = '']) => `${numberOf(n)} ${unitOf(unit)}`,
  ],
  [
    /([一二两三四五六七八九]?[十百千万亿][零一二三四五六七八九十百千万亿]*)/gu,
    ([n = '']) => `${numberOf(n)} `,
  ],
  [
    new RegExp(`\\b(${Object.keys(english).join('|')})(?: an?)?[ -]+(${englishUnits})\\b`, 'gu'),
    ([n = '', unit = '']) => `${numberOf(n)} ${unitOf(unit)}`,
  ],
  [/\b(twice|thrice)\b/gu, ([often = '']) => `${often === 'twice' ? 2 : 3} time`],
  [
    /\bthe (second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)\b/gu,
    ([place = '']) => `nth ${ordinals.indexOf(place) + 2}`,
  ],
  [new RegExp(`\\b(${wordsAlone.join('|')})\\b`, 'gu'), ([n = '']) => `${numberOf(n)} `],
  // Digits within a code are the code's.
  [/(\d+(?:\.\d+)?)/gu, ([n = '']) => `${Number(n)} `],
]

/** Stands for the number found as the `place`th. */
const sign = (place: number): string => String.fromCodePoint(0xf0000 + place)
const placeOf = (found: string): number => (found.codePointAt(0) ?? 0) - 0xf0000
/** As many numbers as there are signs. */
const most = 60_000
const signs = /([\u{f0000}-\u{10fffd}])/u

/** What lies after some time is not what lies before it, or within: 3天后, 3天前, 3天内, after 3 days. */
const sideOf = (named: string, before: string, behind: string): string => {
  if (!/^(?:date|time) |(?:天|日|周|月|年|小时|分钟|秒|点|day|week|month|year|hour|minute)$/u.test(named))
    return ''
  const [, side] =
    /\b(after|before) $/u.exec(before) ?? /^\s*[之以过]?(后(?![面台续])|前(?![往面台]))/u.exec(behind) ?? []
  return side === undefined ? '' : ` ${side}`
}

interface Read {
  readonly numbers: readonly string[]
  readonly rest: string
}

const between = new RegExp(
  `(${signs.source})\\s*(?:-|~|–|—|至|到|to|until|till|through)\\s*(${signs.source})`,
  'gu',
)

/** From one hour to another, however each is written: 上午9点到下午6点 is 9:00-18:00. */
const joinHours = (numbers: readonly string[], text: string): Read => {
  const joined = [...numbers]
  const rest = text.replace(between, (found, from: string, _from, to: string) => {
    const span = [from, to].map((one) => /^time (\d+ \d+)$/u.exec(numbers[placeOf(one)] ?? '')?.[1])
    if (span.includes(undefined)) return found
    joined[placeOf(from)] = joined[placeOf(to)] = `time ${span.join('~')}`
    return from
  })
  return { numbers: joined, rest }
}

const read = (text: string): Read => {
  const numbers: string[] = []
  const bare = withoutListNumbers(withSingleBlanks(plain(text))).replace(thousands, '')
  let rest = bare.replace(/\p{Co}/gu, ' ')
  for (const [pattern, name] of patterns)
    rest = rest.replace(pattern, (found: string, ...match: readonly unknown[]) => {
      if (numbers.length >= most) return ' '
      // Behind the groups stand the offset and the whole text.
      const [offset, whole] = match.slice(-2) as [number, string]
      const named = name(match.slice(0, -2).map((group) => (typeof group === 'string' ? group : '')))
      numbers.push(
        named +
          sideOf(
            named,
            whole.slice(Math.max(0, offset - 12), offset),
            whole.slice(offset + found.length, offset + found.length + 6),
          ),
      )
      return ` ${sign(numbers.length - 1)} `
    })
  return joinHours(numbers, rest)
}

/**
 * Numbers of a text with what they count, in a normal form: 7天, 七天 and 7 天 are one, 1-3天 is another than 3天. Dates,
 * times, amounts, percentages and ordinals in digits and Chinese numerals.
 */
export const numbersIn = (text: string): ReadonlySet<string> => new Set(read(text).numbers)

/** What a number counts; else the first word of its name. */
const kindOf = (number: string): string =>
  /^(?:date|time|nth|code|weekday|every|when|part|side|share)(?= )|(?<= ).*$/u.exec(number)?.[0] ?? ''

/** How often, which day, which part of it, and which side. */
export const isMoment = (number: string): boolean =>
  ['every', 'when', 'part', 'side'].includes(kindOf(number))

/** Those that count or date something: neither how often, which day, which part of it, nor which side. */
export const quantitiesIn = (text: string): ReadonlySet<string> =>
  new Set([...numbersIn(text)].filter((found) => !isMoment(found)))

/** A picture's size is counted by nothing: it is what a clause speaks of. */
const size = /^(\d+) ([pk])$/u

/** The text, plain, without its numbers and what they count. */
export const withoutNumbers = (text: string): string => {
  const { numbers, rest } = read(text)
  return rest
    .replaceAll(new RegExp(signs, 'gu'), (found) => {
      const [, count = '', letter = ''] = size.exec(numbers[placeOf(found)] ?? '') ?? []
      return ` ${count}${letter} `
    })
    .replaceAll(labelEnd, ' ')
}

/** A number of a text, with the words up to those beside it. */
export interface Figure {
  /** As of `numbersIn`. */
  readonly number: string
  /** What it counts; else the first word of its name: `date`, `time`, `nth`, `code`, `weekday` … */
  readonly kind: string
  readonly before: string
  readonly after: string
}

/** The numbers of a text as they stand in it. */
export const figuresIn = (text: string): readonly Figure[] => {
  const { numbers, rest } = read(text)
  const parts = rest.split(signs)
  return parts.flatMap((part, at) => {
    if (at % 2 === 0) return []
    const number = numbers[placeOf(part)] ?? ''
    const [before = '', after = ''] = [parts[at - 1], parts[at + 1]]
    return [{ number, kind: kindOf(number), before, after }]
  })
}
