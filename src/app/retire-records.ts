import type { Logger } from '../core/log.ts'

const hourMs = 3_600_000
const dayMs = 24 * hourMs

/** What the API keeps for a while. */
export interface RetiredRecords {
  readonly events: { retire(before: Date): Promise<void> }
  readonly webhookQueue: { retire(before: Date): Promise<void> }
  readonly idempotency: { retire(): Promise<void> }
}

/** Forgets what is older than the API promises to keep, now and every hour; several nodes may do so at once. Gives its end. */
export const startRetiring = (
  { events, webhookQueue, idempotency }: RetiredRecords,
  days: number,
  log: Logger,
): (() => Promise<void>) => {
  const retire = async (): Promise<void> => {
    const before = new Date(Date.now() - days * dayMs)
    try {
      await events.retire(before)
      await webhookQueue.retire(before)
      await idempotency.retire()
    } catch (error) {
      log.warn({ error }, 'old records of the API could not be cleared away; tried again in an hour')
    }
  }
  let retiring = retire()
  const timer = setInterval(() => {
    retiring = retiring.then(retire)
  }, hourMs)
  timer.unref()
  return async () => {
    clearInterval(timer)
    await retiring
  }
}
