import { cp, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createTextTools, loadIntents, loadLexicons } from '../../intents/index.ts'
import { loadKnowledge } from '../../knowledge/index.ts'
import type { VectorsOf } from '../../src/core/feedback.ts'
import { silentLog } from '../../src/core/log.ts'
import { encodeKept, openEncoder, readModelFolder } from '../../src/encoder/index.ts'
import {
  createWordVectors,
  enterSpace,
  joinsAt,
  joinsAtByWords,
  learnSpace,
  matterOf,
  openThemeBoard,
  refineThemes,
  wordDimensions,
} from '../../src/feedback/index.ts'

const root = join(import.meta.dirname, '../..')

/** A labelled wish; `theme` null: it stands alone. */
export interface LabelledWish {
  readonly text: string
  readonly theme: string | null
}

export type Half = 'development' | 'held-back'

export const readWishes = async (half: Half): Promise<readonly LabelledWish[]> => {
  const path = join(root, `test/fixtures/feedback/suggestions.${half}.jsonl`)
  const lines = (await readFile(path, 'utf8')).trim().split('\n')
  return lines.map((line) => JSON.parse(line) as LabelledWish)
}

/** The label of each wish; one that stands alone has its own. */
export const labelsOf = (wishes: readonly LabelledWish[]): readonly string[] =>
  wishes.map(({ theme }, at) => theme ?? `alone ${String(at)}`)

/** Gives wishes their vectors. */
export interface WishVectors {
  readonly dimensions: number
  readonly joinsAt: number
  readonly vectorsOf: VectorsOf
}

const readContent = async () => {
  const { lexicons } = await loadLexicons(join(root, 'intents/lexicon'))
  const { intents } = await loadIntents(join(root, 'intents'))
  const topics = (intents?.topics ?? []).map(({ topic }) => topic)
  const { knowledge } = await loadKnowledge(join(root, 'knowledge/articles'), topics)
  const tools = createTextTools(lexicons)
  const groups = (knowledge?.articles ?? []).map(({ question, similar }) =>
    [question, ...similar].map((text) => tools.normalise(text).text),
  )
  return { tools, groups }
}

/** By words alone, learned from the articles that ship. */
export const wishesByWords = async (): Promise<WishVectors> => {
  const { tools, groups } = await readContent()
  const vectorOf = createWordVectors(
    groups.map((texts) => texts.map(matterOf)),
    (text) => tools.tokeniser.words(text),
  )
  return {
    dimensions: wordDimensions,
    joinsAt: joinsAtByWords,
    vectorsOf: (texts) =>
      Promise.resolve(texts.map((text) => vectorOf(matterOf(tools.normalise(text).text)))),
  }
}

/** With the encoder that ships, for `texts`; `cacheFolder` may hold vectors of the articles and is left as it is. */
export const meaningVectors = async (cacheFolder: string, texts: readonly string[]): Promise<WishVectors> => {
  const { tools, groups } = await readContent()
  const model = await readModelFolder(
    join(root, 'models/tongda-encoder-zh'),
    'take it from the release again',
  )
  const encoder = await openEncoder({ model, log: silentLog })
  const folder = await mkdtemp(join(tmpdir(), 'tongda-themes-'))
  try {
    await cp(cacheFolder, folder, { recursive: true })
    const kept = await encodeKept({ encoder, folder, name: 'content', log: silentLog }, groups.flat())
    let at = 0
    const vectors = groups.map((texts) => kept.slice(at, (at += texts.length)))
    const enter = enterSpace(learnSpace(vectors, encoder.dimensions))
    const encoded = await encoder.encode(texts.map((text) => matterOf(tools.normalise(text).text)))
    const known = new Map(texts.map((text, place) => [text, enter(encoded[place] ?? new Float32Array(0))]))
    return {
      dimensions: encoder.dimensions,
      joinsAt,
      vectorsOf: (asked) => Promise.resolve(asked.map((text) => known.get(text) ?? new Float32Array(0))),
    }
  } finally {
    await encoder.stop()
    await rm(folder, { recursive: true, force: true })
  }
}

/** The same for the labelled wishes. */
export const wishesByMeaning = async (cacheFolder: string): Promise<WishVectors> => {
  const wishes = [...(await readWishes('development')), ...(await readWishes('held-back'))]
  return meaningVectors(
    cacheFolder,
    wishes.map(({ text }) => text),
  )
}

/** Places wishes one after the other, refines once, and tells each one's theme before and after. */
export const clusterWishes = async (
  texts: readonly string[],
  { dimensions, joinsAt: least, vectorsOf }: WishVectors,
) => {
  let ids = 0
  const options = { dimensions, joinsAt: least, newId: () => `theme-${String((ids += 1))}` }
  const board = openThemeBoard({ themes: [], items: [] }, options)
  const vectors = await vectorsOf(texts)
  for (const [at, text] of texts.entries())
    board.add({ id: String(at), text, vector: vectors[at] ?? new Float32Array(dimensions) })
  const placed = board.state()
  const refined = refineThemes(placed, options)
  const themesOf = (items: typeof placed.items): readonly string[] => {
    const known = new Map(items.map(({ id, themeId }) => [id, themeId]))
    return texts.map((_, at) => known.get(String(at)) ?? '')
  }
  return { placed: themesOf(placed.items), refined: themesOf(refined.items) }
}

const pairs = (count: number): number => (count * (count - 1)) / 2
const countBy = (labels: readonly string[]): readonly number[] => {
  const counts = new Map<string, number>()
  for (const label of labels) counts.set(label, (counts.get(label) ?? 0) + 1)
  return [...counts.values()]
}
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

/** Adjusted Rand index: 1 for the same groups, 0 for chance. */
export const adjustedRand = (one: readonly string[], other: readonly string[]): number => {
  const both = sum(countBy(one.map((label, at) => `${label}\n${other[at] ?? ''}`)).map(pairs))
  const [first, second] = [sum(countBy(one).map(pairs)), sum(countBy(other).map(pairs))]
  const chance = (first * second) / pairs(one.length)
  return (both - chance) / ((first + second) / 2 - chance)
}

/** Harmonic mean of homogeneity and completeness. */
export const vMeasure = (truth: readonly string[], found: readonly string[]): number => {
  const entropy = (labels: readonly string[]): number =>
    -sum(countBy(labels).map((count) => (count / labels.length) * Math.log(count / labels.length)))
  const [own, theirs] = [entropy(truth), entropy(found)]
  const joint = entropy(truth.map((label, at) => `${label}\n${found[at] ?? ''}`))
  return own + theirs === 0 ? 1 : (2 * (own + theirs - joint)) / (own + theirs)
}
