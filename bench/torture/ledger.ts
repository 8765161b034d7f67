import type { TranscriptEntry } from '../../sandbox/index.ts'

/** What a run has to show, counted on the platform's side alone. */
export interface Verdict {
  readonly acknowledged: number
  readonly answered: number
  /** Acknowledged messages whose answer never came. */
  readonly lost: number
  /** Answers that came before the answer of an earlier message of the same contact. */
  readonly inversions: number
  /** How often an answer came again: of one that came three times, two. */
  readonly repeats: number
}

/** An answer that the product shows as possibly said again. */
export interface Mark {
  readonly contact: string
  readonly text: string
  /** How often it may have been said before: attempts whose end nobody knows. */
  readonly times: number
}

/** One message of one contact, in the order of sending, with the answer that belongs to it alone. */
export interface Asked {
  readonly answer: string
  readonly acknowledged: boolean
}

const shown = (entries: readonly TranscriptEntry[]): readonly string[] =>
  entries.flatMap(({ source, content }) =>
    (source === 'passive' || source === 'api') && content.kind === 'text' ? [content.text] : [],
  )

/** Compares what a contact asked with the texts that came, in their order. */
export const judgeTexts = (asked: readonly Asked[], texts: readonly string[]): Verdict => {
  const places = asked.map(({ answer }) =>
    texts.flatMap((text, place) => (text.includes(answer) ? [place] : [])),
  )
  const firsts = places.map(([first]) => first)
  const acknowledged = asked.filter((message) => message.acknowledged).length
  let latest = -1
  let inversions = 0
  for (const first of firsts) {
    if (first === undefined) continue
    if (first < latest) inversions += 1
    latest = Math.max(latest, first)
  }
  return {
    acknowledged,
    answered: firsts.filter((first) => first !== undefined).length,
    lost: asked.filter((message, place) => message.acknowledged && firsts[place] === undefined).length,
    inversions,
    repeats: places.reduce((sum, found) => sum + Math.max(0, found.length - 1), 0),
  }
}

/** A line of the account on a contact's screen, and when it came. */
export interface ShownLine {
  readonly text: string
  readonly atMs: number
}

/**
 * When a process died, from how long before on a send may not be on record, and how long after the platform may still read
 * what was sent before.
 */
export interface Deaths {
  readonly atMs: readonly number[]
  readonly beforeMs: number
  readonly afterMs: number
}

/** Whether a line came so near a death that nobody may have recorded it. */
const isAtDeath = ({ atMs }: ShownLine, deaths: Deaths): boolean =>
  deaths.atMs.some((death) => death - atMs <= deaths.beforeMs && atMs - death <= deaths.afterMs)

/** Lines that came so near a death that nobody may have recorded them: so many may come again. */
export const countAtDeaths = (lines: readonly ShownLine[], deaths: Deaths): number =>
  lines.filter((line) => isAtDeath(line, deaths)).length

/** How often an answer came again although no process died when it came before: nothing can excuse that. */
export const countInexcusable = (
  asked: readonly Asked[],
  lines: readonly ShownLine[],
  deaths: Deaths,
): number =>
  asked
    .map(({ answer }) => {
      const copies = lines.filter(({ text }) => text.includes(answer))
      return copies.slice(0, -1).filter((line) => !isAtDeath(line, deaths)).length
    })
    .reduce((sum, more) => sum + more, 0)

/** Compares what a contact asked with what stands on the contact's screen. */
export const judge = (asked: readonly Asked[], entries: readonly TranscriptEntry[]): Verdict =>
  judgeTexts(asked, shown(entries))

/**
 * How often answers came again without a mark. Held against the marks of the same answer: two numbers would only say that
 * there are as many marks, perhaps of others.
 */
export const countUnmarkedTexts = (
  asked: readonly Asked[],
  texts: readonly string[],
  marks: readonly Mark[],
): number =>
  asked
    .map(({ answer }) => {
      const copies = texts.filter((text) => text.includes(answer)).length
      const known = marks.filter(({ text }) => text.includes(answer))
      return Math.max(0, copies - 1 - known.reduce((sum, { times }) => sum + times, 0))
    })
    .reduce((sum, more) => sum + more, 0)

/** The same of what stands on the contact's screen. */
export const countUnmarked = (
  asked: readonly Asked[],
  entries: readonly TranscriptEntry[],
  marks: readonly Mark[],
): number => countUnmarkedTexts(asked, shown(entries), marks)

/** Adds verdicts up. */
export const total = (verdicts: readonly Verdict[]): Verdict =>
  verdicts.reduce(
    (sum, one) => ({
      acknowledged: sum.acknowledged + one.acknowledged,
      answered: sum.answered + one.answered,
      lost: sum.lost + one.lost,
      inversions: sum.inversions + one.inversions,
      repeats: sum.repeats + one.repeats,
    }),
    { acknowledged: 0, answered: 0, lost: 0, inversions: 0, repeats: 0 },
  )
