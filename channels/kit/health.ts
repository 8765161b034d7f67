import type { ChannelHealth, ChannelHost } from '../../src/core/channel.ts'
import { ChannelError } from '../../src/core/errors.ts'

/** What happened and what to do, for an operator. Errors that are not ours may hold secrets and are only named. */
export const reasonOf = (error: unknown): string => {
  if (!(error instanceof ChannelError)) {
    const name = nameOf(error)
    return `我们这边出错了（${name}），请看日志 / something failed on our side (${name}); see the log`
  }
  const { hint } = error.facts
  return hint === undefined ? error.message : `${error.message}; ${hint}`
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown')

/** A connection that is broken; it is tried again in `pauseMs`. */
export const failing = (
  { clock }: Pick<ChannelHost, 'clock'>,
  error: unknown,
  pauseMs?: number,
): ChannelHealth => ({
  state: 'failing',
  reason: reasonOf(error),
  ...(pauseMs === undefined ? {} : { nextTryAt: new Date(clock.now().getTime() + pauseMs) }),
})
