import type { Confusion, ReliabilityBin } from '../../../intents/index.ts'

/** A measure by its name in `--json`; null where the files hold nothing to measure it by. */
export type Measures = Readonly<Record<string, number | null>>

/** What one evaluation found. */
export interface EvalResult {
  readonly measures: Measures
  /** What the reader must know beside the numbers, in both languages. */
  readonly notes: readonly string[]
  readonly confusions: readonly Confusion[]
  /** How often what was said with which confidence was right; empty where there is no confidence. */
  readonly reliability: readonly ReliabilityBin[]
}

/** Resident memory of this process, in MiB. */
export const residentMiB = (): number => process.memoryUsage().rss / 1_048_576
