import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, inject, it } from 'vitest'
import {
  adjustedRand,
  clusterWishes,
  labelsOf,
  meaningVectors,
  wishesByWords,
  type Half,
  type WishVectors,
} from '../../bench/insight/theme-lab.ts'
import { questionsJoinAt } from '../../src/learning/index.ts'

interface LabelledQuestion {
  readonly half: Half
  /** Null: it stands alone. */
  readonly group: string | null
  readonly text: string
}

const readQuestions = async (): Promise<readonly LabelledQuestion[]> => {
  const path = join(import.meta.dirname, '../fixtures/learning/questions.jsonl')
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as LabelledQuestion)
}

const agreement = async (half: Half, vectors: WishVectors): Promise<number> => {
  const own = (await readQuestions()).filter((one) => one.half === half)
  const { refined } = await clusterWishes(
    own.map(({ text }) => text),
    vectors,
  )
  return adjustedRand(labelsOf(own.map(({ text, group }) => ({ text, theme: group }))), refined)
}

describe('groups of questions beside those a person made', () => {
  it('agree by meaning', async () => {
    const texts = (await readQuestions()).map(({ text }) => text)
    const vectors = await meaningVectors(inject('modelCache'), texts)
    const own = { ...vectors, joinsAt: questionsJoinAt.meaning }
    expect(await agreement('development', own)).toBeGreaterThan(0.8)
    expect(await agreement('held-back', own)).toBeGreaterThan(0.65)
  }, 600_000)

  it('agree by words alone', async () => {
    const own = { ...(await wishesByWords()), joinsAt: questionsJoinAt.words }
    expect(await agreement('development', own)).toBeGreaterThan(0.8)
    expect(await agreement('held-back', own)).toBeGreaterThan(0.66)
  })
})
