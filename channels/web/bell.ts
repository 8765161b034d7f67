import type { Hint, Listener } from './threads.ts'

/** Lets a waiting poll sleep until something happens. */
export interface Bell extends Listener {
  /** What the agent's side is doing, if it changed while the poll waited. */
  readonly typing: boolean | undefined
  /** True once the poll should answer with what it has. */
  readonly isOver: boolean
  /** Resolves at the next ring, at the end, or at once if it rang meanwhile. */
  next(): Promise<void>
  end(): void
}

/** A bell that is over after `waitMs`, or when `aborted` fires, or when a newer poll takes its place. */
export const createBell = (waitMs: number, aborted: AbortSignal): Bell => {
  let typing: boolean | undefined
  let isOver = waitMs === 0
  let hasRung = false
  let wake = (): void => undefined
  const ring = (): void => {
    hasRung = true
    wake()
  }
  const finish = (): void => {
    isOver = true
    ring()
  }
  const timer = setTimeout(finish, waitMs)
  aborted.addEventListener('abort', finish, { once: true })
  return {
    get typing() {
      return typing
    },
    get isOver() {
      return isOver
    },
    hear(hint: Hint) {
      if (hint.typing?.by === 'contact' || hint.read !== undefined || hint.preview !== undefined) return
      if (hint.typing) typing = hint.typing.on
      ring()
    },
    replaced: finish,
    stopped: finish,
    async next() {
      if (!hasRung && !isOver) await new Promise<void>((resolve) => (wake = resolve))
      hasRung = false
    },
    end() {
      clearTimeout(timer)
      aborted.removeEventListener('abort', finish)
    },
  }
}
