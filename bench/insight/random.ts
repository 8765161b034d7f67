import { createRandom } from '../../intents/model/random.ts'

/** Whole numbers from 0 up to, without, `below`; the same in every run. */
export const createDraws = (seed: number): ((below: number) => number) => {
  const random = createRandom(seed)
  return (below) => Math.floor(random() * below)
}
