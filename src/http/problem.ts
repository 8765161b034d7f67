import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { HTTPException } from 'hono/http-exception'
import { TongdaError } from '../core/errors.ts'

/** What the API refuses for: a word that clients branch on. */
export type ProblemCode =
  | 'bad_input'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'stale'
  | 'in_progress'
  | 'key_reused'
  | 'too_large'
  | 'unsupported_media_type'
  | 'too_many'
  | 'internal'
  | 'unavailable'

/** Every code with its status and title. */
export const problemKinds: Readonly<
  Record<ProblemCode, readonly [status: ContentfulStatusCode, title: string]>
> = {
  bad_input: [400, 'The request is not understood'],
  unauthenticated: [401, 'Sign in first'],
  forbidden: [403, 'Not allowed'],
  not_found: [404, 'Not found'],
  conflict: [409, 'Somebody was faster'],
  stale: [409, 'Changed meanwhile'],
  in_progress: [409, 'Being worked on'],
  key_reused: [422, 'The idempotency key was used for something else'],
  too_large: [413, 'Too large'],
  unsupported_media_type: [415, 'Send plain JSON'],
  too_many: [429, 'Too many tries'],
  internal: [500, 'Something went wrong here'],
  unavailable: [503, 'Not available at the moment'],
}

/** A refusal with its facts. `extra` becomes members of the answer's body. */
export class Problem extends Error {
  readonly code: ProblemCode
  readonly extra: Readonly<Record<string, unknown>>
  readonly headers: Readonly<Record<string, string>>

  constructor(
    code: ProblemCode,
    detail: string,
    extra: Readonly<Record<string, unknown>> = {},
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(detail)
    this.name = 'Problem'
    this.code = code
    this.extra = extra
    this.headers = headers
  }
}

/** Says to try again later. */
export const tooMany = (detail: string, retryAfterMs: number): Problem => {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1_000))
  return new Problem('too_many', detail, { retryAfterSeconds: seconds }, { 'retry-after': String(seconds) })
}

/** Says which fields are wrong and how, never what was in them. `place`: where they stand, e.g. `query`. */
export const inputProblem = (
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
  place?: string,
): Problem =>
  new Problem('bad_input', 'some fields are missing, unknown or malformed', {
    errors: issues.map(({ path, message }) => ({
      field: path.join('.'),
      message,
      ...(place === undefined ? {} : { in: place }),
    })),
  })

/** The problem's URI: stable, one a code. */
export const problemType = (code: ProblemCode): string => `urn:tongda:problem:${code}`

/** An RFC 9457 answer: `{ type, title, status, detail, code, … }`. */
export const answerProblem = ({ code, message, extra, headers }: Problem): Response => {
  const [status, title] = problemKinds[code]
  const body = { ...extra, type: problemType(code), title, status, detail: message, code }
  return new Response(JSON.stringify(body), {
    status,
    headers: { ...headers, 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  })
}

/** What a client can act on: why something may not be published. */
const tellingFacts = ({ concerns, findings }: TongdaError['facts']): Readonly<Record<string, unknown>> => ({
  ...(concerns === undefined ? {} : { concerns }),
  ...(findings === undefined ? {} : { findings }),
})

const ofTongdaError = ({ code, message, facts }: TongdaError): Problem | undefined => {
  switch (code) {
    case 'conflict':
      return new Problem(code, message, tellingFacts(facts))
    case 'bad_input':
    case 'forbidden':
    case 'not_found':
    case 'unauthenticated':
      return new Problem(code, message)
    case 'database_unavailable':
      return new Problem('unavailable', 'the database does not answer; try again in a moment')
    case 'media_unavailable':
      return new Problem('unavailable', 'the store of files does not answer; try again in a moment')
    case 'model_unavailable':
      return new Problem(
        'unavailable',
        'the language model does not answer; go on without it, or try again in a moment',
      )
    case 'model_over_budget':
      return new Problem('too_many', message)
    case 'encoder_unavailable':
      return new Problem(
        'unavailable',
        'there is no encoder at work; tongda doctor says why, where the product runs',
      )
    case 'bad_config':
    case 'data_folder_locked':
    case 'database_too_new':
      return undefined
    default:
      return code satisfies never
  }
}

const ofHttpException = ({ status, message }: HTTPException): Problem | undefined => {
  if (status === 400) return new Problem('bad_input', message)
  return status === 413 ? new Problem('too_large', 'the body is over the limit') : undefined
}

/** What a thrown value tells the client; undefined: nothing, it is our own fault. */
export const problemOf = (error: unknown): Problem | undefined => {
  if (error instanceof Problem) return error
  if (error instanceof TongdaError) return ofTongdaError(error)
  return error instanceof HTTPException ? ofHttpException(error) : undefined
}
