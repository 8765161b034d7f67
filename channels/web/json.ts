import { depthOf } from '../kit/index.ts'

/** What reading a text as JSON gave. */
export type JsonReading =
  | { readonly kind: 'value'; readonly value: unknown }
  | { readonly kind: 'refused'; readonly reason: 'not_json' | 'too_deep' }

/** Reads JSON nested at most `maxDepth` levels; never throws. */
export const readJson = (text: string, maxDepth: number): JsonReading => {
  if (depthOf(text) > maxDepth) return { kind: 'refused', reason: 'too_deep' }
  try {
    return { kind: 'value', value: JSON.parse(text) }
  } catch {
    return { kind: 'refused', reason: 'not_json' }
  }
}
