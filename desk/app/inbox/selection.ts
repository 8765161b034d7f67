import { create } from 'zustand'

interface SelectionState {
  readonly ids: ReadonlySet<string>
  /** Where a span of several begins. */
  readonly anchor: string | undefined
  readonly toggle: (id: string) => void
  /** Selects everything between the last one that was chosen and this one, in the order of the list. */
  readonly extend: (id: string, order: readonly string[]) => void
  readonly set: (ids: Iterable<string>) => void
}

/** The tickets that the agent chose from the list. */
export const useSelection = create<SelectionState>((set) => ({
  ids: new Set(),
  anchor: undefined,
  toggle: (id) => {
    set(({ ids }) => ({
      ids: ids.has(id) ? new Set([...ids].filter((one) => one !== id)) : new Set([...ids, id]),
      anchor: id,
    }))
  },
  extend: (id, order) => {
    set(({ ids, anchor }) => {
      const [from, to] = [order.indexOf(anchor ?? id), order.indexOf(id)].sort((a, b) => a - b)
      const span = order.slice(from === -1 ? to : from, (to ?? 0) + 1)
      return { ids: new Set([...ids, ...span]), anchor: id }
    })
  },
  set: (ids) => {
    set({ ids: new Set(ids), anchor: undefined })
  },
}))
