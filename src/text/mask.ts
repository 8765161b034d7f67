import type { EntityKind } from '../core/understanding.ts'
import { findEntities } from './entities.ts'

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

/** A text as a record of what people wish may keep it: what identifies a person is replaced by what it was. */
export const maskPersonal = (text: string): string =>
  findEntities(text)
    .filter(({ kind }) => personal.has(kind))
    .reduceRight(
      (left, { kind, start, end }) => left.slice(0, start) + (names[kind] ?? '[***]') + left.slice(end),
      text,
    )
    .replace(longNumbers, '[***]')
