import { create } from 'zustand'

/** Which of the windows about keys is open. */
type Shown = 'help' | 'palette'

interface ShownState {
  readonly shown: Shown | undefined
  /** What had the focus before. */
  readonly from: Element | null
  readonly show: (shown: Shown) => void
  readonly hide: () => void
}

/** Whether the list of keys or the list of commands is shown. */
export const useShown = create<ShownState>((set) => ({
  shown: undefined,
  from: null,
  show: (shown) => {
    set({ shown, from: document.activeElement })
  },
  hide: () => {
    set({ shown: undefined })
  },
}))
