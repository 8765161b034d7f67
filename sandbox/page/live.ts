import type { Context } from 'hono'
import { streamSSE } from 'hono/streaming'

/** Tells open pages that something changed; they fetch what they need. */
export interface Live {
  /** Grows with every change. */
  revision(): number
  changed(): void
  /** Answers a page with server-sent events: `change` with the revision, at most every 40 ms. */
  stream(c: Context): Response
  /** Ends all streams, so that the server can stop. */
  close(): void
}

const gatherMs = 40
const pingMs = 15_000

/** Nobody listens yet. */
export const createLive = (): Live => {
  let revision = 0
  const pages = new Set<{ readonly tell: () => void; readonly end: () => void }>()
  let gathering: NodeJS.Timeout | undefined
  const tellAll = (): void => {
    gathering = undefined
    pages.forEach((page) => page.tell())
  }
  return {
    revision: () => revision,
    changed: () => {
      revision += 1
      gathering ??= setTimeout(tellAll, gatherMs)
    },
    stream: (c) =>
      streamSSE(c, async (stream) => {
        await new Promise<void>((resolve) => {
          const tell = (): void =>
            void stream.writeSSE({ event: 'change', data: String(revision), retry: 2_000 })
          const ping = setInterval(() => void stream.write(': ping\n\n'), pingMs)
          const end = (): void => {
            clearInterval(ping)
            pages.delete(page)
            resolve()
          }
          const page = { tell, end }
          pages.add(page)
          stream.onAbort(end)
          tell()
        })
      }),
    close: () => {
      clearTimeout(gathering)
      ;[...pages].forEach((page) => page.end())
    },
  }
}
