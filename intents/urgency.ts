import type { Urgency } from '../src/core/understanding.ts'
import type { Normalise } from '../src/text/index.ts'
import { createBlanker, createPhraseFinder } from './phrases.ts'
import type { UrgencyLexicon } from './schema.ts'

/** How urgent words make a text, and which ones did. */
export interface UrgencyReading {
  readonly urgency: Urgency
  /** Kind of urgency, e.g. `account-stolen`; undefined when nothing was found. */
  readonly reason?: string
  readonly phrase?: string
  /** True when words that sound alarming were taken out as harmless ("笑死我了"). */
  readonly excused: boolean
}

export type ReadUrgency = (text: string) => UrgencyReading

/** Reasons that are never explained away: better one call too many. */
const alwaysTaken: ReadonlySet<string> = new Set(['self-harm', 'danger-to-life', 'abuse'])

const denied =
  /(?:没有?|不是|并非|并没有?|不会|未|不曾|防止?|避免|预防|如何防|怎么防|怕|担心|会不会|是否|会被|例如|比如|not|never|prevent|avoid) ?(?:被|我的?|账号|号|再)?$/

/** Words before a phrase that deny it or only imagine it ("没有被盗", "怎么防止被盗"). */
const isDenied = (before: string): boolean => denied.test(before.slice(-12))

/** Builds the reader: exceptions are blanked out, then the longest phrases count, unless they are denied. */
export const createUrgencyReader = (
  { phrases, exceptions }: UrgencyLexicon,
  normalise: Normalise,
): ReadUrgency => {
  const tidy = (phrase: string): string => normalise(phrase).text
  const blank = createBlanker(exceptions.map(tidy))
  const find = createPhraseFinder(
    phrases.map((entry) => ({ ...entry, phrase: tidy(entry.phrase) })),
    ({ phrase }) => phrase,
  )
  return (text) => {
    const readable = blank(text)
    const hits = find(readable).filter(
      ({ entry, at }) => alwaysTaken.has(entry.reason) || !isDenied(readable.slice(0, at)),
    )
    const worst =
      hits.find(({ entry }) => alwaysTaken.has(entry.reason)) ??
      hits.find(({ entry }) => entry.level === 'urgent') ??
      hits[0]
    const excused = readable !== text
    if (worst === undefined) return { urgency: 'normal', excused }
    const { level, reason, phrase } = worst.entry
    return { urgency: level, reason, phrase, excused }
  }
}

/** True for reasons that concern a person's safety. */
export const concernsSafety = (reason: string | undefined): boolean =>
  reason !== undefined && alwaysTaken.has(reason)
