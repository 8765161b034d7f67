import { createRoute, z, type OpenAPIHono } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { rewritings, type AgentAssist, type Assisted, type AssistRequest } from '../../core/assist.ts'
import { languageOf } from '../language.ts'
import { Problem } from '../problem.ts'
import {
  AssistedFields,
  AssistedReply,
  AssistedSummary,
  AssistedText,
  AssistedTranslation,
  KeptHandoff,
} from '../shapes/assist.ts'
import type { DeskEnv } from './environment.ts'
import { may } from './guard.ts'
import { answers, body } from './routes.ts'
import { IdParams, NoInput } from './schemas.ts'

/** More than any reply; longer than a model may answer is refused by it. */
const maxText = 4_000

const RewriteInput = z.strictObject({
  text: z.string().trim().min(1).max(maxText),
  how: z.enum(rewritings).openapi({
    description: '`translated`: into the language that the contact wrote last; else another tone',
  }),
})
const TranslationInput = z.strictObject({
  messageId: z.uuid(),
  to: z.enum(['zh', 'en']),
})

const common = { method: 'post' as const, tags: ['assist'] }

// Only those who work on tickets have a model read them: it costs, and what is read leaves the machine.
const summarise = createRoute({
  ...common,
  path: '/tickets/{id}/assist/summary',
  middleware: may('ticket.note'),
  request: { params: IdParams, body: body(NoInput) },
  responses: answers(AssistedSummary),
})

const showHandoff = createRoute({
  ...common,
  method: 'get',
  path: '/tickets/{id}/assist/summary',
  middleware: may('ticket.note'),
  request: { params: IdParams },
  responses: answers(KeptHandoff),
})

const suggestReply = createRoute({
  ...common,
  path: '/tickets/{id}/assist/reply',
  middleware: may('ticket.reply'),
  request: { params: IdParams, body: body(NoInput) },
  responses: answers(AssistedReply),
})

const rewrite = createRoute({
  ...common,
  path: '/tickets/{id}/assist/rewrite',
  middleware: may('ticket.reply'),
  request: { params: IdParams, body: body(RewriteInput) },
  responses: answers(AssistedText),
})

const translate = createRoute({
  ...common,
  path: '/tickets/{id}/assist/translation',
  middleware: may('ticket.note'),
  request: { params: IdParams, body: body(TranslationInput) },
  responses: answers(AssistedTranslation),
})

const proposeFields = createRoute({
  ...common,
  path: '/tickets/{id}/assist/fields',
  middleware: may('ticket.change'),
  request: { params: IdParams, body: body(NoInput) },
  responses: answers(AssistedFields),
})

const assistOf = ({ var: { desk } }: Context<DeskEnv>): AgentAssist => {
  if (desk.assist === undefined)
    throw new Problem('not_found', 'help by a language model is off; llm.assist switches it on')
  return desk.assist
}

const requestOf = (context: Context<DeskEnv>, ticketId: string): AssistRequest => ({
  ticketId,
  agent: { name: context.var.session.agent.name },
  language: languageOf(context),
})

/** Every answer says that a machine wrote it. */
const marked = <Made>(assisted: Assisted<Made>) => ({ ...assisted, machineMade: true as const })

/** What a language model does for agents. Nothing is sent or changed here. */
export const addAssistRoutes = (app: OpenAPIHono<DeskEnv>): void => {
  app.openapi(summarise, async (context) => {
    const asked = requestOf(context, context.req.valid('param').id)
    return context.json(marked(await assistOf(context).summarise(asked)), 200)
  })
  app.openapi(showHandoff, async (context) => {
    const shown = await assistOf(context).handoff(context.req.valid('param').id)
    return context.json({ ...shown, machineMade: true as const }, 200)
  })
  app.openapi(suggestReply, async (context) => {
    const asked = requestOf(context, context.req.valid('param').id)
    return context.json(marked(await assistOf(context).suggestReply(asked)), 200)
  })
  app.openapi(rewrite, async (context) => {
    const asked = requestOf(context, context.req.valid('param').id)
    const { text, how } = context.req.valid('json')
    return context.json(marked(await assistOf(context).rewrite(asked, text, how)), 200)
  })
  app.openapi(translate, async (context) => {
    const asked = requestOf(context, context.req.valid('param').id)
    const { messageId, to } = context.req.valid('json')
    const assisted = await assistOf(context).translate({ ...asked, language: to }, messageId)
    return context.json(marked(assisted), 200)
  })
  app.openapi(proposeFields, async (context) => {
    const asked = requestOf(context, context.req.valid('param').id)
    return context.json(marked(await assistOf(context).proposeFields(asked)), 200)
  })
}
