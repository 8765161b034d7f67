import type { Claim } from '../core/conversation.ts'

/**
 * Most milliseconds that a turn waits for a language model and the brand's systems in all: with the wait for further pieces before
 * it and the sending after it, whoever wrote is answered within eight seconds. Its lease is longer by far.
 */
export const mostTurnMs = 6_500
/** What is kept of the time in which the answer can ride on the provider's request, for composing and sending it. */
const kept = 1_500

/** Milliseconds that are left; below 0 once it is over. */
export type TimeLeft = () => number

/** Counts down what a turn may wait for others, from now on and by the monotonic clock. */
export const startTime = ({ pending }: Pick<Claim, 'pending'>): TimeLeft => {
  const ms = Math.min(mostTurnMs, ...pending.map(({ passiveMs = Infinity }) => passiveMs - kept))
  const until = performance.now() + ms
  return () => Math.floor(until - performance.now())
}
