import { create } from 'zustand'
import type { Viewing } from '../../../src/http/api.ts'

/** `on`: changes are told at once; `polling`: looked for every 5 s; `off`: the server cannot be reached. */
export type LiveStatus = 'on' | 'polling' | 'off'

const pollMs = 5_000
const reopenMs = 15_000
/** Even a live connection is only a hint. */
const anywayMs = 60_000

interface LiveState {
  readonly status: LiveStatus
}

export const useLive = create<LiveState>(() => ({ status: 'polling' }))

/**
 * What may have changed: a ticket, or a conversation and with it each ticket that it feeds. `delivery`: only a try to send
 * ended there.
 */
export type Change =
  { readonly ticketId: string } | { readonly conversationId: string; readonly delivery?: true }

export interface Hearing {
  /** Something, or anything (undefined), may have changed. */
  readonly changed: (change: Change | undefined) => void
  /** Who is at a ticket. */
  readonly viewing: (viewing: Viewing) => void
  /** A colleague mentioned whoever is signed in. */
  readonly mentioned: () => void
  /** Whether this window goes on listening while nobody sees it. */
  readonly staysAwake: () => boolean
}

export interface Live {
  /** Notes how a look at the server ended. */
  looked(reached: boolean): void
  stop(): void
}

/** Tells when something may have changed: by server-sent events, by looking every 5 s while those are down. */
export const listen = ({ changed: hear, viewing, mentioned, staysAwake }: Hearing): Live => {
  let source: EventSource | undefined
  let live = false
  let reachable = true
  let reopenAt = 0
  let heardAt = Date.now()

  const hearAll = (): void => {
    heardAt = Date.now()
    hear(undefined)
  }
  const tell = (): void => {
    useLive.setState({ status: live ? 'on' : reachable ? 'polling' : 'off' })
  }
  const close = (): void => {
    source?.close()
    source = undefined
    live = false
  }
  const open = (): void => {
    reopenAt = Date.now() + reopenMs
    close()
    source = new EventSource('/api/desk/events')
    source.addEventListener('ready', () => {
      live = true
      reachable = true
      tell()
      hearAll()
    })
    // The server checked what it sends; server and page are of one build.
    source.addEventListener('ticket', ({ data }: MessageEvent) => {
      if (typeof data === 'string') hear(JSON.parse(data) as Change)
    })
    source.addEventListener('viewing', ({ data }: MessageEvent) => {
      if (typeof data === 'string') viewing(JSON.parse(data) as Viewing)
    })
    source.addEventListener('mention', ({ data }: MessageEvent) => {
      if (typeof data === 'string') hear(JSON.parse(data) as Change)
      mentioned()
    })
    source.addEventListener('refresh', hearAll)
    source.addEventListener('error', () => {
      live = false
      tell()
    })
  }
  const timer = setInterval(() => {
    if (document.hidden && !staysAwake()) {
      close()
      return
    }
    // A browser gives up for good after some refusals; a new source is needed then.
    if ((source?.readyState ?? EventSource.CLOSED) === EventSource.CLOSED && Date.now() >= reopenAt) open()
    if (Date.now() - heardAt >= (live ? anywayMs : pollMs)) hearAll()
  }, 1_000)
  // Hidden windows give their connection back: browsers have six for a host, and desks have many tabs. One goes on.
  const follow = (): void => {
    if (!document.hidden) open()
    else if (!staysAwake()) close()
  }
  document.addEventListener('visibilitychange', follow)
  open()
  return {
    looked: (reached) => {
      if (reachable === reached) return
      reachable = reached
      tell()
    },
    stop: () => {
      clearInterval(timer)
      document.removeEventListener('visibilitychange', follow)
      close()
    },
  }
}
