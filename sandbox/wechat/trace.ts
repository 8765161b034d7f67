import type { ReplyView } from './passive-reply.ts'

/** How an attempt at pushing ended. `lost`: answered well, but the simulator was told to lose the answer. */
export type PushResult =
  'pending' | 'answered' | 'acknowledged' | 'invalid' | 'http-error' | 'refused' | 'timeout' | 'lost'

/** The deliberate mistake a push was made with. */
export type PushFaultName =
  'bad-signature' | 'stale-timestamp' | 'wrong-key' | 'plaintext' | 'duplicate' | 'out-of-order' | 'replay'

/** Whether an answer equals the first one the same message got. */
export interface ReplyComparison {
  readonly firstExchangeId: number
  /** The bytes of the body, ciphertext included. */
  readonly sameBytes: boolean
  /** The decrypted answer. */
  readonly samePlaintext: boolean
}

/** One attempt at delivering a message to the callback. */
export interface PushExchange {
  readonly kind: 'push'
  readonly id: number
  readonly at: Date
  readonly openid: string
  /** The message's identity over attempts: its MsgId, or an event's own number. */
  readonly messageKey: string
  readonly msgType: string
  /** The words of it, or the event's name; may be empty. */
  readonly about: string
  /** 1 for the first. */
  readonly attempt: number
  readonly faults: readonly PushFaultName[]
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  /** As a shell command. */
  readonly curl: string
  /** Before encryption. */
  readonly plainBody: string
  /** As sent. */
  readonly sentBody: string
  readonly encrypted: boolean
  /** False where the platform would show no answer. */
  readonly answerable: boolean
  readonly result: PushResult
  readonly durationMs?: number
  readonly status?: number
  readonly responseHeaders?: Readonly<Record<string, string>>
  /** As received. */
  readonly responseBody?: string
  /** After decryption. */
  readonly responsePlain?: string
  readonly reply?: ReplyView
  readonly comparison?: ReplyComparison
  /** What the platform would object to, or a careful reader should know. */
  readonly problems: readonly string[]
}

/** One call of the account at the platform's API. Tokens and secrets are masked. */
export interface ApiExchange {
  readonly kind: 'api'
  readonly id: number
  readonly at: Date
  readonly api: string
  readonly method: string
  readonly path: string
  readonly curl: string
  readonly openid?: string
  readonly requestBody: string
  readonly responseBody: string
  readonly status: number
  readonly errcode: number
  readonly durationMs: number
  /** True when the answer was ordered by `fault`. */
  readonly injected: boolean
}

export type Exchange = PushExchange | ApiExchange

/** The last exchanges, oldest first. */
export interface Trace {
  nextId(): number
  /** Adds an exchange or replaces the one of the same id. */
  put(exchange: Exchange): void
  find(id: number): Exchange | undefined
  list(): readonly Exchange[]
  /** Forgets every exchange; numbers go on growing. */
  clear(): void
}

/** A ring of `size` exchanges; `changed` hears every addition and change. */
export const createTrace = (size: number, changed: (exchange: Exchange) => void): Trace => {
  // A map keeps the order of first insertion, also when an entry is replaced.
  const kept = new Map<number, Exchange>()
  let lastId = 0
  return {
    nextId: () => ++lastId,
    put: (exchange) => {
      const known = kept.has(exchange.id)
      // A late end of an exchange that has already left the ring stays out.
      if (!known && exchange.kind === 'push' && exchange.result !== 'pending') return
      kept.set(exchange.id, exchange)
      const oldest = kept.keys().next()
      if (kept.size > size && oldest.done !== true) kept.delete(oldest.value)
      changed(exchange)
    },
    clear: () => kept.clear(),
    find: (id) => kept.get(id),
    list: () => [...kept.values()],
  }
}
