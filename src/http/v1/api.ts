import { Hono } from 'hono'
import { requestId } from 'hono/request-id'
import { mapStrings, type Masker } from '../../core/masking.ts'
import { answerProblem, Problem, problemOf } from '../problem.ts'
import { type ApiDocument, describeApi } from './document.ts'
import { mountReference } from './reference-page.ts'
import { mountMcp } from './mcp.ts'
import type { ApiEnv, ApiServices, ApiSurroundings } from './environment.ts'
import { apiRoutes } from './routes.ts'
import { apiPath, serveRoutes } from './serve-routes.ts'

const withId = ({ code, message, extra, headers }: Problem, id: string, masker: Masker): Response => {
  // The current state that a refusal may bring is what the answer would have been.
  const facts = Object.fromEntries(
    Object.entries(extra).map(([name, value]) => [name, mapStrings(value, masker.text)]),
  )
  return answerProblem(
    new Problem(code, message, { ...facts, requestId: id }, { ...headers, 'x-request-id': id }),
  )
}

/** The API's OpenAPI 3.1 document. */
export const apiDocument = (): ApiDocument => describeApi(apiRoutes)

const createApi = (api: ApiSurroundings): Hono<ApiEnv> => {
  const app = new Hono<ApiEnv>()
  app.use(requestId({ limitLength: 64 }))
  // Made when somebody asks for it: most products are never asked.
  let made: ApiDocument | undefined
  const document = (): ApiDocument => (made ??= apiDocument())
  app.get('/openapi.json', (context) => context.json(document()))
  mountReference(app, document)
  serveRoutes(app, apiRoutes, api)
  app.all('*', (context) =>
    withId(
      new Problem('not_found', `there is no such address; ${apiPath}/docs lists them all`),
      context.var.requestId,
      api.masker,
    ),
  )
  app.onError((error, context) => {
    const id = context.var.requestId
    const problem = problemOf(error)
    if (problem !== undefined) return withId(problem, id, api.masker)
    api.log.error({ path: context.req.path, requestId: id, error }, 'API request failed')
    return withId(
      new Problem('internal', 'the server failed; its log says why under this request id'),
      id,
      api.masker,
    )
  })
  return app
}

/** Mounts the public API at `/api/v1`, with its description at `/openapi.json` and `/docs` below it, and the MCP server. */
export const mountApi = (
  app: Hono,
  surroundings: ApiServices & Omit<ApiSurroundings, keyof ApiServices | 'limiter' | 'streams'>,
): void => {
  const { limiters, requestsPerMinute: points } = surroundings
  const limiter = limiters.create({ name: 'api', points, durationMs: 60_000 })
  const api = { ...surroundings, limiter, streams: new Map<string, number>() }
  app.route(apiPath, createApi(api))
  if (api.mcp !== undefined) mountMcp(app, api, api.mcp)
}
