import { OpenAPIHono, type RouteConfig, z } from '@hono/zod-openapi'
import { problemKinds, problemType, type ProblemCode } from '../problem.ts'
import { nothing, type ApiRoute } from './define-route.ts'
import { apiPath } from './serve-routes.ts'

/** RFC 9457. */
const ProblemSchema = z
  .looseObject({
    type: z.string().openapi({ description: 'Stable: urn:tongda:problem:<code>' }),
    title: z.string(),
    status: z.number().int(),
    detail: z.string().openapi({ description: 'For people; may change' }),
    code: z.string().openapi({ description: 'For programs' }),
    requestId: z.string().optional(),
  })
  .openapi('Problem')

const problemExample = (code: ProblemCode) => {
  const [status, title] = problemKinds[code]
  return { type: problemType(code), title, status, detail: title, code }
}

/** What each refusal means; every operation refers to these. */
const refused = {
  bad_input: 'Something in the request is missing, unknown or malformed',
  unauthenticated: 'No valid API key and no session',
  forbidden: 'The caller lacks the permission',
  not_found: 'There is no such thing',
  conflict: 'Changed meanwhile, or a request with this key is being worked on',
  key_reused: 'The idempotency key was sent with another request',
  too_many: 'Too many requests of this minute; see Retry-After',
} as const satisfies Partial<Record<ProblemCode, string>>
type Refusal = keyof typeof refused
const isRefusal = (code: string): code is Refusal => Object.hasOwn(refused, code)
const refusalCodes = Object.keys(refused).filter(isRefusal)

const refer = (code: Refusal) => ({ $ref: `#/components/responses/${code}` })

const header = (name: string, description: string, schema = z.string()) =>
  [name, schema.optional().openapi({ param: { name, in: 'header', description } })] as const

const headersOf = ({ method, versioned, stream }: ApiRoute) =>
  z.object(
    Object.fromEntries([
      ...(method === 'post'
        ? [
            header(
              'Idempotency-Key',
              'Lets the request take effect once: its answer is kept for 24 hours and given again',
            ),
          ]
        : []),
      ...(versioned === true && method !== 'get'
        ? [header('If-Match', 'The ETag that was read; a resource changed since is refused with `stale`')]
        : []),
      ...(stream === true ? [header('Last-Event-ID', 'Id of the last event that arrived')] : []),
    ]),
  )

const refusals = ({ method, params, versioned }: ApiRoute): Record<number, ReturnType<typeof refer>> => ({
  400: refer('bad_input'),
  401: refer('unauthenticated'),
  403: refer('forbidden'),
  ...(params === nothing ? {} : { 404: refer('not_found') }),
  ...(method === 'post' || versioned === true ? { 409: refer('conflict') } : {}),
  ...(method === 'post' ? { 422: refer('key_reused') } : {}),
  429: refer('too_many'),
})

const toConfig = (route: ApiRoute): RouteConfig => {
  const { id, method, path, tag, summary, description, permission, status = 200, stream } = route
  const type = route.produces ?? (stream === true ? 'text/event-stream' : 'application/json')
  return {
    operationId: id,
    method,
    path,
    tags: [tag],
    summary,
    description: [description, permission === 'anything' ? undefined : `Needs \`${permission}\`.`]
      .filter((text) => text !== undefined)
      .join(' '),
    security: [{ apiKey: [] }, { session: [] }],
    request: {
      params: route.params,
      query: route.query,
      headers: headersOf(route),
      ...(route.body === nothing
        ? {}
        : { body: { required: true, content: { 'application/json': { schema: route.body } } } }),
    },
    responses: {
      [status]: {
        description: 'Done',
        content: { [type]: { schema: route.answer, example: route.example } },
      },
      ...refusals(route),
    },
  }
}

const intro =
  `Programs send an API key as \`Authorization: Bearer tk_…\`; agents signed in at the desk may call the
same routes with their session. Every refusal is an RFC 9457 problem with a stable \`type\` and \`code\`. Lists take
\`limit\` and \`cursor\` and answer \`{ data, next }\` with a \`Link\` header. Times are ISO 8601 in UTC.`.replaceAll(
    '\n',
    ' ',
  )

/** The OpenAPI 3.1 document of a table of routes. */
export const describeApi = (routes: readonly ApiRoute[]) => {
  const table = new OpenAPIHono()
  const registry = table.openAPIRegistry
  registry.registerComponent('securitySchemes', 'apiKey', {
    type: 'http',
    scheme: 'bearer',
    description: 'An API key: `tk_…`',
  })
  registry.registerComponent('securitySchemes', 'session', {
    type: 'apiKey',
    in: 'cookie',
    name: '__Host-tongda_session',
    description: 'The desk’s session; writes also carry X-CSRF-Token and come from the desk’s own origin',
  })
  registry.register('Problem', ProblemSchema)
  for (const code of refusalCodes)
    registry.registerComponent('responses', code, {
      description: refused[code],
      content: {
        'application/problem+json': {
          schema: { $ref: '#/components/schemas/Problem' },
          example: problemExample(code),
        },
      },
    })
  for (const route of routes) registry.registerPath(toConfig(route))
  return table.getOpenAPI31Document({
    openapi: '3.1.0',
    info: {
      title: 'Tongda API',
      version: '1',
      description: intro,
      license: { name: 'MIT', url: 'https://opensource.org/license/mit' },
    },
    servers: [{ url: apiPath }],
    tags: [...new Set(routes.map(({ tag }) => tag))].map((name) => ({ name })),
  })
}

/** The document as it is served and printed. */
export type ApiDocument = ReturnType<typeof describeApi>
