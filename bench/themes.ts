import { mkdir } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openThemeBoard } from '../src/feedback/index.ts'
import { createDraws } from './insight/random.ts'
import {
  adjustedRand,
  clusterWishes,
  labelsOf,
  readWishes,
  vMeasure,
  wishesByMeaning,
  wishesByWords,
} from './insight/theme-lab.ts'
import { megabytes, report } from './report.ts'

const dot = (one: Float32Array, other: Float32Array): number =>
  one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0)

/** Each joins the first that is like enough, whatever else is in its theme. */
const byThreshold = (vectors: readonly Float32Array[], least: number): readonly string[] => {
  const leaders: Float32Array[] = []
  return vectors.map((vector) => {
    const found = leaders.findIndex((leader) => dot(leader, vector) >= least)
    return String(found >= 0 ? found : leaders.push(vector) - 1)
  })
}

/** The best threshold of all: more than anybody could know. */
const bestThreshold = (vectors: readonly Float32Array[], truth: readonly string[]): readonly string[] =>
  Array.from({ length: 16 }, (_, at) => byThreshold(vectors, 0.1 + at * 0.05)).reduce((best, one) =>
    adjustedRand(truth, one) > adjustedRand(truth, best) ? one : best,
  )

const meanOf = (vectors: readonly Float32Array[], fallback: Float32Array): Float32Array =>
  vectors.length === 0
    ? fallback
    : fallback.map((_, at) => vectors.reduce((sum, one) => sum + (one[at] ?? 0), 0) / vectors.length)

/** k-means that is told how many themes there are, begun with vectors far from each other. */
const byMeans = (vectors: readonly Float32Array[], count: number): readonly string[] => {
  let centres = vectors.slice(0, 1)
  while (centres.length < count) {
    const closeness = vectors.map((vector) => Math.max(...centres.map((centre) => dot(centre, vector))))
    centres = [...centres, ...vectors.slice(closeness.indexOf(Math.min(...closeness))).slice(0, 1)]
  }
  let labels: readonly number[] = []
  for (let round = 0; round < 30; round++) {
    labels = vectors.map((vector) => {
      const likeness = centres.map((centre) => dot(centre, vector) / Math.sqrt(dot(centre, centre) || 1))
      return likeness.indexOf(Math.max(...likeness))
    })
    centres = centres.map((centre, at) =>
      meanOf(
        vectors.filter((_, place) => labels[place] === at),
        centre,
      ),
    )
  }
  return labels.map(String)
}

const quality = async (): Promise<void> => {
  const cache = join(tmpdir(), 'tongda-bench')
  await mkdir(cache, { recursive: true })
  const systems = { meaning: await wishesByMeaning(cache), words: await wishesByWords() }
  for (const half of ['development', 'held-back'] as const) {
    const wishes = await readWishes(half)
    const texts = wishes.map(({ text }) => text)
    const truth = labelsOf(wishes)
    for (const [by, vectors] of Object.entries(systems)) {
      const { placed, refined } = await clusterWishes(texts, vectors)
      const own = await vectors.vectorsOf(texts)
      const ways = {
        placed,
        refined,
        'one threshold, the best': bestThreshold(own, truth),
        'k-means, k known': byMeans(own, new Set(truth).size),
      }
      for (const [way, found] of Object.entries(ways))
        report('themes', {
          ...{ half, by, way, themes: new Set(found).size },
          adjustedRand: Number(adjustedRand(truth, found).toFixed(3)),
          vMeasure: Number(vMeasure(truth, found).toFixed(3)),
        })
    }
  }
}

/** Vectors around so many matters; every tenth belongs to none. */
const invented = (count: number, dimensions: number): readonly Float32Array[] => {
  const random = createDraws(7)
  const unit = (): Float32Array => {
    const vector = Float32Array.from({ length: dimensions }, () => random(2_001) / 1_000 - 1)
    const length = Math.sqrt(dot(vector, vector))
    return vector.map((value) => value / length)
  }
  const matters = Array.from({ length: 600 }, unit)
  return Array.from({ length: count }, (_, at) => {
    const own = unit()
    const matter = at % 10 === 0 ? undefined : matters[random(matters.length)]
    return matter === undefined ? own : own.map((value, place) => 0.7 * value + 0.714 * (matter[place] ?? 0))
  })
}

const speed = (): void => {
  const dimensions = 256
  let ids = 0
  const board = openThemeBoard(
    { themes: [], items: [] },
    { dimensions, newId: () => `theme-${String((ids += 1))}` },
  )
  const vectors = invented(50_000, dimensions)
  const startedAt = performance.now()
  for (const [at, vector] of vectors.entries()) board.add({ id: String(at), text: '', vector })
  report('themes-speed', {
    items: vectors.length,
    themes: board.state().themes.length,
    seconds: Number(((performance.now() - startedAt) / 1_000).toFixed(1)),
    rssMb: megabytes(process.memoryUsage().rss),
  })
}

/** How well wishes fall into the themes that a person found, and how fast 50 000 of them are placed. */
export const themes = async (): Promise<void> => {
  speed()
  await quality()
}
