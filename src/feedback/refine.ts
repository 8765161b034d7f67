import type { Board, PlacedItem, Theme } from '../core/feedback.ts'
import { agglomerate, type Atom } from './agglomerate.ts'
import { joinsAt } from './board.ts'
import { createCentres } from './centres.ts'
import { addTo, dot, sumOf } from './vectors.ts'

export interface RefineOptions {
  readonly dimensions: number
  readonly newId: () => string
  /** As for placing. Default `joinsAt`. */
  readonly joinsAt?: number
}

export interface Move {
  readonly itemId: string
  readonly from: string
  readonly to: string
}

export interface Refined extends Board {
  /** Items that changed their theme. */
  readonly moves: readonly Move[]
  readonly opened: readonly string[]
  /** Themes of which nothing is left; `into`: where most of it went. */
  readonly ended: readonly { readonly id: string; readonly into: string | undefined }[]
}

/** Items that go together through a refinement. */
interface Piece extends Atom {
  readonly items: readonly PlacedItem[]
}

/** Comparing all with all takes the square of this in memory (64 MB) and time. */
const mostAtoms = 4_000
/** An item leaves its theme only for one that it is more like by this. */
const leavesFor = 0.02
const rounds = 2

const pieceOf = (items: readonly PlacedItem[], dimensions: number, keeper?: string): Piece => ({
  items,
  count: items.length,
  sum: sumOf(
    items.map(({ vector }) => vector),
    dimensions,
  ),
  keeper,
})

/** Parts items that do not hold together; too many to compare stay as they are. */
const part = (items: readonly PlacedItem[], least: number, dimensions: number): readonly Piece[] => {
  if (items.length === 0) return []
  if (items.length > mostAtoms) return [pieceOf(items, dimensions)]
  const groupOf = agglomerate(
    items.map(({ vector }) => ({ sum: vector, count: 1 })),
    least,
  )
  const parts = new Map<number, PlacedItem[]>()
  for (const [at, item] of items.entries()) {
    const place = groupOf[at] ?? at
    parts.set(place, [...(parts.get(place) ?? []), item])
  }
  return [...parts.values()].map((own) => pieceOf(own, dimensions))
}

interface Way {
  readonly dimensions: number
  /** Every loose item by itself. */
  readonly single: boolean
  readonly least: number
}

/** Takes a theme apart: what people fixed is one piece, the rest falls into its wishes. */
const takeApart = (
  theme: Theme,
  items: readonly PlacedItem[],
  { dimensions, single, least }: Way,
): readonly Piece[] => {
  const fixed = items.filter(({ isFixed }) => isFixed)
  const loose = items.filter(({ isFixed }) => !isFixed)
  const pieces = [
    ...(single ? loose.map((item) => pieceOf([item], dimensions)) : part(loose, least, dimensions)),
  ]
  if (fixed.length > 0) return [pieceOf(fixed, dimensions, theme.id), ...pieces]
  if (!theme.isHeld || loose.length === 0) return pieces
  // A theme that people only named keeps what is most like the whole of it.
  const rank = ({ sum, count }: Piece): number => dot(sum, theme.sum) / count
  const core = pieces.reduce((best, piece) => (rank(piece) > rank(best) ? piece : best))
  return pieces.map((piece) => (piece === core ? { ...piece, keeper: theme.id } : piece))
}

interface Group {
  items: PlacedItem[]
  readonly sum: Float32Array
  count: number
  keeper: string | undefined
}

const groupsOf = (pieces: readonly Piece[], least: number, dimensions: number): Group[] => {
  // The greatest take part; the few that are too many stay as they are.
  const order = pieces
    .map((_, at) => at)
    .sort((a, b) => (pieces[b]?.count ?? 0) - (pieces[a]?.count ?? 0) || a - b)
  const sorted = order.flatMap((at) => pieces[at] ?? [])
  const joined = agglomerate(sorted.slice(0, mostAtoms), least)
  const groups = new Map<number, Group>()
  for (const [at, piece] of sorted.entries()) {
    const place = joined[at] ?? at
    const group = groups.get(place) ?? {
      items: [],
      sum: new Float32Array(dimensions),
      count: 0,
      keeper: undefined,
    }
    group.items.push(...piece.items)
    group.count += piece.count
    group.keeper ??= piece.keeper
    addTo(group.sum, piece.sum)
    groups.set(place, group)
  }
  return [...groups.values()]
}

