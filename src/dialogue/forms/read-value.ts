import type { FormSlot, SlotKind } from '../../core/form.ts'
import type { Entity, EntityKind } from '../../core/understanding.ts'
import { findEntities } from '../../text/index.ts'
import { sameLabel } from '../ordinal.ts'
import { readYesNo } from './commands.ts'
import { daysNamed, readTime, type Today } from './read-time.ts'

const links: readonly EntityKind[] = ['video', 'article', 'live-room', 'uid', 'link', 'short-link']

/** Which named things answer a question. */
export const entityKinds: Readonly<Partial<Record<SlotKind, readonly EntityKind[]>>> = {
  link: links,
  evidence: links,
  video: ['video'],
  uid: ['uid'],
  'live-room': ['live-room'],
  phone: ['phone'],
  mail: ['mail'],
  order: ['order'],
}

/** Kinds of which one answer may hold several. */
export const severalKinds: readonly SlotKind[] = ['link', 'video', 'evidence']

const looksLikeLink = (written: string): boolean => /^https?:|^www\.|[./]/i.test(written)

/** What is kept of a named thing: an address whole, a number in its normal form. */
export const valueOf = (kind: SlotKind, entity: Entity): string =>
  (kind === 'link' || kind === 'evidence') && looksLikeLink(entity.text) ? entity.text : entity.value

/** A bare number, which only the open question makes one of these. */
const bareValues: Readonly<Partial<Record<SlotKind, RegExp>>> = {
  uid: /^(?:是|为|：|:|\s)*(?<value>\d{2,20})[。.！!\s]*$/u,
  'live-room': /^(?:是|为|：|:|\s)*(?<value>\d{1,12})[。.！!\s]*$/u,
  order: /^(?:是|为|：|:|\s)*(?<value>(?=[A-Z-]{0,8}\d{6})[A-Z0-9][A-Z0-9-]{5,39})[。.！!\s]*$/iu,
}

const amountWithUnit =
  /(?:[¥￥$]\s?(?<before>\d{1,7}(?:\.\d{1,2})?))|(?<![\d.])(?<after>\d{1,7}(?:\.\d{1,2})?)\s?(?:元|块|塊|圆|rmb|cny|yuan|个?b币|电池|電池)/iu
const bareAmount = /^(?:一共|大概|大约|约|共|是|about)?\s?(?<value>\d{1,7}(?:\.\d{1,2})?)\s?[。.！!]?$/iu

/** Without the commas of "12,345"; a Chinese comma parts two numbers, and so does one before another count of digits. */
const ungrouped = (text: string): string =>
  text
    .replace(/(?<![\d,])\d{1,3}(?:,\d{3})+(?![\d,])/gu, (number) => number.replaceAll(',', ''))
    .normalize('NFKC')

/** An amount with its unit, or a bare one where `bareToo`. */
export const readAmount = (text: string, bareToo: boolean): string | undefined => {
  const plain = ungrouped(text)
  const named = amountWithUnit.exec(plain)?.groups
  const value =
    named?.['before'] ?? named?.['after'] ?? (bareToo ? bareAmount.exec(plain)?.groups?.['value'] : undefined)
  return value === undefined || Number(value) === 0 ? undefined : value
}

