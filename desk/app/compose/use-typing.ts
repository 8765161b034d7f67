import { useEffect, useRef } from 'react'
import { desk } from '../api/desk.ts'

const everyMs = 4_000

/** Tells that a reply is being typed, now and then, and once that it is not any more. A hint: nobody misses a lost one. */
export const useTyping = (ticketId: string): ((isTyping: boolean) => void) => {
  const toldAt = useRef(0)
  const tell = (isTyping: boolean): void => {
    const now = Date.now()
    if (isTyping ? now - toldAt.current < everyMs : toldAt.current === 0) return
    toldAt.current = isTyping ? now : 0
    desk.typing(ticketId, isTyping).catch(() => undefined)
  }
  useEffect(
    () => () => {
      if (toldAt.current > 0) desk.typing(ticketId, false).catch(() => undefined)
    },
    [ticketId],
  )
  return tell
}
