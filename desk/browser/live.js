/* global EventSource, document, setInterval, clearInterval */

const pollMs = 5_000
const reopenMs = 15_000
/** Even a live connection is only a hint. */
const anywayMs = 60_000

/**
 * Tells when something may have changed: by server-sent events, by looking every 5 s while those are down.
 * `hear(ticketId | undefined)`, `show('on' | 'polling' | 'off')`. The returned `poll(ok)` notes how a look ended.
 */
export const listen = (hear, show) => {
  let source
  let live = false
  let reachable = true
  let reopenAt = 0
  let lookedAt = Date.now()

  const tell = () => show(live ? 'on' : reachable ? 'polling' : 'off')
  const open = () => {
    reopenAt = Date.now() + reopenMs
    source?.close()
    source = new EventSource('/api/desk/events')
    source.addEventListener('ready', () => {
      live = true
      reachable = true
      tell()
      hear(undefined)
    })
    source.addEventListener('ticket', (event) => hear(JSON.parse(event.data).ticketId))
    source.addEventListener('refresh', () => hear(undefined))
    source.addEventListener('error', () => {
      live = false
      tell()
    })
  }
  const close = () => {
    source?.close()
    source = undefined
    live = false
  }
  const timer = setInterval(() => {
    if (document.hidden) return
    // A browser gives up for good after some refusals; a new source is needed then.
    if (source?.readyState === EventSource.CLOSED && Date.now() >= reopenAt) open()
    if (Date.now() - lookedAt >= (live ? anywayMs : pollMs)) hear(undefined)
  }, 1_000)
  // Hidden windows give their connection back: browsers have six for a host, and desks have many tabs.
  document.addEventListener('visibilitychange', () => {
    if (document.hidden) close()
    else open()
  })
  open()
  return {
    looked: (ok) => {
      lookedAt = Date.now()
      if (reachable === ok) return
      reachable = ok
      tell()
    },
    stop: () => {
      clearInterval(timer)
      close()
    },
  }
}
