import { Hono, type Context } from 'hono'
import { actAs } from '../../core/acting.ts'
import type { McpServing } from '../../core/mcp-serve.ts'
import { limitBody } from '../limit-body.ts'
import { nodeOf } from '../node-bindings.ts'
import { checkType } from '../own-page.ts'
import { answerProblem, Problem, problemOf } from '../problem.ts'
import { identify } from './caller.ts'
import type { ApiSurroundings } from './environment.ts'
import { toolsFor } from './mcp-tools.ts'
import { checkRate } from './serve-routes.ts'

/** Larger than any call of a tool needs. */
const maxBodyBytes = 65_536

const contactShape = /^[^\p{Cc}|]{1,128}$/u

/** Pages of other sites reach nothing here, whatever key they found. */
const refuseStrangers = (context: Context, api: ApiSurroundings): void => {
  const origin = context.req.header('origin')
  if (origin !== undefined && !api.origins().allows(origin))
    throw new Problem('forbidden', 'pages of other sites may not call this; call it from a program', {
      reason: 'origin',
    })
}

const contactOf = (context: Context): string | undefined => {
  const contact = context.req.header('tongda-contact')?.trim()
  if (contact !== undefined && !contactShape.test(contact))
    throw new Problem('bad_input', 'Tongda-Contact must be 1 to 128 characters without | and line ends')
  return contact
}

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch {
    throw new Problem('bad_input', 'the body is no JSON')
  }
}

/** One message: a batch, which early revisions allow, would count as one request. */
const readBody = async (context: Context): Promise<unknown> => {
  await limitBody(context, maxBodyBytes)
  checkType(context, 'application/json')
  const body = parse(await context.req.text())
  if (Array.isArray(body)) throw new Problem('bad_input', 'send one message a request, not a batch')
  return body
}

const serve = async (context: Context, api: ApiSurroundings, mcp: McpServing): Promise<Response> => {
  refuseStrangers(context, api)
  // A browser's session is none of a program's.
  if (context.req.header('authorization') === undefined)
    throw new Problem(
      'unauthenticated',
      'send an API key as Authorization: Bearer tk_…',
      {},
      { 'www-authenticate': 'Bearer' },
    )
  const caller = await identify(context, api)
  await checkRate(context, api, caller)
  const contact = contactOf(context)
  const body = await readBody(context)
  const address = api.remoteAddress(nodeOf(context).incoming)
  const { method, url, headers, signal } = context.req.raw
  return actAs({ kind: caller.kind, id: caller.id, ...(address === '' ? {} : { address }) }, () =>
    mcp.answer(new Request(url, { method, headers, signal }), body, toolsFor({ api, caller, contact }, mcp)),
  )
}

/** Mounts the MCP server at `/mcp`: the API's keys, limits and rights. */
export const mountMcp = (app: Hono, api: ApiSurroundings, mcp: McpServing): void => {
  const own = new Hono()
  own.post('/', async (context) => {
    const response = await serve(context, api, mcp)
    response.headers.set('cache-control', 'no-store')
    return response
  })
  own.all('*', () => new Response(null, { status: 405, headers: { allow: 'POST' } }))
  own.onError((error) => {
    const problem = problemOf(error)
    if (problem !== undefined) return answerProblem(problem)
    api.log.error({ error }, 'an MCP request failed')
    return answerProblem(new Problem('internal', 'the server failed; its log says why'))
  })
  app.route('/mcp', own)
}
