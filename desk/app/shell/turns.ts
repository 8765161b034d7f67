import { useEffect, useRef, type RefObject } from 'react'

/*
 * An agent's windows, by locks that all windows of a browser see: one of them tells; each that is looked at says so. Over
 * plain http there are no locks: every window rings, and none notifies, which browsers do over https alone.
 */

const locks = 'locks' in navigator ? navigator.locks : undefined

let turn = locks === undefined
void locks?.request('tongda.bell', () => {
  turn = true
  return new Promise<never>(() => undefined)
})

/** True in one of an agent's windows; the next one takes over when it is closed. */
export const hasTurn = (): boolean => turn

const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('tongda.told') : undefined

/** Lets the other windows know what needs no telling any more. */
export const tellOthers = (names: ReadonlySet<string>): void => {
  channel?.postMessage([...names])
}

/** What another window has told of: whoever wakes up or takes over does not tell it again. */
export const useToldElsewhere = (): RefObject<ReadonlySet<string>> => {
  const told = useRef<ReadonlySet<string>>(new Set())
  useEffect(() => {
    const hear = ({ data }: MessageEvent): void => {
      // Our own windows speak here, of one build or the next.
      if (Array.isArray(data)) told.current = new Set(data.map(String))
    }
    channel?.addEventListener('message', hear)
    return () => {
      channel?.removeEventListener('message', hear)
    }
  }, [])
  return told
}

const seenLock = 'tongda.seen'
let endSeen: (() => void) | undefined

const follow = (): void => {
  endSeen?.()
  endSeen = undefined
  if (document.hidden) return
  void locks?.request(seenLock, { mode: 'shared' }, () => {
    // Somebody may have looked away until now.
    if (document.hidden) return undefined
    return new Promise<void>((resolve) => {
      endSeen = resolve
    })
  })
}
document.addEventListener('visibilitychange', follow)
follow()

/** Whether somebody looks at one of the windows. */
export const isAnySeen = async (): Promise<boolean> => {
  if (locks === undefined) return !document.hidden
  const { held = [] } = await locks.query()
  return held.some(({ name }) => name === seenLock)
}
