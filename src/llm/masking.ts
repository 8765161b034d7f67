import { findIdentifyingLoosely } from '../text/index.ts'
import type { ModelMaterial } from '../core/language-model.ts'

/** Material without what identifies people, and how an answer gets it back. */
export interface MaskedMaterial {
  readonly material: readonly ModelMaterial[]
  /** Puts it back into every string of a value. Undefined: something stands in it that stands for nothing. */
  readonly restore: (value: unknown) => { readonly value: unknown } | undefined
}

/** As it was written, and as models are fond of writing it. */
const mark = /\\?[[【［]([A-Z]+(?:_[A-Z]+)*_\d+)\\?[\]】］]/gu

const mapStrings = (value: unknown, change: (text: string) => string): unknown => {
  if (typeof value === 'string') return change(value)
  if (Array.isArray(value)) return value.map((one: unknown) => mapStrings(one, change))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]: [string, unknown]) => [name, mapStrings(inner, change)]),
  )
}

/** Names what is taken out: the same thing always by the same name, and never by one that stands in a text. */
const createNames = (taken: ReadonlySet<string>) => {
  const names = new Map<string, string>()
  const things = new Map<string, string>()
  const counts = new Map<string, number>()
  const next = (kind: string): string => {
    const number = (counts.get(kind) ?? 0) + 1
    counts.set(kind, number)
    const name = `${kind}_${String(number)}`
    return taken.has(name) ? next(kind) : name
  }
  return {
    things,
    nameOf: (thing: string, kind: string): string => {
      const known = names.get(thing)
      if (known !== undefined) return known
      const name = next(kind)
      names.set(thing, name)
      things.set(name, thing)
      return name
    },
  }
}

/**
 * Takes out of the material what identifies people by its form: telephones, mail addresses, cards, passports, accounts,
 * orders, links, long numbers, however loosely they are written. Names of people have no form; they stay.
 */
export const maskMaterial = (material: readonly ModelMaterial[]): MaskedMaterial => {
  const written = new Set(
    material.flatMap(({ text }) => Array.from(text.matchAll(mark), ([, name = '']) => name)),
  )
  const { things, nameOf } = createNames(written)
  const mask = (text: string): string => {
    let [masked, at] = ['', 0]
    for (const { kind, start, end } of findIdentifyingLoosely(text)) {
      masked += `${text.slice(at, start)}[${nameOf(text.slice(start, end), kind)}]`
      at = end
    }
    return masked + text.slice(at)
  }
  return {
    material: material.map(({ name, text }) => ({ name, text: mask(text) })),
    restore: (value) => {
      const unknown: string[] = []
      const restored = mapStrings(value, (text) =>
        text.replace(mark, (found, name: string) => {
          const thing = things.get(name)
          if (thing === undefined && !written.has(name)) unknown.push(name)
          return thing ?? found
        }),
      )
      return unknown.length === 0 ? { value: restored } : undefined
    },
  }
}
