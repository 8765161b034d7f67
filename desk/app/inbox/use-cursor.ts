import { useCallback, useRef, useState } from 'react'
import type { TicketView } from '../api/desk.ts'

/** The place in the list that keys move. */
export interface Cursor {
  /** The ticket it is at; undefined: at none. */
  readonly at: string | undefined
  /** Whether the row of a ticket is to have the focus now that it is drawn; said once. */
  readonly takeFocus: (id: string) => boolean
  readonly move: (by: 1 | -1) => string | undefined
}

/** Follows the ticket that is open until it is moved from there. */
export const useCursor = (tickets: readonly TicketView[], ticketId: string | undefined): Cursor => {
  const [moved, setMoved] = useState<{ readonly to: string; readonly from: string | undefined }>()
  const wanted = useRef<string>(undefined)
  const takeFocus = useCallback((id: string): boolean => {
    if (wanted.current !== id) return false
    wanted.current = undefined
    return true
  }, [])
  const chosen = moved !== undefined && moved.from === ticketId ? moved.to : ticketId
  const place = tickets.findIndex(({ id }) => id === chosen)
  return {
    at: place < 0 ? undefined : chosen,
    takeFocus,
    move: (by) => {
      const next = place < 0 ? tickets[0] : tickets[place + by]
      if (next === undefined) return undefined
      wanted.current = next.id
      setMoved({ to: next.id, from: ticketId })
      return next.id
    },
  }
}
