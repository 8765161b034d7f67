import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import { DoneSchema, IdParams, NoQuery } from './schemas.ts'

const tags = ['tickets']

export const ColleaguesSchema = z
  .object({
    colleagues: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          sounds: z.array(z.string()).readonly().openapi({
            description: 'How the name sounds: initials of the syllables, and whole syllables',
          }),
        }),
      )
      .readonly(),
  })
  .openapi('Colleagues')

/** Who can be mentioned in notes. */
const listColleagues = createRoute({
  method: 'get',
  path: '/colleagues',
  tags,
  middleware: may('ticket.note'),
  request: { query: NoQuery },
  responses: answers(ColleaguesSchema),
})

/** The signed-in agent has read what they were mentioned in. */
const readMentions = createRoute({
  method: 'post',
  path: '/tickets/{id}/mentions/read',
  tags,
  middleware: may('ticket.read'),
  request: { params: IdParams, body: body(z.strictObject({})) },
  responses: answers(DoneSchema),
})

/** Mentioning colleagues in notes. */
export const addMentionRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(listColleagues, async (context) =>
    context.json({ colleagues: await context.var.desk.mentions.colleagues() }, 200),
  )
  app.openapi(readMentions, async (context) => {
    const { desk, session } = context.var
    await desk.mentions.read(session.agent.id, context.req.valid('param').id, desk.clock.now())
    return context.json({ done: true as const }, 200)
  })
}
