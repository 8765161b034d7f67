import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import type { FaqFile } from '../../src/app/eval/files.ts'
import { isLeftOut } from './intent-sets.ts'
import type { PairRow } from './pair-rows.ts'
import { groupBy, shuffled } from './split.ts'

/** A knowledge base with questions that stand in no entry. */
export interface FaqSet extends FaqFile {
  readonly name: string
}

const pairSources = ['lcqmc', 'bq-webank', 'atec']
const mostEntries = 400
const mostWordings = 6
const mostQueries = 3
/** Of the groups, one in this many is no entry: its wordings ask for what nothing answers. */
const leftOutEvery = 5
const leastGroup = 3
/** Larger groups are chains of near misses, not one question. */
const largestGroup = 30

/** Half of each group's wordings make an entry, some of the others are asked. */
const build = (name: string, groups: readonly (readonly string[])[]): FaqSet => {
  const chosen = shuffled(
    groups.map((group) => shuffled([...new Set(group)], (text) => text, 'wordings')),
    ([first = '']) => first,
    'groups',
  )
    .filter(({ length }) => length >= leastGroup)
    .slice(0, mostEntries)
  const parts = chosen.map(([question = '', ...rest], at) => {
    const id = `${name}-${String(at)}`
    const kept = Math.min(mostWordings - 1, Math.floor(rest.length / 2))
    const asked = rest.slice(kept, kept + mostQueries)
    if (isLeftOut(question, leftOutEvery)) return { queries: asked.map((text) => ({ text, id: null })) }
    return {
      entry: { id, question, alt: rest.slice(0, kept), answer: '' },
      queries: asked.map((text) => ({ text, id })),
    }
  })
  return {
    name,
    kb: parts.flatMap(({ entry }) => (entry === undefined ? [] : [entry])),
    queries: parts.flatMap(({ queries }): FaqFile['queries'] => queries),
  }
}

/** Sentences that positive pairs join, directly or through others. */
const joinPairs = (rows: readonly PairRow[]): readonly (readonly string[])[] => {
  const parent = new Map<string, string>()
  const rootOf = (text: string): string => {
    let root = text
    while (parent.get(root) !== undefined && parent.get(root) !== root) root = parent.get(root) ?? root
    parent.set(text, root)
    return root
  }
  for (const { first, second, label } of rows) if (label === 1) parent.set(rootOf(first), rootOf(second))
  return [...groupBy([...parent.keys()].sort(), rootOf).values()].filter(
    ({ length }) => length <= largestGroup,
  )
}

const cluster = z.object({ paraphrases: z.array(z.string()) })

const readClusters = (folder: string): readonly (readonly string[])[] => {
  const file = join(folder, 'faq-clusters-ths.train.jsonl')
  if (!existsSync(file)) return []
  return readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => cluster.parse(JSON.parse(line)).paraphrases)
}

/** The knowledge bases that can be built from a data folder. */
export const readFaqSets = (folder: string, pairs: readonly PairRow[]): readonly FaqSet[] =>
  [
    build('ths', readClusters(folder)),
    ...pairSources.map((name) => build(name, joinPairs(pairs.filter(({ source }) => source === name)))),
  ].filter(({ kb }) => kb.length > 0)
