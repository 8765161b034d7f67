import { createHash } from 'node:crypto'
import type { Cache } from '../../src/core/bus.ts'
import { Refusal } from './refusal.ts'

/** A request whose signature does not cover its body. */
export interface SignedRequest {
  readonly inboxId: string
  /** The signed values, signature included. */
  readonly signed: readonly string[]
  readonly body: Uint8Array
  /** How long the signature stays valid. */
  readonly ttlMs: number
}

const sha256 = (data: string | Uint8Array): string => createHash('sha256').update(data).digest('hex')

/**
 * Binds a signature to the first body it came with. The provider's own retry (same body) passes; the same signature
 * with another body throws `Refusal` `replayed`.
 */
export const refuseReplay = async (
  cache: Cache,
  { inboxId, signed, body, ttlMs }: SignedRequest,
): Promise<void> => {
  const key = `replay:${inboxId}:${sha256(JSON.stringify(signed))}`
  const bodyHash = sha256(body)
  if (await cache.add(key, bodyHash, ttlMs)) return
  const first = await cache.get(key)
  // Gone between the two calls: it expired, and the time window refuses what comes later.
  if (first !== undefined && first !== bodyHash) throw new Refusal('replayed', 'signature_reused')
}
