import { describe, expect, inject, it } from 'vitest'
import {
  adjustedRand,
  clusterWishes,
  type Half,
  labelsOf,
  readWishes,
  wishesByMeaning,
  wishesByWords,
  type WishVectors,
} from '../../bench/insight/theme-lab.ts'

const agreement = async (half: Half, vectors: WishVectors) => {
  const wishes = await readWishes(half)
  const { refined } = await clusterWishes(
    wishes.map(({ text }) => text),
    vectors,
  )
  return adjustedRand(labelsOf(wishes), refined)
}

describe('themes beside those a person found', () => {
  it('agree by meaning', async () => {
    const vectors = await wishesByMeaning(inject('modelCache'))
    expect(await agreement('held-back', vectors)).toBeGreaterThan(0.65)
    expect(await agreement('development', vectors)).toBeGreaterThan(0.65)
  }, 600_000)

  it('agree less by words alone', async () => {
    const vectors = await wishesByWords()
    expect(await agreement('held-back', vectors)).toBeGreaterThan(0.42)
  })
})
