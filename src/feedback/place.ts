import type { Clock } from '../core/clock.ts'
import type { VectorsOf } from '../core/feedback.ts'
import type { SuggestionVectors, ThemeMaking } from '../core/suggestions.ts'
import { openThemeBoard } from './board.ts'

/** The space in use, and how texts get into it. */
export interface OpenSpace {
  readonly id: string
  readonly dimensions: number
  readonly joinsAt: number
  readonly vectorsOf: VectorsOf
}

export interface MakeReadyOptions {
  readonly vectors: Pick<SuggestionVectors, 'anyLoose' | 'lacking' | 'keep'>
  readonly making: ThemeMaking
}

export interface PlacerOptions extends MakeReadyOptions {
  /** Throws while meanings cannot be told. */
  readonly openSpace: () => Promise<OpenSpace>
  readonly newId: () => string
  readonly clock: Clock
}

/** So many are encoded together, and so many placed in one transaction. */
const encodedAtOnce = 200
const placedAtOnce = 100

/** Gives all suggestions that lack one a vector, and themes their sums. */
export const makeReady = async (
  { vectors, making }: MakeReadyOptions,
  { id, dimensions, vectorsOf }: OpenSpace,
  signal: AbortSignal,
  among: 'all' | 'loose' = 'all',
): Promise<void> => {
  while (!signal.aborted) {
    const lacking = await vectors.lacking(id, encodedAtOnce, among)
    if (lacking.length === 0) break
    const made = await vectorsOf(lacking.map(({ text }) => text))
    await vectors.keep(
      id,
      lacking.flatMap(({ id: item }, at) => {
        const vector = made[at]
        return vector === undefined ? [] : [{ id: item, vector }]
      }),
    )
  }
  while (!signal.aborted && (await making.renewSums(id, dimensions)));
}

/** Gives suggestions that have none a vector, and puts those that are in no theme into one. */
export const createPlacer = (options: PlacerOptions) => {
  const { vectors, making, openSpace, newId, clock } = options
  /** The space in which those that are placed had their vectors when all were looked through. */
  let readySpace: string | undefined
  const prepare = async (space: OpenSpace, signal: AbortSignal): Promise<void> => {
    await makeReady(options, space, signal, readySpace === space.id ? 'loose' : 'all')
    if (!signal.aborted) readySpace = space.id
  }
  /** Gives how many were placed. */
  return async (signal: AbortSignal): Promise<number> => {
    if (!(await vectors.anyLoose())) return 0
    const space = await openSpace()
    await prepare(space, signal)
    let placed = 0
    while (!signal.aborted) {
      const count = await making.place(
        space,
        placedAtOnce,
        (board, fresh) => {
          const open = openThemeBoard(board, { ...space, newId })
          const changes = fresh.map((item) => open.add(item))
          // Of a theme that several went into the last state counts.
          const touched = new Map(changes.flatMap(({ themes }) => themes.map((theme) => [theme.id, theme])))
          return {
            themes: [...touched.values()],
            items: changes.flatMap(({ items }) => items),
            ended: [],
          }
        },
        clock.now(),
      )
      if (count === 0) return placed
      placed += count
    }
    return placed
  }
}