/** Lets loose items go where they are most alike, as long as that changes something. */
const settle = (groups: readonly Group[], least: number, dimensions: number): void => {
  for (let round = 0; round < rounds; round++) {
    const centres = createCentres(dimensions)
    for (const [row, { sum, count }] of groups.entries()) centres.put(row, sum, count)
    const leaving: { readonly item: PlacedItem; readonly from: Group; readonly to: Group }[] = []
    for (const from of groups)
      for (const item of from.items) {
        if (item.isFixed) continue
        const [best] = centres.nearest(item.vector, 1)
        const to = best === undefined ? undefined : groups[best.row]
        if (best === undefined || to === undefined || to === from || best.likeness < least) continue
        // Without itself: an item is most like itself.
        const others = from.count - 1
        const own = others === 0 ? 0 : (dot(from.sum, item.vector) - 1) / others
        if (best.likeness > own + leavesFor) leaving.push({ item, from, to })
      }
    const gone = new Set(leaving.map(({ item }) => item))
    for (const from of new Set(leaving.map(({ from: one }) => one)))
      from.items = from.items.filter((item) => !gone.has(item))
    for (const { item, from, to } of leaving) {
      from.count -= 1
      addTo(from.sum, item.vector, -1)
      to.items.push(item)
      to.count += 1
      addTo(to.sum, item.vector)
    }
    if (leaving.length === 0) return
  }
}

/** Names groups: a held theme's is its own, then whoever shares most items with an old theme takes its id. */
const nameGroups = (groups: readonly Group[], newId: () => string): ReadonlyMap<Group, string> => {
  const names = new Map<Group, string>()
  const taken = new Set<string>()
  for (const group of groups) {
    if (group.keeper === undefined) continue
    names.set(group, group.keeper)
    taken.add(group.keeper)
  }
  const shares = groups.flatMap((group) => {
    const counts = new Map<string, number>()
    for (const { themeId } of group.items) counts.set(themeId, (counts.get(themeId) ?? 0) + 1)
    return [...counts].map(([id, count]) => ({ group, id, count }))
  })
  shares.sort((a, b) => b.count - a.count || (a.id < b.id ? -1 : 1))
  for (const { group, id } of shares) {
    if (names.has(group) || taken.has(id)) continue
    names.set(group, id)
    taken.add(id)
  }
  for (const group of groups) if (!names.has(group)) names.set(group, newId())
  return names
}

const mostCommon = (ids: readonly string[]): string | undefined => {
  const counts = new Map<string, number>()
  for (const id of ids) counts.set(id, (counts.get(id) ?? 0) + 1)
  return [...counts].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0]
}

const report = (before: Board, themes: readonly Theme[], items: readonly PlacedItem[]): Refined => {
  const old = new Map(before.items.map((item) => [item.id, item.themeId]))
  const moves = items.flatMap(({ id, themeId }) => {
    const from = old.get(id) ?? themeId
    return from === themeId ? [] : [{ itemId: id, from, to: themeId }]
  })
  const [known, left] = [new Set(before.themes.map(({ id }) => id)), new Set(themes.map(({ id }) => id))]
  const ended = [...known]
    .filter((id) => !left.has(id))
    .map((id) => ({ id, into: mostCommon(moves.filter(({ from }) => from === id).map(({ to }) => to)) }))
  return { themes, items, moves, ended, opened: [...left].filter((id) => !known.has(id)) }
}

/**
 * Looks at all themes anew: joins those that mean the same, takes apart those that do not hold together. What people
 * fixed stays where it is, held themes neither end nor meet; an id goes on with most of its items.
 * Up to 4 000 items each is looked at by itself; beyond that, the parts of themes are.
 */
export const refineThemes = (board: Board, options: RefineOptions): Refined => {
  const { dimensions, newId, joinsAt: least = joinsAt } = options
  const single = board.items.length <= mostAtoms
  const members = new Map<string, PlacedItem[]>(board.themes.map(({ id }) => [id, []]))
  for (const item of board.items) members.get(item.themeId)?.push(item)
  const pieces = board.themes.flatMap((theme) =>
    takeApart(theme, members.get(theme.id) ?? [], { dimensions, single, least }),
  )
  const groups = groupsOf(pieces, least, dimensions)
  settle(groups, least, dimensions)
  const filled = groups.filter(({ count, keeper }) => count > 0 || keeper !== undefined)
  const names = nameGroups(filled, newId)
  const old = new Map(board.themes.map((theme) => [theme.id, theme]))
  const themes = filled.map(({ sum, count }, at): Theme => {
    const group = filled[at]
    const id = (group === undefined ? undefined : names.get(group)) ?? newId()
    const { isHeld = false, name } = old.get(id) ?? {}
    return { id, count, sum, isHeld, ...(name === undefined ? {} : { name }) }
  })
  const present = new Set(themes.map(({ id }) => id))
  const empty = board.themes.filter(({ id, isHeld }) => isHeld && !present.has(id))
  const items = filled.flatMap((group, at) =>
    group.items.map((item): PlacedItem => ({ ...item, themeId: themes[at]?.id ?? item.themeId })),
  )
  return report(board, [...themes, ...empty], items)
}
