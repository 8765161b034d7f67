import { useEffect, useEffectEvent, useLayoutEffect, useRef } from 'react'
import type { VListHandle } from 'virtua'
import type { MessageView } from '../api/desk.ts'
import { noteRead } from '../api/viewing.ts'
import type { Goal, Way } from './use-thread.ts'

/** Nearer to the end than this, in pixels, what comes is followed. */
const nearPx = 80
/** Nearer to an edge than this, in pixels, what stands beyond it is fetched. */
const fetchPx = 600

/** A message, or an edge beyond which there is more. */
export type Row = MessageView | Way

export const isMessage = (row: Row): row is MessageView => typeof row === 'object'

interface Reading {
  readonly ticketId: string
  /** Who reads: what they say themselves is followed, wherever they stand. */
  readonly agentId: string
  /** False: what stands there was kept from last time, and where reading goes on is not known yet. */
  readonly isOpened: boolean
  readonly goal: Goal
  readonly later: boolean
  readonly load: (way: Way) => void
}

/** Where the reader stands: goes to the goal, follows the end while she is there, fetches near an edge, notes what was read. */
export const useReading = (
  rows: readonly Row[],
  { ticketId, agentId, isOpened, goal, later, load }: Reading,
) => {
  const list = useRef<VListHandle>(null)
  const following = useRef(true)
  const note = (): void => {
    const { current } = list
    if (current === null || !isOpened || document.hidden) return
    const { scrollOffset, scrollSize, viewportSize } = current
    const isAtEnd = scrollSize - scrollOffset - viewportSize < 1
    const below = isAtEnd ? rows.length : current.findItemIndex(scrollOffset + viewportSize)
    const seen = rows.slice(0, below).findLast(isMessage)
    if (seen !== undefined) noteRead(ticketId, seen.seq)
  }
  const toEnd = (): void => list.current?.scrollToIndex(rows.length - 1, { align: 'end' })
  const go = useEffectEvent(({ seq }: Goal) => {
    const at = rows.findIndex((row) => isMessage(row) && row.seq >= seq)
    following.current = at < 0
    if (at < 0) toEnd()
    else list.current?.scrollToIndex(at, { align: 'start' })
  })
  const last = rows.findLast(isMessage)
  const newest = last?.seq
  const before = useRef(newest)
  const follow = useEffectEvent(() => {
    const isOwn = before.current !== newest && last?.agentId === agentId
    before.current = newest
    if ((following.current || isOwn) && !later) toEnd()
  })
  const noteNow = useEffectEvent(note)
  useLayoutEffect(() => {
    go(goal)
  }, [goal])
  useLayoutEffect(() => {
    follow()
  }, [newest, later])
  useEffect(() => {
    // What is in view without scrolling was read, too.
    const frame = requestAnimationFrame(() => {
      noteNow()
    })
    return () => {
      cancelAnimationFrame(frame)
    }
  }, [newest, isOpened])
  return {
    list,
    scrolled: (offset: number): void => {
      const { scrollSize = 0, viewportSize = 0 } = list.current ?? {}
      const left = scrollSize - offset - viewportSize
      following.current = !later && left < nearPx
      note()
      if (offset < fetchPx && rows[0] === 'earlier') load('earlier')
      else if (left < fetchPx && later) load('later')
    },
  }
}
