import type { ListedView, TicketView } from '../api/desk.ts'

/** What a list of tickets holds. */
export const views = ['unassigned', 'mine', 'mentioned', 'open', 'solved'] as const
export type View = (typeof views)[number]

export const isView = (text: string): text is View => views.some((view) => view === text)

/** Which of the server's lists a view is a part of: while one page holds all open ones, most of the rest is choosing. */
export const listOf = (view: View): ListedView => (view === 'solved' || view === 'mentioned' ? view : 'open')

/** The tickets of a view. */
export const inView = (
  tickets: readonly TicketView[],
  view: View,
  agentId: string,
): readonly TicketView[] => {
  if (view === 'unassigned') return tickets.filter(({ assigneeId }) => assigneeId === undefined)
  if (view === 'mine') return tickets.filter(({ assigneeId }) => assigneeId === agentId)
  return tickets
}
