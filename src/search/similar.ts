import type { Clock } from '../core/clock.ts'
import type { FindSimilarTickets, PastTickets } from '../core/similar-ticket.ts'
import { gramsOf } from './grams.ts'

/** What similarity stands on. */
export interface SimilarityParts {
  readonly past: PastTickets
  readonly clock: Clock
}

/** Older answers may not hold any more. */
const memoryMs = 180 * 86_400_000
/** Below it two titles only share how people talk. */
const leastLikeness = 0.3

/** Pairs of characters and more: single ones are shared by everything. */
const pairsOf = (title: string): ReadonlySet<string> =>
  new Set([...gramsOf(title.normalize('NFKC').toLowerCase())].filter((gram) => gram.length > 1))

/** Share of the pairs that both have (Dice), 0 to 1. */
const likenessOf = (one: ReadonlySet<string>, other: ReadonlySet<string>): number => {
  const both = [...one].filter((gram) => other.has(gram)).length
  return both === 0 ? 0 : (2 * both) / (one.size + other.size)
}

/** Finds settled tickets that begin alike. */
export const createFindSimilar =
  ({ past, clock }: SimilarityParts): FindSimilarTickets =>
  async (ticket, limit) => {
    const own = pairsOf(ticket.title)
    const all = await past.ofTopic(ticket, new Date(clock.now().getTime() - memoryMs))
    const found = all
      .map((one) => ({ ...one, likeness: likenessOf(own, pairsOf(one.title)) }))
      .filter(({ likeness }) => likeness >= leastLikeness)
      .sort((one, other) => other.likeness - one.likeness || other.number - one.number)
      .slice(0, limit)
    const answers =
      found.length === 0 ? new Map<string, string>() : await past.answers(found.map(({ id }) => id))
    return found.map((one) => {
      const answer = answers.get(one.id)
      return { ...one, ...(answer === undefined ? {} : { answer }) }
    })
  }
