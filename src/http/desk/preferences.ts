import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import { loudness } from '../../core/preferences.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import { NoQuery } from './schemas.ts'

const maxBindings = 100
const Loud = z.enum(loudness)

/** How the signed-in agent wants the desk to behave. Which commands there are is the page's to know. */
export const PreferencesSchema = z
  .strictObject({
    keys: z.strictObject({
      single: z.boolean().openapi({
        description: 'False: keys that write a character do nothing without Ctrl, ⌘ or Alt',
      }),
      bindings: z
        .record(z.string().regex(/^[a-z-]{1,40}$/), z.string().max(30))
        .refine((bindings) => Object.keys(bindings).length <= maxBindings, 'too many keys')
        .openapi({ description: 'Commands whose key is not the usual one; an empty one has none' }),
    }),
    notices: z
      .strictObject({ waiting: Loud, message: Loud, mentioned: Loud, danger: Loud, broken: Loud })
      .partial()
      .openapi({ description: 'How loudly one is told of what; absent: as usual' }),
  })
  .openapi('Preferences')

const getPreferences = createRoute({
  method: 'get',
  path: '/preferences',
  tags: ['session'],
  middleware: may('anything'),
  request: { query: NoQuery },
  responses: answers(PreferencesSchema),
})

const setPreferences = createRoute({
  method: 'post',
  path: '/preferences',
  tags: ['session'],
  middleware: may('anything'),
  request: { body: body(PreferencesSchema) },
  responses: answers(PreferencesSchema),
})

/** What the signed-in agent prefers; kept with her, not with the machine. */
export const addPreferenceRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(getPreferences, async (context) => {
    const { desk, session } = context.var
    return context.json(await desk.preferences.get(session.agent.id), 200)
  })
  app.openapi(setPreferences, async (context) => {
    const { desk, session } = context.var
    const preferences = context.req.valid('json')
    await desk.preferences.set(session.agent.id, preferences, desk.clock.now())
    return context.json(preferences, 200)
  })
}
