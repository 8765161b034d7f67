import type { PersonalKind } from '../core/masking.ts'
import type { EntityKind } from '../core/understanding.ts'
import { findEntities } from './entities.ts'
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
