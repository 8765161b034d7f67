import { createHash, randomUUID } from 'node:crypto'
import type { Context } from 'hono'
import type { IdempotentRequest, KeptAnswer } from '../../core/idempotency.ts'
import { Problem } from '../problem.ts'
import type { Caller } from './caller.ts'
import type { ApiSurroundings } from './environment.ts'

/** Longer than any request takes, what a language model writes among them; after it, whoever worked on it has crashed. */
const leaseMs = 120_000

const shape = /^[\w.:-]{8,128}$/

const hash = (parts: readonly string[]): string =>
  createHash('sha256').update(JSON.stringify(parts)).digest('hex')

/** The key as sent; undefined without one. Throws `bad_input`. */
const readKey = (context: Context): string | undefined => {
  const key = context.req.header('idempotency-key')
  if (key !== undefined && !shape.test(key))
    throw new Problem(
      'bad_input',
      'Idempotency-Key must be 8 to 128 letters, digits and _ . : -, e.g. a UUID',
    )
  return key
}

const requestOf = (context: Context, caller: Caller, key: string, body: string): IdempotentRequest => {
  const { method, path, url } = context.req
  return {
    keyHash: hash([caller.kind, caller.id, method, path, key]),
    fingerprint: hash([new URL(url).search, body]),
    owner: randomUUID(),
    leaseMs,
  }
}

const keptHeaders = ['content-type', 'etag', 'location'] as const

const keep = async (response: Response): Promise<KeptAnswer> => ({
  status: response.status,
  headers: Object.fromEntries(
    keptHeaders.flatMap((name) => {
      const value = response.headers.get(name)
      return value === null ? [] : [[name, value]]
    }),
  ),
  body: await response.clone().text(),
})

const again = (context: Context, { status, headers, body }: KeptAnswer): Response => {
  // The headers that were set before belong to this answer too.
  const response = context.newResponse(body, 200, { ...headers, 'cache-control': 'no-store' })
  response.headers.set('idempotency-replayed', 'true')
  return new Response(response.body, { status, headers: response.headers })
}

const inProgress = (): Problem =>
  new Problem(
    'in_progress',
    'the first request with this key is still being worked on; ask again in a moment',
    { retryAfterSeconds: 1 },
    { 'retry-after': '1' },
  )

/** What a request with a key is done with. */
interface Work {
  readonly context: Context
  readonly api: ApiSurroundings
  readonly caller: Caller
  readonly body: string
  /** `key` goes on into the domain's transaction, so that a crash before the answer is kept doubles nothing. */
  readonly run: (key: string | undefined) => Promise<Response>
}

/**
 * Lets a request with an `Idempotency-Key` take effect once: its answer is kept for a day and given again. What was
 * refused had no effect, so its key stays free. Throws `in_progress`, `key_reused`.
 */
export const onceOnly = async ({ context, api, caller, body, run }: Work): Promise<Response> => {
  const key = readKey(context)
  if (key === undefined) return run(undefined)
  const { idempotency, log } = api
  const request = requestOf(context, caller, key, body)
  const begun = await idempotency.begin(request)
  switch (begun.kind) {
    case 'answered':
      return again(context, begun.answer)
    case 'in_progress':
      throw inProgress()
    case 'reused':
      throw new Problem('key_reused', 'this Idempotency-Key was sent with another request; make a new one')
    case 'started':
      break
    default:
      return begun satisfies never
  }
  try {
    const response = await run(request.keyHash)
    await idempotency.finish(request, await keep(response))
    return response
  } catch (error) {
    await idempotency.release(request).catch((failure: unknown) => {
      log.warn({ error: failure }, 'an idempotency key could not be given back; it is free in two minutes')
    })
    throw error
  }
}
