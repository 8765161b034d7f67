const lanczos = [
  76.18009172947146, -86.5053203294168, 24.01409824083091, -1.231739572450155, 0.001208650973866179,
  -0.000005395239384953,
]

/** Logarithm of the gamma function for positive numbers (Lanczos' series, ten digits). */
const logGamma = (value: number): number => {
  const shifted = value + 5.5 - (value + 0.5) * Math.log(value + 5.5)
  const series = lanczos.reduce((sum, term, at) => sum + term / (value + 1 + at), 1.00000000019)
  return Math.log((2.506628274631 * series) / value) - shifted
}

/** Below this share of the sum a further term changes nothing. */
const negligible = 1e-6

/**
 * Chance of `count` or more where `mean` are expected, with variance mean + dispersion × mean². Without dispersion this is
 * Poisson's. Good above the mean, where it is asked for; below it the answer is 1.
 */
export const chanceOfMore = (count: number, mean: number, dispersion: number): number => {
  if (count <= mean || mean <= 0) return mean <= 0 && count > 0 ? 0 : 1
  // A dispersion of nothing is the limit; this is close enough to it.
  const size = 1 / Math.max(dispersion, 1e-6)
  const odds = mean / (size + mean)
  let term = Math.exp(
    logGamma(count + size) -
      logGamma(size) -
      logGamma(count + 1) +
      size * Math.log(size / (size + mean)) +
      count * Math.log(odds),
  )
  let sum = 0
  for (let at = count; term > sum * negligible; at++) {
    sum += term
    term *= (odds * (at + size)) / (at + 1)
  }
  return Math.min(1, sum)
}
