import type { Verdict } from './ledger.ts'

/** What an experiment may use. */
export interface Ground {
  /** Of everything left to chance. */
  readonly seed: number
  /** A fresh PostgreSQL database; undefined: the embedded one. */
  readonly databaseUrl: string | undefined
  /** Only beside PostgreSQL. */
  readonly redisUrl: string | undefined
  /** What was learned from the content, so that no node learns beside what is measured. */
  readonly learned: string
  /** How long the experiments take that only last; undefined: as long as each says. */
  readonly minutes?: number | undefined
  /** How often each moment of `kill-points` comes; undefined: as often as the form says. */
  readonly times?: number | undefined
  /** The version to begin with, as git names it. */
  readonly from?: string | undefined
}

/** What an experiment showed, and whether that is what is promised. */
export interface Outcome {
  readonly figures: object
  readonly passed: boolean
}

/** Does an experiment and judges what it showed. */
export type Run = (ground: Ground) => Promise<Outcome>

/** An experiment in its long form, by hand, and its short one. */
export interface Experiment {
  readonly long: Run
  readonly short: Run
  /** Databases it makes sense on. */
  readonly on: readonly ('embedded' | 'postgresql')[]
}

/** Databases of most experiments. */
export const both = ['embedded', 'postgresql'] as const

/** Two nodes on PostgreSQL, one on the embedded database. */
export const nodesOn = ({ databaseUrl }: Ground): number => (databaseUrl === undefined ? 1 : 2)

/** Throws on the embedded database. */
export const urlOf = ({ databaseUrl }: Ground): string => {
  if (databaseUrl === undefined) throw new Error('this experiment needs PostgreSQL')
  return databaseUrl
}

/** Everything acknowledged was answered, in order. */
export const keptAll = ({ acknowledged, lost, inversions }: Verdict): boolean =>
  acknowledged > 0 && lost === 0 && inversions === 0
