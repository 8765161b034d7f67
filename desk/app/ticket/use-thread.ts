import { useMemo, useState } from 'react'
import { desk, type TicketDetail } from '../api/desk.ts'
import { around, learn, nothingKnown, type Asked, type Known } from './stretches.ts'

/** A place to go to; a new object is a new wish. */
export interface Goal {
  /** `seq` of a message; `Infinity`: the end. */
  readonly seq: number
}

interface State {
  readonly detail: TicketDetail | undefined
  readonly known: Known
  /** Around which place is shown. */
  readonly anchor: number
  readonly goal: Goal
  /** First of what was not read when the ticket was opened. */
  readonly unreadFrom: number | undefined
  /** Whether the server has said where reading goes on; before that only what was kept from last time is shown. */
  readonly isOpened: boolean
  /** What was added last stands before everything else: the reader's place is kept from the end. */
  readonly isBefore: boolean
}

const end = Number.POSITIVE_INFINITY
const start: State = {
  detail: undefined,
  known: nothingKnown,
  anchor: end,
  goal: { seq: end },
  unreadFrom: undefined,
  isOpened: false,
  isBefore: false,
}

const hear = (state: State, detail: TicketDetail, isFresh: boolean): State => {
  const { unread, unreadFrom } = detail
  const newest = learn(state.known, detail)
  const known = unread === undefined ? newest : learn(newest, unread)
  const next = { ...state, detail, known, isBefore: false }
  if (state.isOpened || !isFresh) return next
  const seq = unreadFrom ?? end
  return {
    ...next,
    isOpened: true,
    unreadFrom,
    anchor: seq,
    goal: unreadFrom === undefined ? state.goal : { seq },
  }
}

export type Way = 'earlier' | 'later'

/** What is shown of a conversation, and how more of it comes. `isFresh`: `detail` was asked for by this visit. */
export const useThread = (detail: TicketDetail, isFresh: boolean) => {
  const [state, setState] = useState(start)
  const [loading, setLoading] = useState<Way>()
  const [fault, setFault] = useState<unknown>()
  const isNews = state.detail !== detail || (isFresh && !state.isOpened)
  const now = isNews ? hear(state, detail, isFresh) : state
  if (isNews) setState(now)
  const { known, anchor, goal, unreadFrom, isOpened, isBefore } = now
  const shown = useMemo(() => around(known, anchor), [known, anchor])
  const load = async (way: Way): Promise<void> => {
    const edge = way === 'earlier' ? shown.messages[0] : shown.messages.at(-1)
    if (edge === undefined || loading !== undefined) return
    setLoading(way)
    setFault(undefined)
    const asked: Asked = way === 'earlier' ? { before: edge.seq } : { from: edge.seq + 1 }
    try {
      const stretch = await desk.stretch(detail.ticket.id, asked)
      setState((before) => ({
        ...before,
        known: learn(before.known, stretch, way === 'earlier' ? asked : { from: edge.seq }),
        isBefore: way === 'earlier',
      }))
    } catch (error) {
      setFault(error)
    } finally {
      setLoading(undefined)
    }
  }
  return {
    ...{ shown, goal, unreadFrom, isOpened, isBefore, loading, fault },
    load: (way: Way): void => void load(way),
    /** Leaves the place for the newest message. */
    toEnd: (): void => {
      setState((before) => ({ ...before, anchor: end, goal: { seq: end }, isBefore: false }))
    },
  }
}
