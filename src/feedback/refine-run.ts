import type { Clock } from '../core/clock.ts'
import type { Board, WordsOf } from '../core/feedback.ts'
import type { RefinedThemes } from '../core/suggestions.ts'
import { makeReady, type MakeReadyOptions, type OpenSpace } from './place.ts'
import { matterOf } from './wish-words.ts'

/** What refining elsewhere needs beside the board. */
export interface RefineTask {
  readonly board: Board
  readonly dimensions: number
  readonly joinsAt: number
  /** Words of each suggestion's matter, by the matter: what labels are made of. */
  readonly words: ReadonlyMap<string, readonly string[]>
}

/** Refines where it is in nobody's way. Rejects when the signal aborts. */
export type RefineElsewhere = (task: RefineTask, signal: AbortSignal) => Promise<RefinedThemes>

export interface RefinerOptions extends MakeReadyOptions {
  readonly openSpace: () => Promise<OpenSpace>
  readonly refine: RefineElsewhere
  /** Words of what a suggestion wishes for. */
  readonly wordsOf: WordsOf
  /** Suggestions that take part, the newest. */
  readonly most: number
  readonly clock: Clock
}

/** So many texts are cut into words before others get a turn. */
const wordsAtOnce = 500

const giveWay = (): Promise<void> =>
  new Promise((resolve) => {
    setImmediate(resolve)
  })

const cutWords = async (
  { items }: Board,
  wordsOf: WordsOf,
): Promise<ReadonlyMap<string, readonly string[]>> => {
  const cut = new Map<string, readonly string[]>()
  for (const [at, { text }] of items.entries()) {
    if (at % wordsAtOnce === wordsAtOnce - 1) await giveWay()
    cut.set(matterOf(text), wordsOf(text))
  }
  return cut
}

/** Looks at all themes anew and keeps what came of it. */
export const createRefiner =
  (options: RefinerOptions) =>
  async (signal: AbortSignal): Promise<{ readonly moved: number; readonly ended: number }> => {
    const { making, openSpace, refine, wordsOf, most, clock } = options
    const space = await openSpace()
    await makeReady(options, space, signal)
    const { id, dimensions, joinsAt } = space
    const board = await making.snapshot(id, most)
    if (board.items.length === 0) return { moved: 0, ended: 0 }
    const words = await cutWords(board, wordsOf)
    const refined = await refine({ board, dimensions, joinsAt, words }, signal)
    return making.refine(refined, clock.now())
  }
