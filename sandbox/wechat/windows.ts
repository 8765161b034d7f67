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
  /** Windows of everybody that are open now. */
  all(): readonly SavedWindow[]
  clear(): void
}

/** An open window and whose it is. */
export interface SavedWindow extends OpenWindow {
  readonly openid: string
}

interface WindowState {
  readonly action: WindowAction
  readonly limit: number
  readonly until: number
  left: number
}

/** Nobody has done anything yet but for what was saved. */
export const createWindows = (
  clock: Clock,
  limits: Readonly<Record<WindowAction, WindowLimit>>,
  saved: readonly SavedWindow[] = [],
): Windows => {
  const byUser = new Map<string, Map<WindowAction, WindowState>>()
  const put = (openid: string, window: WindowState): void => {
    byUser.set(
      openid,
      (byUser.get(openid) ?? new Map<WindowAction, WindowState>()).set(window.action, window),
    )
  }
  for (const { openid, action, limit, left, until } of saved)
    put(openid, { action, limit, left, until: until.getTime() })
  const openOf = (openid: string): WindowState[] =>
    [...(byUser.get(openid)?.values() ?? [])]
      .filter((window) => window.until > clock.now().getTime())
      .sort((one, other) => one.until - other.until)
  const viewOf = (openid: string): OpenWindow[] =>
    openOf(openid).map((window) => ({ ...window, until: new Date(window.until) }))
  return {
    act: (openid, action) => {
      const { count, windowMs } = limits[action]
      put(openid, { action, limit: count, left: count, until: clock.now().getTime() + windowMs })
    },
    spend: (openid) => {
      const open = openOf(openid)
      const usable = open.find((window) => window.left > 0)
      if (usable === undefined) return open.length === 0 ? 45015 : 45047
      usable.left -= 1
      return undefined
    },
    open: viewOf,
    all: () =>
      [...byUser.keys()].flatMap((openid) => viewOf(openid).map((window) => ({ openid, ...window }))),
    clear: () => byUser.clear(),
    close: (openid) => byUser.delete(openid),
  }
}
