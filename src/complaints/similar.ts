import type { ComplaintCase } from '../core/complaint.ts'
import type { ComplaintStore, SimilarCase } from '../core/complaint-work.ts'

/** A way to tell how alike texts are: unit vectors, in the order of the texts. */
export interface Meaning {
  /** The same name, the same vectors. */
  readonly name: string
  encode(texts: readonly string[]): Promise<readonly Float32Array[]>
}

/** The newest cases that are looked through. */
const mostCases = 500
/** Characters of a case that count. */
const mostText = 1_000

const dot = (left: Float32Array, right: Float32Array): number =>
  left.reduce((sum, value, at) => sum + value * (right[at] ?? 0), 0)

/** Keeps vectors of as many texts as are looked through, by text: a case's text never changes. */
const remembering = (meaning: Meaning) => {
  const known = new Map<string, Float32Array>()
  return async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
    const fresh = [...new Set(texts)].filter((text) => !known.has(text))
    const vectors = fresh.length === 0 ? [] : await meaning.encode(fresh)
    if (known.size + fresh.length > 4 * mostCases) known.clear()
    for (const [at, vector] of vectors.entries()) known.set(fresh[at] ?? '', vector)
    const missing = texts.filter((text) => !known.has(text))
    if (missing.length > 0) return meaning.encode(texts)
    return texts.flatMap((text) => known.get(text) ?? [])
  }
}

const textOf = ({ title, summary }: Pick<ComplaintCase, 'title' | 'summary'>): string =>
  `${title}\n${summary}`.slice(0, mostText)

/**
 * Finds decided cases that are like another by what was reported. `meanings` in order: where one cannot answer, the
 * next does; the last one should always be able to.
 */
export const createFindSimilar = (
  store: Pick<ComplaintStore, 'get' | 'precedents'>,
  meanings: readonly Meaning[],
): ((caseId: string, limit: number) => Promise<readonly SimilarCase[]>) => {
  const ways = meanings.map(remembering)
  const encode = async (texts: readonly string[]): Promise<readonly Float32Array[]> => {
    for (const [at, way] of ways.entries()) {
      try {
        return await way(texts)
      } catch (error) {
        if (at === ways.length - 1) throw error
      }
    }
    return []
  }
  return async (caseId, limit) => {
    const found = await store.get(caseId)
    const others = (await store.precedents(mostCases)).filter((one) => one.caseId !== caseId)
    const [own, ...vectors] = await encode([
      textOf(found),
      ...others.map(({ text }) => text.slice(0, mostText)),
    ])
    if (own === undefined) return []
    return others
      .map(({ caseId: id, ticketNumber, kind, verdict, reason, decidedAt }, at) => ({
        ...{ caseId: id, ticketNumber, kind, verdict, reason, decidedAt },
        likeness: Math.max(0, Math.min(1, dot(own, vectors[at] ?? new Float32Array()))),
      }))
      .filter(({ likeness }) => likeness > 0)
      .sort((one, other) => other.likeness - one.likeness)
      .slice(0, limit)
  }
}
