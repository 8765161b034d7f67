import type { Form, FormSlot } from '../../core/form.ts'
import type { FormAnswer } from '../../core/form-progress.ts'
import type { Entity } from '../../core/understanding.ts'
import { findEntities } from '../../text/index.ts'
import { applies } from './progress.ts'
import { readDay, type Today } from './read-time.ts'
import {
  countLetters,
  entityKinds,
  isTaken,
  namesSeveral,
  readAmount,
  readOption,
  severalKinds,
  valueOf,
} from './read-value.ts'

type Answers = Readonly<Record<string, FormAnswer>>

/** Characters before a value in which words like "我的" are about it. */
const nearness = 14

const namedBefore = (text: string, { start }: Entity, from: number, words: readonly string[]): boolean => {
  const before = text.slice(Math.max(from, start - nearness), start).toLowerCase()
  return words.some((word) => before.includes(word.toLowerCase()))
}

/** What a text may answer beside, or at, the open question. */
interface Ground {
  readonly form: Form
  readonly answers: Answers
  /** The open question; empty: none. */
  readonly open: string
  readonly today: Today
}

/**
 * Gives each named thing to one question: to one whose words stand right before it, answered or not; else to the open
 * one; else to the first that takes its kind and has no answer, required ones before others.
 */
const takeEntities = (text: string, { form, answers, open }: Ground): Answers => {
  const entities = findEntities(text)
  const used = new Set<Entity>()
  const taken: Record<string, FormAnswer> = {}
  const take = (slot: FormSlot, fits: (entity: Entity, at: number) => boolean): void => {
    const kinds = entityKinds[slot.kind] ?? []
    const mine = entities.filter(
      (entity, at) => kinds.includes(entity.kind) && !used.has(entity) && fits(entity, at),
    )
    if (slot.single === true && new Set(mine.map((entity) => valueOf(slot.kind, entity))).size > 1) return
    const kept = severalKinds.includes(slot.kind) ? mine.slice(0, 5) : mine.slice(0, 1)
    for (const entity of kept) used.add(entity)
    const values = [...new Set(kept.map((entity) => valueOf(slot.kind, entity)))]
    const value = values.join(' ').slice(0, 500)
    if (value !== '' && isTaken(slot, value)) taken[slot.name] = { value }
  }
  const slots = form.slots.filter((slot) => applies(slot, answers))
  for (const slot of slots.filter(({ near }) => near.length > 0))
    take(slot, (entity, at) => namedBefore(text, entity, entities[at - 1]?.end ?? 0, slot.near))
  const isFree = ({ name, kind }: FormSlot): boolean =>
    answers[name] === undefined && taken[name] === undefined && kind !== 'evidence'
  for (const slot of slots.filter(({ name }) => name === open && taken[name] === undefined))
    take(slot, () => true)
  for (const required of [true, false])
    for (const slot of slots.filter((one) => one.required === required && isFree(one))) take(slot, () => true)
  return taken
}

const takeOther = (text: string, slot: FormSlot, today: Today): string | undefined => {
  if (namesSeveral(slot, text, today)) return undefined
  if (slot.kind === 'amount') return readAmount(text, false)
  if (slot.kind === 'choice') return readOption(slot, text)
  if (slot.kind !== 'date') return undefined
  const day = readDay(text.slice(0, 500), today)
  return day?.iso
}

/** The answers a text gives: what is named in it beyond doubt, for the open question and for others. */
export const takeFrom = (text: string, ground: Ground): Answers => {
  const { form, answers, open, today } = ground
  const taken: Record<string, FormAnswer> = { ...takeEntities(text, ground) }
  for (const slot of form.slots) {
    if (slot.name === open || answers[slot.name] !== undefined || !applies(slot, answers)) continue
    const value = takeOther(text, slot, today)
    if (value !== undefined && isTaken(slot, value)) taken[slot.name] = { value }
  }
  return taken
}

/** What the words that start a form answer already, its telling question among it. */
export const takeFromStart = (text: string, form: Form, today: Today): Answers => {
  const named = takeFrom(text, { form, answers: {}, open: '', today })
  const told = form.slots.find(
    ({ name, fromStart }) =>
      fromStart !== undefined && named[name] === undefined && countLetters(text) >= fromStart,
  )
  if (told === undefined) return named
  return {
    ...named,
    [told.name]: { value: Array.from(text.replace(/\s+/g, ' ').trim()).slice(0, told.maxLength).join('') },
  }
}
