import type { Claim } from '../core/conversation.ts'
import { roundMs, type TurnTimes } from '../core/trace.ts'
import type { Receipts } from './receipts.ts'

/**
 * What came before a turn that began at `startedAt` (`performance.now()`): how long its last message took to be stored, and
 * how long it waited, for further pieces and for a worker.
 */
export const arrivalOf = (
  { pending, readyForMs }: Claim,
  receipts: Receipts,
  startedAt: number,
): Pick<TurnTimes, 'storedMs' | 'piecesMs' | 'queuedMs'> => {
  // The decision stands at the last piece.
  const last = pending.at(-1)
  const receipt = last === undefined ? undefined : receipts.find(last.id)
  const queued = readyForMs === undefined ? {} : { queuedMs: roundMs(readyForMs) }
  if (receipt === undefined) return queued
  const waitedMs = startedAt - receipt.storedAt
  const queuedMs = Math.min(readyForMs ?? waitedMs, waitedMs)
  return {
    storedMs: roundMs(receipt.storedAt - receipt.receivedAt),
    piecesMs: roundMs(waitedMs - queuedMs),
    queuedMs: roundMs(queuedMs),
  }
}
