import {
  type MaskedSpan,
  type Masker,
  type PersonalKind,
  personalKinds,
  type PersonalSpan,
} from '../core/masking.ts'
import { narrow } from '../core/narrow.ts'
import type { EntityKind } from '../core/understanding.ts'
import { allEntities } from './entities.ts'
import { isBankCard, isIdCard, isLandline, isMailAddress, isPassport, isTelephone } from './personal-forms.ts'

/** One way in which personal data is written. `pattern` is global and linear. */
interface Form {
  readonly kind: PersonalKind
  readonly pattern: RegExp
  /** Whether what was found is such a thing, by its check digit or by the words before it. */
  readonly holds?: (found: string, before: string, after: string) => boolean
  readonly mask: (found: string) => string
  /** It is so surely such a thing that no word before it makes it an account's or an order's number. */
  readonly sure?: (found: string) => boolean
}

const digitsOf = (found: string): string => found.replace(/[^\dXx]/g, '')
const ends = (text: string, first: number, last: number): string =>
  `${text.slice(0, first)}${'*'.repeat(Math.max(4, text.length - first - last))}${text.slice(text.length - last)}`

const mobileDigits = '1(?:3\\d|4[014-9]|5[0-35-9]|6[2567]|7[0-8]|8\\d|9[0-35-9])'
const alone = '(?<![A-Za-z0-9])(?<!\\d\\.)'
const called = '(?<=(?<![A-Za-z])(?:tel|phone|mobile|cell|vx|wx|v|call))'
const numerals = '零〇一二三四五六七八九幺两'

const maskMobile = (found: string): string => {
  const digits = digitsOf(found).slice(-11)
  return `${digits.slice(0, 3)}****${digits.slice(-4)}`
}
const maskLandline = (found: string): string => {
  const [, area = '', number = ''] = /^\(?(010|02\d|0\d{3})\)?[ -]?(\d{7,8})/.exec(found) ?? []
  return `${area}-****${number.slice(-4)}`
}
const maskMail = (found: string): string => `${found.slice(0, 1)}***${found.slice(found.indexOf('@'))}`

/** In order of precedence where two of the same length begin at the same place. */
const forms: readonly Form[] = [
  {
    kind: 'email',
    pattern: /(?<![\w.+-])[\w.+-]{1,64}@[a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63}){0,3}\.[a-z]{2,24}(?![\w-])/gi,
    holds: isMailAddress,
    mask: maskMail,
  },
  {
    kind: 'idCard',
    pattern: /(?<!\d)(?<!\d\.)[1-9]\d{5}[ -]?(?:18|19|20)\d{2}[ -]?\d{4}[ -]?\d{3}[\dXx](?![A-Za-z0-9])/g,
    holds: isIdCard,
    mask: (found) => ends(digitsOf(found), 3, 2),
    sure: (found) => isIdCard(found, ''),
  },
  {
    kind: 'idCard',
    pattern: new RegExp(`${alone}[1-9]\\d{14}(?![A-Za-z0-9])`, 'g'),
    holds: isIdCard,
    mask: (found) => ends(found, 3, 2),
  },
  {
    kind: 'phone',
    pattern: new RegExp(
      `(?:${alone}|${called})(?:(?:\\+|00)?86[ -]?)?${mobileDigits}(?:[ -]?\\d{4}[ -]?\\d{4}|\\.\\d{4}\\.\\d{4}|[ -]\\d{3}[ -]\\d{5})(?![A-Za-z0-9])`,
      'gi',
    ),
    holds: isTelephone,
    mask: maskMobile,
  },
  {
    kind: 'phone',
    pattern: new RegExp(
      `(?<![${numerals}十百千万亿])[一幺][三四五六七八九][${numerals}]{9}(?![${numerals}十百千万亿])`,
      'g',
    ),
    mask: (found) => `${found.slice(0, 3)}****${found.slice(-4)}`,
  },
  {
    kind: 'phone',
    pattern: new RegExp(`(?:${alone}|(?<=\\())\\(?0\\d{2,3}\\)?[ -]?\\d{7,8}(?![A-Za-z0-9])`, 'g'),
    holds: isLandline,
    mask: maskLandline,
  },
  {
    kind: 'phone',
    pattern: /(?<![A-Za-z0-9+])\+(?!86)[1-9]\d{0,2}(?:[ -]?\d){7,12}(?![A-Za-z0-9])/g,
    holds: isTelephone,
    mask: (found) => ends(`+${digitsOf(found)}`, 4, 2),
  },
  {
    kind: 'bankCard',
    pattern: new RegExp(`${alone}\\d(?:[ -]?\\d){12,18}(?![A-Za-z0-9])`, 'g'),
    holds: isBankCard,
    mask: (found) => `****${digitsOf(found).slice(-4)}`,
  },
  {
    kind: 'passport',
    pattern: /(?<![A-Za-z0-9])[A-Za-z][A-Za-z]?\d{7,10}(?![A-Za-z0-9])/g,
    holds: isPassport,
    mask: (found) => ends(found, 1, 2),
  },
]