/** A bare number that ends a part of the sentence, or stands in a choice or a span: "100 或者 200", "100-200 元", not "11-25" and no number of an order. */
const choiceAmount =
  /(?<![\d.:/-]|(?:订单|訂單|单|單|编|編|uid|av|号|號)[号號是为：:#\s]{0,5})(\d{1,7}(?:\.\d{1,2})?)(?=\s*(?:$|[,，。!！?？、~&]|[-–—/]\s*\d[\d.]*\s?(?:元|块|塊|圆|rmb|cny|yuan)|或|还是|還是|和|跟|与|與|及|到|至|or\b|and\b|to\b))/giu

const amountsNamed = (text: string): ReadonlySet<string> => {
  const plain = ungrouped(text.slice(0, 500))
  const withUnit = Array.from(plain.matchAll(new RegExp(amountWithUnit, 'giu')), ({ groups }) =>
    Number(groups?.['before'] ?? groups?.['after']),
  )
  const bare = Array.from(plain.matchAll(choiceAmount), (found) => Number(found[1]))
  return new Set([...withUnit, ...bare].map(String))
}

/** Whether a text names several amounts or days where the question takes one: which is meant is not guessed. */
export const namesSeveral = ({ kind, single }: FormSlot, text: string, today: Today): boolean => {
  if (single !== true) return false
  if (kind === 'amount') return amountsNamed(text).size > 1
  return kind === 'date' && daysNamed(text.slice(0, 500), today).size > 1
}

const letters = (text: string): number => text.match(/[\p{L}\p{N}]/gu)?.length ?? 0

/** The words of a text answer on one line, as long as they are kept; undefined when they say too little. */
export const readWords = ({ minLength, maxLength }: FormSlot, text: string): string | undefined => {
  const line = text.replace(/\s+/g, ' ').trim()
  if (letters(line.slice(0, 2_000)) < minLength) return undefined
  const characters = Array.from(line.slice(0, maxLength * 2))
  return characters.length <= maxLength && line.length <= maxLength * 2
    ? line
    : `${characters.slice(0, maxLength - 1).join('')}…`
}

/** Counts letters and digits: what a message says beside marks and emoji. */
export const countLetters = letters

/** The option a text names: by its words alone, or as the only one whose words stand in it. */
export const readOption = ({ options }: FormSlot, text: string): string | undefined => {
  const same = options.find(({ label }) => sameLabel(label.zh, text) || sameLabel(label.en, text))
  if (same !== undefined) return same.id
  const plain = text.normalize('NFKC').toLowerCase().slice(0, 500)
  const named = options.filter(({ label }) =>
    [label.zh, label.en].some((words) => words.length > 1 && plain.includes(words.toLowerCase())),
  )
  return named.length === 1 ? named[0]?.id : undefined
}

const fromEntities = (slot: FormSlot, text: string): string | undefined => {
  const kinds = entityKinds[slot.kind] ?? []
  const found = findEntities(text).filter(({ kind }) => kinds.includes(kind))
  const values = [...new Set(found.map((entity) => valueOf(slot.kind, entity)))]
  if (values.length === 0 || (slot.single === true && values.length > 1)) return undefined
  return (severalKinds.includes(slot.kind) ? values.slice(0, 5).join(' ') : (values[0] ?? '')).slice(0, 500)
}

/** Whether the question takes the value, its kind aside. */
export const isTaken = ({ fits }: FormSlot, value: string): boolean => fits?.(value) ?? true

/** The answer a text gives to an open question; undefined when it gives none that fits. */
export const readValue = (slot: FormSlot, text: string, today: Today): string | undefined => {
  if (namesSeveral(slot, text, today)) return undefined
  const value = readKind(slot, text, today)
  return value === undefined || !isTaken(slot, value) ? undefined : value
}

const readKind = (slot: FormSlot, text: string, today: Today): string | undefined => {
  switch (slot.kind) {
    case 'text':
      return readWords(slot, text)
    case 'choice':
      return readOption(slot, text)
    case 'yes-no':
      return readYesNo(text)
    case 'date':
      return readTime(text, today)
    case 'amount':
      return readAmount(text, true)
    case 'link':
    case 'video':
    case 'phone':
    case 'mail':
    case 'evidence':
      return fromEntities(slot, text)
    case 'uid':
    case 'live-room':
    case 'order': {
      const bare = bareValues[slot.kind]?.exec(text.normalize('NFKC').trim())?.groups?.['value']
      return bare?.toUpperCase() ?? fromEntities(slot, text)
    }
    default:
      return slot.kind satisfies never
  }
}
