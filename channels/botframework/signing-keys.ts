/**
 * The keys that sign requests: OpenID metadata, then the key set it names.
 * Source: learn.microsoft.com "Authenticate requests from the Bot Connector service to your bot".
 */
import { createPublicKey } from 'node:crypto'
import type { KeyObject } from 'node:crypto'
import { z } from 'zod'
import type { ChannelHost } from '../../src/core/channel.ts'
import { fetchLimited } from '../kit/index.ts'

/** A published key. */
export interface SigningKey {
  readonly key: KeyObject
  /** Channels the key may speak for; empty: all. */
  readonly endorsements: readonly string[]
}

/** Finds keys by their id. */
export interface SigningKeys {
  /** Undefined when nobody publishes such a key. Rejects when the keys cannot be fetched. */
  find(keyId: string): Promise<SigningKey | undefined>
}

const Metadata = z.looseObject({ jwks_uri: z.string() })
const KeySet = z.looseObject({
  keys: z
    .array(
      z.looseObject({
        kty: z.string(),
        kid: z.string().min(1).max(256),
        n: z.string().optional(),
        e: z.string().optional(),
        endorsements: z.array(z.string()).default([]),
      }),
    )
    .max(100),
})

const maxAgeMs = 24 * 3_600_000
/** An unknown key id makes us look again, but not more often: strangers can name any. */
const retryAgeMs = 60_000
const limits = { timeoutMs: 10_000, maxBytes: 1_048_576 } as const
const leastModulusBits = 2_048

type JwkSet = z.infer<typeof KeySet>

const toKey = ({ kty, n, e, endorsements }: JwkSet['keys'][number]): SigningKey | undefined => {
  if (kty !== 'RSA' || n === undefined || e === undefined) return undefined
  try {
    const key = createPublicKey({ key: { kty, n, e }, format: 'jwk' })
    const bits = key.asymmetricKeyDetails?.modulusLength ?? 0
    return bits < leastModulusBits ? undefined : { key, endorsements }
  } catch {
    return undefined
  }
}

/** The keys published at `metadataUrl`; the key set must lie at the same origin. */
export const createSigningKeys = (
  metadataUrl: string,
  host: Pick<ChannelHost, 'clock' | 'log'>,
  stopped: AbortSignal,
): SigningKeys => {
  let known: ReadonlyMap<string, SigningKey> = new Map()
  let fetchedAt = Number.NEGATIVE_INFINITY
  let fetching: Promise<void> | undefined

  const getJson = async (url: URL): Promise<unknown> => {
    const { status, bytes } = await fetchLimited(url, {}, { ...limits, signal: stopped })
    if (status !== 200) throw new Error(`HTTP ${status}`)
    return JSON.parse(Buffer.from(bytes).toString('utf8'))
  }
  const refresh = async (): Promise<void> => {
    const metadata = new URL(metadataUrl)
    const { jwks_uri: keysUrl } = Metadata.parse(await getJson(metadata))
    if (!URL.canParse(keysUrl) || new URL(keysUrl).origin !== metadata.origin)
      throw new Error('the key set lies at another origin')
    const { keys } = KeySet.parse(await getJson(new URL(keysUrl)))
    known = new Map(
      keys.flatMap((jwk) => {
        const key = toKey(jwk)
        return key === undefined ? [] : [[jwk.kid, key] as const]
      }),
    )
  }
  const refreshOnce = (): Promise<void> =>
    (fetching ??= refresh().finally(() => {
      fetchedAt = host.clock.now().getTime()
      fetching = undefined
    }))

  return {
    find: async (keyId) => {
      const ageMs = host.clock.now().getTime() - fetchedAt
      const found = known.get(keyId)
      if (found !== undefined && ageMs < maxAgeMs) return found
      if (fetching === undefined && known.size > 0 && ageMs < retryAgeMs) return undefined
      await refreshOnce().catch((error: unknown) => {
        host.log.error(
          { code: 'keys_not_fetched', hint: 'check the server’s network and openIdMetadataUrl' },
          'signing keys not fetched',
        )
        // Yesterday's keys are better than refusing everybody.
        if (known.get(keyId) === undefined) throw error
      })
      return known.get(keyId)
    },
  }
}
