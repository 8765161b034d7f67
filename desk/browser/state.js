/** How many tickets one look brings. */
export const listLimit = 200

/** What the page knows. */
export const state = {
  me: undefined,
  permissions: [],
  view: 'unassigned',
  open: [],
  solved: [],
  /** The ticket on the right, and its detail once it is here. */
  openId: undefined,
  detail: undefined,
  /** What was just said here is to be seen: scroll to the end once it is drawn. */
  follow: false,
  /** What is unfolded in it. */
  opened: new Set(),
  /** What stands where the list would, when it cannot be had. */
  fault: undefined,
}

export const may = (permission) => state.permissions.includes(permission)

/** The tickets of a view: one request brings all open ones, the rest is counting. */
export const inView = (view) => {
  if (view === 'solved') return state.solved
  if (view === 'unassigned') return state.open.filter((ticket) => ticket.assigneeId === undefined)
  if (view === 'mine') return state.open.filter((ticket) => ticket.assigneeId === state.me.id)
  return state.open
}

/** How many a view holds; with `+` when more may exist than one look brings. */
export const countOf = (view) => {
  const count = inView(view).length
  return state.open.length >= listLimit ? `${count}+` : String(count)
}
