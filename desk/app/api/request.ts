import { currentLanguage } from '../words/index.ts'
import { hearPresent } from './present.ts'

/** What the server says of a refusal, beyond its code. */
export type ProblemFacts = Readonly<Record<string, unknown>>

/** A refusal of the server by its code, `network` when it could not be reached, `aborted` when we broke off. */
export class ApiError extends Error {
  override readonly name = 'ApiError'
  readonly code: string
  readonly facts: ProblemFacts

  constructor(code: string, facts: ProblemFacts = {}) {
    super(code)
    this.code = code
    this.facts = facts
  }
}

const csrfToken = (): string => /(?:^|;\s*)(?:__Host-)?tongda_csrf=([^;]+)/.exec(document.cookie)?.[1] ?? ''

let lastUse = Date.now()
for (const event of ['pointerdown', 'keydown', 'focus'])
  addEventListener(
    event,
    () => {
      lastUse = Date.now()
    },
    { capture: true, passive: true },
  )

const inUseMs = 60_000
/** Whether somebody is at it. What the page fetches while nobody is must not keep the session alive. */
export const isInUse = (): boolean => Date.now() - lastUse < inUseMs

export interface RequestOptions {
  readonly body?: unknown
  /** Repeating a request under the same key has no further effect. */
  readonly key?: string
  /** The version that was seen; where a newer one stands the change is refused. */
  readonly version?: number
  readonly signal?: AbortSignal
  /** It goes on when the page goes. */
  readonly isLeaving?: boolean
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Headers that every request carries; writes prove that they come from our page. */
export const standardHeaders = (method: string): Headers => {
  const headers = new Headers({ accept: 'application/json', 'accept-language': currentLanguage() })
  if (!isInUse()) headers.set('x-background', '1')
  if (method !== 'GET') headers.set('x-csrf-token', csrfToken())
  return headers
}

const headersFor = (method: Method, { body, key, version }: RequestOptions): Headers => {
  const headers = standardHeaders(method)
  if (body !== undefined) headers.set('content-type', 'application/json')
  if (key !== undefined) headers.set('idempotency-key', key)
  if (version !== undefined) headers.set('if-match', `"${version}"`)
  return headers
}

const isRecord = (value: unknown): value is ProblemFacts => typeof value === 'object' && value !== null

/** The refusal in an answer. */
export const problemOf = (answer: unknown): ApiError => {
  const facts = isRecord(answer) ? answer : {}
  return new ApiError(typeof facts.code === 'string' ? facts.code : 'other', facts)
}

/**
 * Asks our own server. The answer is what the route's schema says, as client and server are of one build.
 * Throws `ApiError`.
 */
export const request = async <Answer>(
  method: Method,
  address: string,
  options: RequestOptions = {},
): Promise<Answer> => {
  const headers = headersFor(method, options)
  const { body, signal, isLeaving = false } = options
  const response = await fetch(address, {
    ...{ method, headers, credentials: 'same-origin', keepalive: isLeaving },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    ...(signal === undefined ? {} : { signal }),
  }).catch(() => {
    throw new ApiError(signal?.aborted === true ? 'aborted' : 'network')
  })
  hearPresent(response.headers.get('x-present'))
  const answer: unknown = await response.json().catch(() => ({}))
  if (!response.ok) throw problemOf(answer)
  return answer as Answer
}

/** A key that makes repeating a request harmless. Over plain http in a local network browsers have no `randomUUID`. */
export const createKey = (): string =>
  [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    return {}
  }
}

export interface UploadOptions {
  /** Hears the share that has left, 0 to 1. */
  readonly progress: (share: number) => void
  readonly signal: AbortSignal
}

/** Sends a file's bytes. Rejects with `ApiError`. */
export const upload = <Answer>(address: string, file: Blob, { progress, signal }: UploadOptions) =>
  new Promise<Answer>((resolve, reject) => {
    // Only this old interface tells how much of a request has left.
    const asked = new XMLHttpRequest()
    asked.open('POST', address)
    asked.setRequestHeader('content-type', 'application/octet-stream')
    asked.setRequestHeader('x-csrf-token', csrfToken())
    asked.upload.onprogress = ({ loaded, total }) => {
      progress(total === 0 ? 0 : loaded / total)
    }
    asked.onerror = () => {
      reject(new ApiError('network'))
    }
    asked.onabort = () => {
      reject(new ApiError('aborted'))
    }
    asked.onload = () => {
      const answer = parse(asked.responseText)
      if (asked.status === 200) resolve(answer as Answer)
      else reject(problemOf(answer))
    }
    signal.addEventListener('abort', () => {
      asked.abort()
    })
    asked.send(file)
  })
