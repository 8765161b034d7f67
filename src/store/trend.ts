import type { Trend } from '../core/suggestions.ts'

/** Of how many weeks a trend tells. */
export const trendWeeks = 8

/** Chance that a week brings so many or more where `usual` are to be expected: Poisson's. */
const chanceOf = (count: number, usual: number): number => {
  let [term, below] = [Math.exp(-usual), 0]
  for (let at = 0; at < count; at++) {
    below += term
    term *= usual / (at + 1)
  }
  return 1 - below
}

const leastRise = 3
const surprising = 0.01

/**
 * Of counts by age in weeks, 0 the last seven days. A week without a past has something to be compared with all the
 * same: half a one.
 */
export const trendOf = (byAge: Readonly<Record<string, number>>): Trend => {
  const counts = Array.from({ length: trendWeeks }, (_, at) => byAge[String(trendWeeks - 1 - at)] ?? 0)
  const last = counts.at(-1) ?? 0
  const usual = counts.slice(0, -1).reduce((sum, count) => sum + count, 0) / (trendWeeks - 1)
  const rising = last >= leastRise && chanceOf(last, Math.max(0.5, usual)) < surprising
  return { weeks: counts, usual: Math.round(usual * 100) / 100, rising }
}
