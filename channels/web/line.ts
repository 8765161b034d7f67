import type { LiveSocket } from '../../src/core/channel.ts'
import { closeCodes } from './encode.ts'
import type { ServerFrame } from './protocol.ts'
import type { WebLimits } from './manifest.ts'

/** A socket that watches its own backlog. */
export interface Line {
  isOpen(): boolean
  /** True once we closed it; what was still queued is dropped then. */
  isEnded(): boolean
  /** True while more waits unsent than a healthy client leaves. */
  isCongested(): boolean
  /** Sends a frame; closes with 1013 instead when the backlog is beyond the hard limit. */
  send(frame: ServerFrame): void
  /** Sends a frame that may be lost: dropped first when the client is slow. */
  hint(frame: ServerFrame): void
  /** Closes once; `farewell` is sent before. */
  end(code: number, reason: string, farewell?: ServerFrame): void
  /** The other side, or the network, closed it. */
  closed(): void
}

/** Wraps an open socket; `onEnd` runs exactly once, whoever ends it, with the code when it was us. */
export const createLine = (socket: LiveSocket, limits: WebLimits, onEnd: (code?: number) => void): Line => {
  let isOpen = true
  let isEnded = false
  const finish = (code?: number): boolean => {
    if (!isOpen) return false
    isOpen = false
    onEnd(code)
    return true
  }
  const end = (code: number, reason: string, farewell?: ServerFrame): void => {
    if (!finish(code)) return
    isEnded = true
    if (farewell && socket.bufferedAmount < limits.hardBufferBytes) socket.send(JSON.stringify(farewell))
    socket.close(code, reason)
  }
  const isCongested = (): boolean => socket.bufferedAmount >= limits.softBufferBytes
  const send = (frame: ServerFrame): void => {
    if (!isOpen) return
    if (socket.bufferedAmount >= limits.hardBufferBytes) end(closeCodes.tryLater, 'too slow')
    else socket.send(JSON.stringify(frame))
  }
  return {
    isOpen: () => isOpen,
    isEnded: () => isEnded,
    isCongested,
    send,
    hint(frame) {
      if (!isCongested()) send(frame)
    },
    end,
    closed() {
      finish()
    },
  }
}
