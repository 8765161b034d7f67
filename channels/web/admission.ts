import { addressKey } from './limits.ts'
import type { WebLimits } from './manifest.ts'

/** One socket's place. */
export interface Place {
  /** It signed in and no longer counts against its address. */
  signedIn(): void
  leave(): void
}

/** How many sockets are open, and how many of them nobody has signed in on. */
export interface Admission {
  hasRoom(remoteAddress: string): boolean
  enter(remoteAddress: string): Place
}

/** Counts the sockets of one inbox on this node. */
export const createAdmission = (limits: WebLimits): Admission => {
  const pending = new Map<string, number>()
  let open = 0
  return {
    hasRoom: (remoteAddress) =>
      open < limits.sockets &&
      (pending.get(addressKey(remoteAddress)) ?? 0) < limits.pendingSocketsPerAddress,
    enter(remoteAddress) {
      const key = addressKey(remoteAddress)
      let isPending = true
      open += 1
      pending.set(key, (pending.get(key) ?? 0) + 1)
      const signedIn = (): void => {
        if (!isPending) return
        isPending = false
        const rest = (pending.get(key) ?? 1) - 1
        if (rest === 0) pending.delete(key)
        else pending.set(key, rest)
      }
      return {
        signedIn,
        leave() {
          signedIn()
          open -= 1
        },
      }
    },
  }
}
