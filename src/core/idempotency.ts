/** A request that must take effect once. */
export interface IdempotentRequest {
  /** Stands for caller, route and the caller's key. */
  readonly keyHash: string
  /** Stands for what is asked: the same key with another one is a mistake. */
  readonly fingerprint: string
  /** Who works on it, made anew for each try. */
  readonly owner: string
  /** Milliseconds after which another may take over: this one has crashed. */
  readonly leaseMs: number
}

/** What was answered. */
export interface KeptAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
}

/** Where a request stands as it comes in. */
export type Begun =
  | { readonly kind: 'started' }
  | { readonly kind: 'answered'; readonly answer: KeptAnswer }
  /** Somebody else works on it. */
  | { readonly kind: 'in_progress' }
  /** The key was used for another request. */
  | { readonly kind: 'reused' }

/** What is known of a request without beginning it. */
export type Known = Extract<Begun, { kind: 'answered' | 'in_progress' }>

/** Remembers requests for a day, over restarts and all nodes. */
export interface IdempotencyStore {
  begin(request: IdempotentRequest): Promise<Begun>
  /** Keeps the answer, unless another has taken over. */
  finish(request: IdempotentRequest, answer: KeptAnswer): Promise<void>
  /** The request had no effect: its key is free again. */
  release(request: IdempotentRequest): Promise<void>
  /** Undefined: no such request was begun. Takes nothing up, whoever crashed with it. */
  find(keyHash: string): Promise<Known | undefined>
  /** Forgets what is older than a day. */
  retire(): Promise<void>
}
