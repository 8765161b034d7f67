import { TongdaError } from '../core/errors.ts'
import type { Board, BoardChange, FeedbackItem, PlacedItem, Theme } from '../core/feedback.ts'
import { createCentres } from './centres.ts'
import { addTo } from './vectors.ts'

export interface ThemeBoardOptions {
  /** Numbers in a vector. */
  readonly dimensions: number
  readonly newId: () => string
  /** From which likeness on an item belongs to a theme. Default `joinsAt`. */
  readonly joinsAt?: number
}

/** The themes at work: items are added one by one, and people change what the machine made. */
export interface ThemeBoard {
  /** Puts an item into the theme that it is most like, or into one of its own. One that is there already stays. */
  add(item: FeedbackItem): BoardChange
  /** Takes an item out, because the message was deleted. A theme that nobody holds ends with its last item. */
  remove(itemId: string): BoardChange
  /** Brings all of `from` into `into`; they stay together from now on. */
  merge(into: string, from: string): BoardChange
  /** Takes items of one theme into a new one; what is taken and what is left stay apart from now on. */
  split(themeId: string, itemIds: readonly string[]): BoardChange
  move(itemId: string, themeId: string): BoardChange
  rename(themeId: string, name: string): BoardChange
  /** Holds a theme as it is: every item in it stays. */
  pin(themeId: string): BoardChange
  state(): Board
}

/** Average likeness from which two wishes are taken for the same; found on the development half of the labelled set. */
export const joinsAt = 0.17
/** The same for vectors by words alone. */
export const joinsAtByWords = 0.11

interface Group {
  readonly id: string
  readonly row: number
  readonly sum: Float32Array
  /** Of a board that was opened without items only those that were added. */
  readonly members: Set<string>
  count: number
  isHeld: boolean
  name: string | undefined
}

const themeOf = ({ id, sum, count, isHeld, name }: Group): Theme => ({
  id,
  count,
  sum: Float32Array.from(sum),
  isHeld,
  ...(name === undefined ? {} : { name }),
})

/** Holds themes and items, their sums and their means in step. */
const createGroups = (dimensions: number) => {
  const groups = new Map<string, Group>()
  const items = new Map<string, PlacedItem>()
  const rows: (Group | undefined)[] = []
  /** Rows that nobody holds any more. */
  const left: number[] = []
  const centres = createCentres(dimensions)

  const refresh = (group: Group): void => centres.put(group.row, group.sum, group.count)
  const open = (id: string, isHeld = false, name?: string): Group => {
    const row = left.pop() ?? rows.length
    const group = {
      id,
      row,
      sum: new Float32Array(dimensions),
      members: new Set<string>(),
      count: 0,
      isHeld,
      name,
    }
    groups.set(id, group)
    rows[row] = group
    return group
  }
  const get = (id: string): Group => {
    const group = groups.get(id)
    if (group !== undefined) return group
    throw new TongdaError('not_found', `there is no theme ${id}; load the list of themes again`, { id })
  }
  const getItem = (id: string): PlacedItem => {
    const item = items.get(id)
    if (item !== undefined) return item
    throw new TongdaError('not_found', `there is no suggestion ${id}; load the theme again`, { id })
  }
  const leave = ({ id, themeId, vector }: PlacedItem): Group => {
    const group = get(themeId)
    group.members.delete(id)
    group.count -= 1
    addTo(group.sum, vector, -1)
    if (group.count === 0) group.sum.fill(0)
    refresh(group)
    return group
  }
  const enter = (item: FeedbackItem, group: Group, isFixed: boolean): PlacedItem => {
    const { id, text, vector } = item
    const placed = { id, text, vector, themeId: group.id, isFixed }
    items.set(id, placed)
    group.members.add(id)
    group.count += 1
    addTo(group.sum, vector)
    refresh(group)
    return placed
  }
  const close = (group: Group): void => {
    groups.delete(group.id)
    rows[group.row] = undefined
    left.push(group.row)
    centres.put(group.row, group.sum, 0)
  }
  return { groups, items, rows, centres, open, get, getItem, leave, enter, close }
}

type Groups = ReturnType<typeof createGroups>

