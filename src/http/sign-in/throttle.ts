import type { Limiters } from '../../core/bus.ts'
import { tooMany } from '../problem.ts'
import { keyOf, networkOf } from '../visitor-key.ts'

/** How tries are slowed down. Times in milliseconds. */
export interface DelayRule {
  /** Tries without delay. */
  readonly free: number
  /** The delay after the last free one; doubles with every further failure. */
  readonly firstDelayMs: number
  readonly longestDelayMs: number
  /** After so long without a failure all is forgotten. */
  readonly forgetMs: number
}

/** A try that may go on, or how long to wait. */
export type Admission = { readonly kind: 'admitted'; readonly succeed: () => Promise<void> } | Blocked
interface Blocked {
  readonly kind: 'blocked'
  readonly retryAfterMs: number
}

/** Slows down whoever guesses passwords. */
export interface SignInThrottle {
  /** Counts a try before it is looked at, so that a thousand at once do not slip through. */
  admit(email: string, address: string): Promise<Admission>
}

const accountRule: DelayRule = {
  free: 5,
  firstDelayMs: 30_000,
  longestDelayMs: 900_000,
  forgetMs: 3_600_000,
}
/** A whole office may share an address, so its delays begin short. */
const addressRule: DelayRule = { free: 5, firstDelayMs: 5_000, longestDelayMs: 300_000, forgetMs: 900_000 }

interface Delay {
  /** Milliseconds to wait; undefined: go on. */
  enter(key: string): Promise<number | undefined>
  /** The try was right after all. */
  forgive(key: string): Promise<void>
}

const createDelay = (limiters: Limiters, name: string, rule: DelayRule, forget: 'all' | 'one'): Delay => {
  const { free, firstDelayMs, longestDelayMs, forgetMs } = rule
  const tries = limiters.create({ name: `${name}-tries`, points: free, durationMs: forgetMs })
  const gate = limiters.create({ name: `${name}-gate`, points: 1, durationMs: firstDelayMs })
  return {
    enter: async (key) => {
      const count = await tries.count(key)
      if (count < free) return undefined
      const delayMs = Math.min(longestDelayMs, firstDelayMs * 2 ** (count - free))
      // One try passes and closes the gate behind it.
      const waitMs = await gate.pass(key, delayMs)
      if (waitMs !== undefined) await tries.takeBack(key)
      return waitMs
    },
    forgive: async (key) => {
      if (forget === 'one') await tries.takeBack(key)
      else await Promise.all([tries.forget(key), gate.forget(key)])
    },
  }
}

/** Lets a try go on: gives what to do when it was right. Throws `too_many`. */
export const admitted = (admission: Admission): (() => Promise<void>) => {
  if (admission.kind === 'admitted') return admission.succeed
  throw tooMany('too many tries; wait, or ask for a sign-in link', admission.retryAfterMs)
}

/**
 * Five free tries per account and per network address, then growing delays, over all nodes that share `limiters`. Each
 * `step` of signing in counts for itself: who knows a password must not begin to guess codes anew with it.
 */
export const createSignInThrottle = (limiters: Limiters, step?: 'second-step'): SignInThrottle => {
  const named = (name: string): string => (step === undefined ? name : `${step}-${name}`)
  const accounts = createDelay(limiters, named('account'), accountRule, 'all')
  // One good account must not wash an address clean that tries others.
  const addresses = createDelay(limiters, named('address'), addressRule, 'one')
  return {
    admit: async (email, address) => {
      const account = keyOf(email.trim().toLowerCase())
      const network = keyOf(networkOf(address))
      const byAddress = await addresses.enter(network)
      if (byAddress !== undefined) return { kind: 'blocked', retryAfterMs: byAddress }
      const byAccount = await accounts.enter(account)
      if (byAccount !== undefined) return { kind: 'blocked', retryAfterMs: byAccount }
      return {
        kind: 'admitted',
        succeed: async () => {
          await Promise.all([accounts.forgive(account), addresses.forgive(network)])
        },
      }
    },
  }
}
