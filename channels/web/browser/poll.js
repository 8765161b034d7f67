/* global AbortController */

const waitSeconds = 25
/** The close codes that a socket would have shown. */
const codeOf = { 401: 4010, 429: 4029 }

/**
 * The same as a socket where none gets through: hanging requests bring the same frames.
 * Calls `ready(transport)` after the first answer and `closed(code)` at the end.
 */
export const startPolling = async ({ api, cursor, ready, hear, closed }) => {
  const stopper = new AbortController()

  const send = async (message) => {
    const response = await api.call('messages', { method: 'POST', body: message })
    const answer = await response.json()
    hear(
      response.ok
        ? { t: 'accepted', ...answer }
        : { t: 'error', ...answer, clientMsgId: message.clientMsgId },
    )
  }
  const transport = {
    // What fails here is sent again when no confirmation comes.
    send: (message) => void send(message).catch(() => undefined),
    signal: () => undefined,
    close: () => stopper.abort(),
  }
  const ask = async (wait) => {
    const response = await api.call(`events?after=${cursor()}&wait=${wait}`, { signal: stopper.signal })
    if (!response.ok) return codeOf[response.status] ?? 1006
    const news = await response.json()
    if (news.resync) hear({ t: 'resync' })
    for (const event of news.events) hear({ t: 'ev', ...event })
    if (news.typing !== undefined) hear({ t: 'typing', on: news.typing })
    hear({ t: 'cursor', cursor: news.cursor })
    return undefined
  }

  let code
  try {
    code = await ask(0)
    if (code === undefined) ready(transport)
    while (code === undefined) code = await ask(waitSeconds)
  } catch {
    code = 1006
  }
  closed(code)
}
