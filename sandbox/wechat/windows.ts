// How often an account may speak: official-account documentation, "发送客服消息", table of actions.
import type { Clock } from '../../src/core/clock.ts'
import type { WindowAction, WindowLimit } from './account.ts'

/** An open window. */
export interface OpenWindow {
  readonly action: WindowAction
  readonly left: number
  readonly limit: number
  readonly until: Date
}

/** Why the account may not speak: nothing is open, or everything open is used up. */
export type WindowFault = 45015 | 45047

/** One account's right to speak, per user. */
export interface Windows {
  /** An action of the user: its window starts anew. */
  act(openid: string, action: WindowAction): void
  /** Takes one message; undefined when allowed. The window that ends first is used first. */
  spend(openid: string): WindowFault | undefined
  /** Windows that are open now. */
  open(openid: string): readonly OpenWindow[]
  /** Ends all windows of a user who left. */
  close(openid: string): void
}

interface WindowState {
  readonly action: WindowAction
  readonly limit: number
  readonly until: number
  left: number
}

/** Nobody has done anything yet. */
export const createWindows = (clock: Clock, limits: Readonly<Record<WindowAction, WindowLimit>>): Windows => {
  const byUser = new Map<string, Map<WindowAction, WindowState>>()
  const openOf = (openid: string): WindowState[] =>
    [...(byUser.get(openid)?.values() ?? [])]
      .filter((window) => window.until > clock.now().getTime())
      .sort((one, other) => one.until - other.until)
  return {
    act: (openid, action) => {
      const windows = byUser.get(openid) ?? new Map<WindowAction, WindowState>()
      const { count, windowMs } = limits[action]
      windows.set(action, { action, limit: count, left: count, until: clock.now().getTime() + windowMs })
      byUser.set(openid, windows)
    },
    spend: (openid) => {
      const open = openOf(openid)
      const usable = open.find((window) => window.left > 0)
      if (usable === undefined) return open.length === 0 ? 45015 : 45047
      usable.left -= 1
      return undefined
    },
    open: (openid) => openOf(openid).map((window) => ({ ...window, until: new Date(window.until) })),
    close: (openid) => byUser.delete(openid),
  }
}
