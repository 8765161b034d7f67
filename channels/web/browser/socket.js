/* global URL, WebSocket, clearInterval, clearTimeout, setInterval, setTimeout */

const pingEveryMs = 25_000
const answerWithinMs = 10_000
const readyWithinMs = 5_000

/** Runs `work` once things have been quiet for `ms`. */
const createPause = (ms, work) => {
  let timer
  return {
    begin() {
      clearTimeout(timer)
      timer = setTimeout(work, ms)
    },
    end: () => clearTimeout(timer),
  }
}

/**
 * Opens a WebSocket, signs in and goes on after `cursor()`. Calls `ready(transport)` once, `hear(frame)` for all
 * else, and `closed(code)` at the end; a browser shows every refused upgrade as 1006.
 */
export const openSocket = ({ base, tokens, cursor, ready, hear, closed }) => {
  const address = new URL('ws', base)
  address.protocol = address.protocol.replace('http', 'ws')
  const socket = new WebSocket(address)
  let isReady = false
  let heardAt = Date.now()

  const signal = (frame) => {
    if (socket.readyState === WebSocket.OPEN) socket.send(JSON.stringify(frame))
  }
  const close = () => socket.close()
  const giveUp = setTimeout(() => isReady || close(), readyWithinMs)
  // Scripts cannot see protocol pings, and proxies cut what is silent for a minute.
  const pinging = setInterval(() => {
    if (Date.now() - heardAt > pingEveryMs + answerWithinMs) close()
    else signal({ t: 'ping' })
  }, pingEveryMs)
  const acknowledging = createPause(200, () => signal({ t: 'ack', seq: cursor() }))

  socket.onopen = () => signal({ t: 'auth', token: tokens.get(), resume: { cursor: cursor() } })
  socket.onmessage = ({ data }) => {
    heardAt = Date.now()
    const frame = JSON.parse(data)
    if (frame.t === 'ready') {
      isReady = true
      if (frame.session.token) tokens.set(frame.session.token)
      ready({ send: (message) => signal({ t: 'msg', ...message }), signal, close })
    } else hear(frame)
    if (frame.t === 'ev') acknowledging.begin()
  }
  socket.onclose = ({ code }) => {
    clearTimeout(giveUp)
    clearInterval(pinging)
    acknowledging.end()
    closed(code)
  }
}
