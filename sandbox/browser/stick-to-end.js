/** Keeps a list at its end while it grows, unless somebody has scrolled up; another `owner` starts at the end. */
export const stickToEnd = (list) => {
  let sticks = true
  let current
  let height = 0
  const toEnd = () => {
    if (sticks) list.scrollTop = list.scrollHeight
    height = list.scrollHeight
  }
  list.addEventListener('scroll', () => {
    // A change of height scrolls as well; only a hand changes its mind.
    if (list.scrollHeight === height) sticks = height - list.scrollTop - list.clientHeight < 60
  })
  // Pictures get their height late, and the tray takes some away.
  list.addEventListener('load', toEnd, { capture: true })
  new globalThis.ResizeObserver(toEnd).observe(list)
  return (owner) => {
    if (owner !== current) sticks = true
    current = owner
    toEnd()
  }
}
