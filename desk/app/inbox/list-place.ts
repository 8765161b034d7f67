import { createContext, useContext } from 'react'

/** Where a ticket stands in the list beside it. */
export interface ListPlace {
  /** The ticket after it, else the one before it. */
  readonly neighbourOf: (ticketId: string) => string | undefined
  /** Opens a ticket of the list; undefined: the list alone. */
  readonly open: (ticketId: string | undefined) => void
}

export const ListPlaceContext = createContext<ListPlace>({
  neighbourOf: () => undefined,
  open: () => undefined,
})

/** The list beside the ticket that is open. */
export const useListPlace = (): ListPlace => useContext(ListPlaceContext)
