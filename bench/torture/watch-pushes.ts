import type { WechatSimulator } from '../../sandbox/index.ts'

/** One attempt of the platform, by the wall clock in milliseconds; good: answered or acknowledged. */
export interface SeenPush {
  readonly atMs: number
  readonly endedMs: number
  readonly good: boolean
}

/** What the platform sees of its pushes from now on: the list grows. */
export const watchPushes = (simulator: WechatSimulator): readonly SeenPush[] => {
  const seen: SeenPush[] = []
  simulator.onEvent((event) => {
    if (event.kind !== 'exchange' || event.exchange.kind !== 'push') return
    const { result, at, durationMs } = event.exchange
    if (result === 'pending' || durationMs === undefined) return
    const atMs = at.getTime()
    seen.push({
      atMs,
      endedMs: atMs + durationMs,
      good: result === 'answered' || result === 'acknowledged',
    })
  })
  return seen
}