const load = ({ open, get, items, centres }: Groups, { themes, items: placed }: Board): void => {
  for (const { id, sum, count, isHeld, name } of themes) {
    const group = open(id, isHeld, name)
    group.sum.set(sum)
    group.count = count
  }
  for (const item of placed) {
    items.set(item.id, item)
    get(item.themeId).members.add(item.id)
  }
  for (const { id } of themes) {
    const { row, sum, count } = get(id)
    centres.put(row, sum, count)
  }
}

const changeOf = (
  groups: readonly Group[],
  items: readonly PlacedItem[] = [],
  ended: readonly string[] = [],
): BoardChange => ({ themes: groups.map(themeOf), items, ended })

/** What the machine does with an item. */
const createPlacing = (own: Groups, { newId, joinsAt: least = joinsAt }: ThemeBoardOptions) => ({
  add: (item: FeedbackItem): BoardChange => {
    if (own.items.has(item.id)) return changeOf([])
    const [best] = own.centres.nearest(item.vector, 1)
    const found = best !== undefined && best.likeness >= least ? own.rows[best.row] : undefined
    const group = found ?? own.open(newId())
    const placed = own.enter(item, group, false)
    return changeOf([group], [placed])
  },
  remove: (itemId: string): BoardChange => {
    const group = own.leave(own.getItem(itemId))
    own.items.delete(itemId)
    if (group.count > 0 || group.isHeld) return changeOf([group])
    own.close(group)
    return changeOf([], [], [group.id])
  },
})

/** What people do: from then on the machine leaves it so. */
const createActs = (own: Groups, newId: () => string) => {
  const hold = (group: Group): void => void (group.isHeld = true)
  const fix = (id: string, group: Group): PlacedItem => {
    const item = own.getItem(id)
    own.leave(item)
    return own.enter(item, group, true)
  }
  const fixAll = (group: Group): readonly PlacedItem[] => {
    hold(group)
    return [...group.members].map((id) => fix(id, group))
  }
  return {
    merge: (into: string, from: string): BoardChange => {
      const [kept, taken] = [own.get(into), own.get(from)]
      if (kept === taken) return changeOf([])
      const moved = [...taken.members].map((id) => fix(id, kept))
      own.close(taken)
      return changeOf(
        [kept],
        [...fixAll(kept).filter(({ id }) => !moved.some((one) => one.id === id)), ...moved],
        [from],
      )
    },
    split: (themeId: string, itemIds: readonly string[]): BoardChange => {
      const group = own.get(themeId)
      const foreign = itemIds.find((id) => own.getItem(id).themeId !== themeId)
      if (foreign !== undefined)
        throw new TongdaError(
          'conflict',
          `suggestion ${foreign} is not in this theme any more; load it again`,
          {
            themeId,
            itemId: foreign,
          },
        )
      const opened = own.open(newId(), true)
      const moved = itemIds.map((id) => fix(id, opened))
      return changeOf([group, opened], [...fixAll(group), ...moved])
    },
    move: (itemId: string, themeId: string): BoardChange => {
      const from = own.get(own.getItem(itemId).themeId)
      const into = own.get(themeId)
      hold(into)
      const moved = fix(itemId, into)
      if (from.count > 0 || from.isHeld) return changeOf([from, into], [moved])
      own.close(from)
      return changeOf([into], [moved], [from.id])
    },
    rename: (themeId: string, name: string): BoardChange => {
      const group = own.get(themeId)
      hold(group)
      group.name = name
      return changeOf([group])
    },
    pin: (themeId: string): BoardChange => {
      const group = own.get(themeId)
      return { ...changeOf([], fixAll(group)), themes: [themeOf(group)] }
    },
  }
}

/**
 * Opens the board on what a store kept. The same acts in the same order give the same themes. For adding, themes without
 * their items are enough; for acts of people, the themes at hand with theirs, and vectors may be left out.
 */
export const openThemeBoard = (board: Board, options: ThemeBoardOptions): ThemeBoard => {
  const own = createGroups(options.dimensions)
  load(own, board)
  return {
    ...createPlacing(own, options),
    ...createActs(own, options.newId),
    state: () => ({ themes: [...own.groups.values()].map(themeOf), items: [...own.items.values()] }),
  }
}
