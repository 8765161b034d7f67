import type { ChannelErrorFacts } from '../../src/core/errors.ts'

/** Longest wait that a header may ask for. */
const longestWaitMs = 3_600_000

/** Facts of an HTTP answer that is no answer of the provider's API: its status, and how long it asks to wait. */
export const httpFacts = (status: number, retryAfter: string | null): ChannelErrorFacts => {
  const seconds = retryAfter === null ? Number.NaN : Number(retryAfter)
  const wait =
    Number.isFinite(seconds) && seconds >= 0 ? { retryAfterMs: Math.min(seconds * 1_000, longestWaitMs) } : {}
  return { providerCode: `http ${status}`, ...wait }
}