/** What agents work with and everybody may see: it is never personal, whatever stands in it. */
const shown: ReadonlySet<EntityKind> = new Set([
  'link',
  'short-link',
  'video',
  'article',
  'live-room',
  'uid',
  'order',
])

/** Nothing personal is shorter: most texts are done with here. */
const suspicious = new RegExp(
  `[@＠]|[0-9０-９][0-9０-９ ().－\\u00a0\\u2007\\u202f\\u2010-\\u2013-]{5}|[${numerals}]{11}`,
)

interface Found extends PersonalSpan {
  readonly form: Form
}

const readForm = (text: string, form: Form): readonly Found[] =>
  Array.from(text.matchAll(form.pattern)).flatMap((match) => {
    const [start, end] = [match.index, match.index + match[0].length]
    const { kind, holds = () => true } = form
    const around = [text.slice(Math.max(0, start - 24), start), text.slice(end, end + 6)] as const
    return holds(match[0], ...around) ? [{ kind, start, end, form }] : []
  })

const findAll = (text: string, kinds: ReadonlySet<PersonalKind>): readonly Found[] => {
  if (!suspicious.test(text)) return []
  const plain = narrow(text)
  const found = forms.filter(({ kind }) => kinds.has(kind)).flatMap((form) => readForm(plain, form))
  if (found.length === 0) return []
  const open = allEntities(text).filter(({ kind }) => shown.has(kind))
  // Both in order, and no entity over another: what ends before a place is done with.
  let done = 0
  const isOpen = ({ start, end, form }: Found): boolean => {
    while ((open[done]?.end ?? Infinity) <= start) done += 1
    const entity = open[done]
    if (entity === undefined || entity.start > start || entity.end < end) return false
    return !(entity.kind === 'uid' && form.sure?.(plain.slice(start, end)) === true)
  }
  const kept: Found[] = []
  for (const span of found.toSorted((a, b) => a.start - b.start || b.end - a.end))
    if (span.start >= (kept.at(-1)?.end ?? 0) && !isOpen(span)) kept.push(span)
  return kept
}

/**
 * Personal data in a text: identity cards, telephones, bank cards, mail addresses, passports; in order, none over another.
 * Links, videos, articles, live rooms, accounts and order numbers are none. Pure, linear in the text's length.
 */
export const findPersonal = (text: string): readonly PersonalSpan[] =>
  findAll(text, new Set(personalKinds)).map(({ kind, start, end }) => ({ kind, start, end }))

const sharedStart = (one: string, other: string): number => {
  let at = 0
  while (at < one.length && one.charAt(at) === other.charAt(at)) at += 1
  return at
}
const sharedEnd = (one: string, other: string): number => {
  let last = 0
  while (last < one.length && one.at(-1 - last) === other.at(-1 - last)) last += 1
  return last
}

/** The country code is left out of what is shown, and is no secret. */
const countryCode = /^(?:\+|00)?86[ -]?(?=1\d)/

const maskSpan = (text: string, { kind, start, end, form }: Found): MaskedSpan => {
  const found = narrow(text.slice(start, end))
  const masked = form.mask(found)
  const lead = kind === 'phone' ? (countryCode.exec(found)?.[0].length ?? 0) : 0
  const rest = found.slice(lead)
  const shown = sharedStart(rest, masked)
  const last = Math.min(sharedEnd(rest, masked), rest.length - shown, masked.length - shown)
  return { kind, start, end, masked, shown, hidden: { from: start + lead + shown, to: end - last } }
}

/** What `mask` leaves of each kind. */
const traces =
  /\d{3}\*{4}\d{4}|\d{3}\*{10,13}[\dXx]{2}|(?<![\d*])\*{4}\d{4}|[\w.+-]\*{3}@[\w-]+\.|[A-Za-z]\*{5,9}\d{2}|0\d{2,3}-\*{4}\d{4}|\+\d{3}\*{4,}\d{2}|[零〇一二三四五六七八九幺]{3}\*{4}/

/** Masks personal data of these kinds. */
export const createMasker = (kinds: readonly PersonalKind[]): Masker => {
  const wanted = new Set(kinds)
  const spans = (text: string): readonly MaskedSpan[] =>
    findAll(text, wanted).map((found) => maskSpan(text, found))
  return {
    spans,
    text: (text) =>
      spans(text).reduceRight(
        (left, { start, end, masked }) => left.slice(0, start) + masked + left.slice(end),
        text,
      ),
    kinds: (text) => [...new Set(findAll(text, wanted).map(({ kind }) => kind))],
    isMasked: (text) => traces.test(text),
  }
}
