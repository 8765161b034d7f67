/** Numbers from 0 up to, without, `below`. */
export type Random = (below: number) => number

/** Pseudo-random numbers that are the same in every run (a linear congruential generator, its high bits). */
export const createRandom = (seed: number): Random => {
  let state = seed
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return Math.floor((state / 2 ** 32) * below)
  }
}
