import { expect, inject, it } from 'vitest'
import { tokensRun } from '../../bench/torture/tokens.ts'

const learned = inject('modelCache')
/** Several starts of the product, one after the other. */
const limitMs = 300_000

it(
  'fetches one token when the old one is over in the middle of many sends, and every answer arrives',
  async () => {
    const result = await tokensRun({ contacts: 20, messages: 5, expiries: 1, learned })
    expect(result).toMatchObject({ answered: 100, lost: 0, inversions: 0, repeats: 0, mostRefreshes: 1 })
  },
  limitMs,
)
