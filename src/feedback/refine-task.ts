import { v7 as uuid } from 'uuid'
import type { RefinedThemes } from '../core/suggestions.ts'
import { labelThemes } from './labels.ts'
import type { PackedTask } from './refine-process.ts'
import { refineThemes } from './refine.ts'

/** Refines what was packed, and labels what came of it. */
export const refineTask = ({
  dimensions,
  joinsAt,
  themes,
  items,
  vectors,
  words,
}: PackedTask): RefinedThemes => {
  const placed = items.map((item, at) => ({
    ...item,
    vector: vectors.subarray(at * dimensions, (at + 1) * dimensions),
  }))
  const refined = refineThemes({ themes, items: placed }, { dimensions, joinsAt, newId: () => uuid() })
  const known = new Map(words)
  return {
    moves: refined.moves,
    opened: refined.opened,
    ended: refined.ended,
    labels: labelThemes(refined.items, (matter) => known.get(matter) ?? []),
  }
}
