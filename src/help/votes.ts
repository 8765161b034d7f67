import { createHmac, randomBytes } from 'node:crypto'
import type { Cache } from '../core/bus.ts'
import type { Clock } from '../core/clock.ts'
import type { HelpLanguage } from '../core/help.ts'
import { sameSecret } from '../core/same-secret.ts'

/** What a slip is good for: one vote on one page. */
interface Slip {
  readonly articleId: string
  readonly language: HelpLanguage
}

/**
 * What became of a slip. `spent`: it was used before, or is being used; `stale`: it is too old, was made for another
 * page, or not by us.
 */
export type SlipUse = 'good' | 'spent' | 'stale'

/** Voting slips: each page that is given out carries one, and each counts once, on all nodes. */
export interface Slips {
  make(slip: Slip): string
  use(text: string, slip: Slip): Promise<SlipUse>
}

export interface SlipOptions {
  /** Signs them; every node has the same. */
  readonly key: string
  readonly cache: Pick<Cache, 'add'>
  readonly clock: Clock
}

/** A page that stayed open overnight still counts. */
const lifeMs = 86_400_000
const shape = /^([0-9a-z]{1,12})\.([\w-]{22})\.([\w-]{43})$/

export const createSlips = ({ key, cache, clock }: SlipOptions): Slips => {
  const sign = ({ articleId, language }: Slip, at: string, nonce: string): string =>
    createHmac('sha256', key)
      .update(`help-vote\n${language}\n${articleId}\n${at}\n${nonce}`)
      .digest('base64url')
  return {
    make: (slip) => {
      const at = clock.now().getTime().toString(36)
      const nonce = randomBytes(16).toString('base64url')
      return `${at}.${nonce}.${sign(slip, at, nonce)}`
    },
    use: async (text, slip) => {
      const [, at = '', nonce = '', signature = ''] = shape.exec(text) ?? []
      if (nonce === '' || !sameSecret(signature, sign(slip, at, nonce))) return 'stale'
      const ageMs = clock.now().getTime() - Number.parseInt(at, 36)
      if (ageMs < 0 || ageMs >= lifeMs) return 'stale'
      return (await cache.add(`help-vote:${nonce}`, '1', lifeMs - ageMs)) ? 'good' : 'spent'
    },
  }
}
