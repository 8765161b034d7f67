import createClient from 'openapi-fetch'
import type { components, paths } from '../../../src/client/schema.ts'
import { ApiError, problemOf, standardHeaders } from './request.ts'

export type Schemas = components['schemas']

const client = createClient<paths>({ baseUrl: '/api/v1', credentials: 'same-origin' })
client.use({
  onRequest: ({ request }) => {
    for (const [name, value] of standardHeaders(request.method)) request.headers.set(name, value)
    return request
  },
  onError: ({ error }) =>
    new ApiError(error instanceof DOMException && error.name === 'AbortError' ? 'aborted' : 'network'),
})

/** The public API, which a signed-in person may use as well; see docs/openapi.json. */
export const v1 = client

/** The answer of a route; throws `ApiError` for a refusal. */
export const answerOf = async <Answer>(
  asked: Promise<{ readonly data?: Answer; readonly error?: unknown }>,
): Promise<Answer> => {
  const { data, error } = await asked
  if (data === undefined) throw problemOf(error)
  return data
}

/** Headers for a change of what was seen at `version`. */
export const ifMatch = (version: number) => ({ 'If-Match': `"${version}"` })

/** What a route takes. */
export type BodyOf<Path extends keyof paths, Method extends keyof paths[Path]> = paths[Path][Method] extends {
  readonly requestBody?: { readonly content: { readonly 'application/json': infer Body } }
}
  ? Body
  : never
