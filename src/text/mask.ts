import type { PersonalKind } from '../core/masking.ts'
import { narrow } from '../core/narrow.ts'
import type { EntityKind } from '../core/understanding.ts'
import { allEntities, findEntities } from './entities.ts'
import { findLoose } from './loose-forms.ts'
import { findPersonal } from './personal.ts'

/** What tells who somebody is, or what is theirs. Videos, articles and live rooms are public. */
const personal: ReadonlySet<EntityKind> = new Set(['phone', 'mail', 'uid', 'order', 'link', 'short-link'])

/** Numbers of cards, identity cards, telephones without form: six digits and more, also in groups of four. */
const longNumbers = /(?<![\w.])\d{17}[\dXx](?!\w)|(?<!\w)(?:\d{4}[ -]){2,4}\d{1,7}(?!\w)|\d{6,}|[０-９]{6,}/gu
const names: Readonly<Partial<Record<EntityKind, string>>> = {
  phone: '[电话]',
  mail: '[邮箱]',
  uid: '[UID]',
  order: '[订单号]',
  link: '[链接]',
  'short-link': '[链接]',
}

const personalNames: Readonly<Partial<Record<PersonalKind, string>>> = { phone: '[电话]', email: '[邮箱]' }

const replaceAll = (
  text: string,
  found: readonly { readonly start: number; readonly end: number; readonly name: string | undefined }[],
): string =>
  found.reduceRight(
    (left, { start, end, name = '[***]' }) => left.slice(0, start) + name + left.slice(end),
    text,
  )

/** A text as a record of what people wish may keep it: what identifies a person is replaced by what it was. */
export const maskPersonal = (text: string): string => {
  const entities = findEntities(text).filter(({ kind }) => personal.has(kind))
  const left = replaceAll(
    text,
    entities.map((one) => ({ ...one, name: names[one.kind] })),
  )
  // What is masked wherever it is shown is not kept here either: passports, landlines, numbers abroad.
  const rest = findPersonal(left).map((one) => ({ ...one, name: personalNames[one.kind] }))
  return replaceAll(left, rest).replace(longNumbers, '[***]')
}

/** Something that identifies a person, with what it is in a word: `PHONE`, `ORDER`, `NUMBER` where it is not known. */
export interface IdentifyingSpan {
  readonly kind: string
  readonly start: number
  readonly end: number
}

const words: Readonly<Record<PersonalKind | EntityKind, string>> = {
  idCard: 'ID_CARD',
  phone: 'PHONE',
  bankCard: 'BANK_CARD',
  email: 'MAIL',
  mail: 'MAIL',
  passport: 'PASSPORT',
  uid: 'ACCOUNT',
  order: 'ORDER',
  link: 'LINK',
  'short-link': 'LINK',
  video: 'VIDEO',
  article: 'ARTICLE',
  'live-room': 'ROOM',
}

const numbersIn = (text: string): readonly IdentifyingSpan[] =>
  Array.from(text.matchAll(longNumbers), ({ 0: found, index }) => ({
    kind: 'NUMBER',
    start: index,
    end: index + found.length,
  }))

/** Those that overlap made one, by the kind of the first; in order. */
const apart = (found: readonly IdentifyingSpan[]): readonly IdentifyingSpan[] => {
  const kept: IdentifyingSpan[] = []
  for (const span of found.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    const last = kept.at(-1)
    if (last === undefined || span.start >= last.end) kept.push(span)
    else kept[kept.length - 1] = { ...last, end: Math.max(last.end, span.end) }
  }
  return kept
}

/** What has a form: long numbers apart from the rest, and what is public. */
const readForms = (text: string) => {
  const entities = allEntities(text)
  const open = entities.filter(({ kind }) => !personal.has(kind))
  const isOpen = ({ start, end }: IdentifyingSpan): boolean =>
    open.some((entity) => entity.start <= start && end <= entity.end)
  const known = [
    ...entities
      .filter(({ kind }) => personal.has(kind))
      .map(({ kind, start, end }) => ({ kind: words[kind], start, end })),
    ...findPersonal(text).map(({ kind, start, end }) => ({ kind: words[kind], start, end })),
  ]
  return { known, open, numbers: numbersIn(text).filter((span) => !isOpen(span)) }
}

/**
 * What identifies a person in the whole of a text, by the same forms as `maskPersonal`: in order, and none over another;
 * those that overlap count as one. Pure.
 */
export const findIdentifying = (text: string): readonly IdentifyingSpan[] => {
  const { known, numbers } = readForms(text)
  return apart([...known, ...numbers])
}

/** The text with line ends in the place of spans, so that nothing is found in them or runs into them. */
const without = (text: string, spans: readonly IdentifyingSpan[]): string => {
  let [left, at] = ['', 0]
  for (const { start, end } of apart(spans)) {
    left += text.slice(at, start) + '\n'.repeat(end - start)
    at = end
  }
  return left + text.slice(at)
}

/**
 * The same, and what identifies a person though it is written as no form has it. It takes more than it must: for where
 * what was taken out is put back.
 */
export const findIdentifyingLoosely = (text: string): readonly IdentifyingSpan[] => {
  const { known, open, numbers } = readForms(text)
  const loose = findLoose(without(narrow(text), [...known, ...open]))
  return apart([...known, ...numbers, ...loose])
}
