import type { CustomView, ListedView, TicketView } from '../api/desk.ts'
import { isInDanger } from '../shell/time.ts'

/** The lists that everybody has. */
export const views = ['unassigned', 'mine', 'mentioned', 'due', 'held', 'open', 'solved'] as const
export type PlainView = (typeof views)[number]
/** What a list of tickets holds. */
export type View = PlainView | CustomView

const customPattern = /^custom-[0-9a-f-]{36}$/

/** Whether it is a view that an agent made. */
export const isCustom = (text: string): text is CustomView => customPattern.test(text)
/** The address of a view that an agent made. */
export const customView = (id: string): CustomView => `custom-${id}`

const isPlain = (text: string): text is PlainView => views.some((view) => view === text)
export const isView = (text: string): text is View => isPlain(text) || isCustom(text)

/** Which of the server's lists a view is a part of: while one page holds all open ones, most of the rest is choosing. */
export const listOf = (view: View): ListedView =>
  view === 'solved' || view === 'mentioned' || isCustom(view) ? view : 'open'

/** As the server's own list: what comes back first, then what waits without an end. */
const byEndOfHold = (one: TicketView, other: TicketView): number => {
  const [a, b] = [one, other].map(({ holdUntil }) =>
    holdUntil === undefined ? Infinity : Date.parse(holdUntil),
  )
  return a === b || a === undefined || b === undefined ? one.number - other.number : a - b
}

/** The tickets of a view at a moment. */
export const inView = (
  tickets: readonly TicketView[],
  view: View,
  { agentId, at }: { readonly agentId: string; readonly at: number },
): readonly TicketView[] => {
  if (view === 'unassigned') return tickets.filter(({ assigneeId }) => assigneeId === undefined)
  if (view === 'mine') return tickets.filter(({ assigneeId }) => assigneeId === agentId)
  if (view === 'due') return tickets.filter((ticket) => isInDanger(ticket, at))
  if (view === 'held')
    return tickets.filter(({ state }) => state === 'pending' || state === 'on_hold').sort(byEndOfHold)
  return tickets
}
