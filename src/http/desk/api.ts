import { OpenAPIHono } from '@hono/zod-openapi'
import type { Context, Hono } from 'hono'
import { mapStrings } from '../../core/masking.ts'
import { answerProblem, inputProblem, Problem, problemOf } from '../problem.ts'
import { addAssistRoutes } from './assist.ts'
import { addContactRoutes } from './contacts.ts'
import { addDraftRoutes } from './drafts.ts'
import type { DeskEnv, DeskSurroundings } from './environment.ts'
import { addEventRoutes } from './events.ts'
import { addInboxRoutes } from './inboxes.ts'
import { addMediaRoutes } from './media.ts'
import { addMentionRoutes } from './mentions.ts'
import { problemSchema } from './routes.ts'
import { mountProviderCallback } from './provider-callback.ts'
import { addPreferenceRoutes } from './preferences.ts'
import { addPushRoutes } from './push.ts'
import { addQueueRoutes } from './queue.ts'
import { addSecurityRoutes } from './security.ts'
import { addSessionRoutes } from './session.ts'
import { addTicketRoutes } from './tickets.ts'
import { addThreadRoutes } from './thread.ts'
import { addViewingRoutes } from './viewing.ts'
import { addViewRoutes } from './views.ts'

const answerError = (error: unknown, context: Context<DeskEnv>): Response => {
  const problem = problemOf(error)
  if (problem !== undefined) return answerProblem(problem)
  const { log } = context.var.desk
  log.error({ path: context.req.path, error }, 'desk request failed')
  return answerProblem(
    new Problem('internal', 'the server failed; its log says why. Nothing you typed is lost'),
  )
}

const notFound = (): Response => answerProblem(new Problem('not_found', 'there is no such address'))

/** What the signed-in person is told of herself: where she is signed in, her views, codes that must arrive as they are. */
const ofHerself =
  /\/(?:me|sessions|session\/(?:invitation\/look|provider|ways)|second-step(?:\/[a-z-]+)?|push|views(?:\/[\w-]+)?)$/

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null

const ofTicket = /\/tickets\/[\w-]+(?:\/draft)?$/

/** Her own drafts come back as she typed them: masked, they would be sent so. */
const withOwnWords = (body: unknown, masked: unknown, path: string): unknown =>
  ofTicket.test(path) && isRecord(body) && isRecord(masked) && 'drafts' in body
    ? { ...masked, drafts: body.drafts }
    : masked

/** Her own draft written anew, and a reply of the brand's own articles. */
const ofDraft = /\/assist\/(?:rewrite|reply)$/

/** Personal data is shown masked, in refusals too; only what the signed-in person is told of herself is not. */
const maskAnswer = async (context: Context<DeskEnv>): Promise<void> => {
  const { masker } = context.var.desk
  const type = context.res.headers.get('content-type') ?? ''
  if (!/^application\/(?:problem\+)?json/.test(type) || ofHerself.test(context.req.path)) return
  if (context.res.ok && ofDraft.test(context.req.path)) return
  const body: unknown = await context.res.json()
  const masked = withOwnWords(body, mapStrings(body, masker.text), context.req.path)
  context.res = new Response(JSON.stringify(masked), context.res)
}

const createDeskApi = (surroundings: DeskSurroundings): OpenAPIHono<DeskEnv> => {
  const app = new OpenAPIHono<DeskEnv>({
    defaultHook: (result) => (result.success ? undefined : answerProblem(inputProblem(result.error.issues))),
  })
  app.use(async (context, next) => {
    context.set('desk', surroundings)
    await next()
    await maskAnswer(context)
    // Clocks at desks go wrong, and the sandbox's is put forward: what is due is reckoned from ours.
    context.header('X-Present', surroundings.clock.now().toISOString())
  })
  addSessionRoutes(app)
  addSecurityRoutes(app)
  addTicketRoutes(app)
  addThreadRoutes(app)
  addAssistRoutes(app)
  addDraftRoutes(app)
  addViewingRoutes(app)
  addMentionRoutes(app)
  addQueueRoutes(app)
  addPreferenceRoutes(app)
  addViewRoutes(app)
  addPushRoutes(app)
  addMediaRoutes(app)
  addInboxRoutes(app)
  addContactRoutes(app)
  addEventRoutes(app)
  app.onError(answerError)
  return app
}

const description = {
  openapi: '3.1.0',
  info: {
    title: 'Tongda desk API',
    version: '1',
    description: 'Errors are RFC 9457 problems with a `code`.',
  },
  servers: [{ url: '/api/desk' }],
}

/** Mounts the desk's API at `/api/desk` and its OpenAPI 3.1 description at `/api/openapi.json`. */
export const mountDeskApi = (app: Hono, surroundings: DeskSurroundings): void => {
  const api = createDeskApi(surroundings)
  api.openAPIRegistry.register('Problem', problemSchema)
  let described: object | undefined
  app.get('/api/openapi.json', (context) => {
    described ??= api.getOpenAPI31Document(description)
    return context.json(described)
  })
  app.route('/api/desk', api)
  mountProviderCallback(app, surroundings)
  app.all('/api/*', notFound)
}
