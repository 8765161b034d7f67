import { z } from '@hono/zod-openapi'
import { TongdaError } from '../../../core/errors.ts'
import {
  contradictionStates,
  type ContradictionState,
  type EditingHelp,
  type ShownContradiction,
} from '../../../core/editing-help.ts'
import {
  checkJson,
  CheckSchema,
  contradictionJson,
  ContradictionSchema,
  refusalJson,
  RefusalSchema,
  ToneSchema,
  WordingsSchema,
} from '../../shapes/editing-help.ts'
import { ArticleContentSchema, draftJson, DraftSchema } from '../../shapes/knowledge.ts'
import { requirePermission } from '../caller.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall } from '../define-route.ts'
import { actorOf } from '../writing.ts'
import {
  checkExample,
  contradictionExample,
  refusalExample,
  toneExample,
  wordingsExample,
  writtenExample,
} from './help-examples.ts'
import { contentExample } from './knowledge-examples.ts'
import { idOf } from './tickets.ts'

const helpOf = ({ api }: Pick<RawCall, 'api'>): EditingHelp => {
  if (api.editingHelp === undefined)
    throw new TongdaError(
      'not_found',
      'no language model helps editors here: it is switched off; set llm.model and llm.editing: on, then restart',
    )
  return api.editingHelp
}

const common = {
  tag: 'knowledge',
  permission: 'knowledge.edit',
  params: nothing,
  query: nothing,
  body: nothing,
} as const
const posting = { ...common, method: 'post' } as const

const Content = z
  .strictObject({ content: ArticleContentSchema })
  .openapi({ example: { content: contentExample } })
const mostTickets = 10
const From = z
  .strictObject({
    tickets: z
      .array(z.string().regex(/^(?:T-\d{1,10}|[0-9a-f-]{36})$/i, 'a ticket’s id or its number, e.g. T-1001'))
      .min(1)
      .max(mostTickets)
      .optional()
      .openapi({ description: 'Settled questions, by id or number; takes `ticket.read` too' }),
    proposalId: z.uuid().optional().openapi({ description: 'Questions that nobody had an answer to' }),
  })
  .refine(({ tickets, proposalId }) => (tickets === undefined) !== (proposalId === undefined), {
    path: ['tickets'],
    error: 'or `proposalId`: give one of them',
  })
  .openapi({ example: { tickets: ['T-1001', 'T-1002'] } })

/** One as it is shown; what is gone meanwhile is told so. */
const shown = async (
  help: EditingHelp,
  id: string,
  state: ContradictionState,
): Promise<ShownContradiction> => {
  const found = (await help.contradictions.list(state)).find((one) => one.id === id)
  if (found === undefined)
    throw new TongdaError('not_found', 'one of its articles was changed; what was found of them is gone')
  return found
}

const settling = (
  act: 'dismiss' | 'reopen',
  to: ContradictionState,
  facts: { readonly summary: string; readonly description: string },
): ApiRoute =>
  defineRoute({
    ...{ ...posting, ...facts },
    id: `${act}Contradiction`,
    path: `/knowledge/contradictions/{id}/${act}`,
    params: z.strictObject({ id: z.uuid() }),
    answer: ContradictionSchema,
    example: { ...contradictionExample, state: to },
    versioned: true,
    handle: async (call) => {
      const help = helpOf(call)
      const by = { actor: actorOf(call), version: call.version }
      const { version } = await help.contradictions.settle(call.params.id, to, by)
      return { body: contradictionJson(await shown(help, call.params.id, to)), version }
    },
  })

/** What a language model writes for one article, or from settled work. */
const writingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...common,
    id: 'getEditingHelp',
    method: 'get',
    path: '/knowledge/help',
    summary: 'See whether a language model helps editors here',
    description: 'Off unless `llm.model` and `llm.editing` are set; then the other routes answer 404.',
    answer: z.object({ on: z.boolean() }).openapi('EditingHelp'),
    example: { on: true },
    handle: ({ api }) => Promise.resolve({ body: { on: api.editingHelp !== undefined } }),
  }),
  defineRoute({
    ...posting,
    id: 'suggestWordings',
    path: '/knowledge/help/similar-questions',
    summary: 'Have similar questions for an article thought up',
    description:
      'By a language model; without those the article has, and each with what would become of it. Changes nothing.',
    body: Content,
    answer: WordingsSchema,
    example: wordingsExample,
    handle: async (call) => {
      const { found, model } = await helpOf(call).wordings(call.body.content)
      return { body: { data: found, model } }
    },
  }),
  defineRoute({
    ...posting,
    id: 'checkTone',
    path: '/knowledge/help/tone',
    summary: 'Have the tone of an answer looked at',
    description:
      'By a language model, against the tone of `dialogue.persona`. Only proposals that tell the same facts are given. Changes nothing.',
    body: Content,
    answer: ToneSchema,
    example: toneExample,
    handle: async (call) => {
      const { found, model } = await helpOf(call).tone(call.body.content)
      return { body: { data: found, model } }
    },
  }),
  defineRoute({
    ...posting,
    id: 'draftArticle',
    path: '/knowledge/help/drafts',
    summary: 'Have an article drafted from settled work',
    description:
      'By a language model, from what people replied; personal data and names are taken out before. It is kept as a draft, never published; `reason` says what to look at.',
    status: 201,
    body: From,
    answer: DraftSchema,
    example: writtenExample,
    handle: async (call) => {
      const { api, caller, body, idempotencyKey } = call
      const help = helpOf(call)
      const { tickets, proposalId } = body
      if (tickets !== undefined) requirePermission(caller, 'ticket.read')
      const from =
        proposalId === undefined
          ? { tickets: await Promise.all((tickets ?? []).map((id) => idOf(api, id))) }
          : { proposalId }
      const draft = await help.draft(from, { actor: actorOf(call), idempotencyKey })
      return {
        body: draftJson(draft),
        version: draft.version,
        location: `/knowledge/drafts/${draft.id}`,
      }
    },
  }),
]

/** What a language model does for editors. */
export const knowledgeHelpRoutes: readonly ApiRoute[] = [
  ...writingRoutes,
  defineRoute({
    ...common,
    id: 'listContradictions',
    method: 'get',
    path: '/knowledge/contradictions',
    summary: 'List articles that contradict each other',
    description: 'The latest first; of articles as they are live. Found by a language model.',
    query: z.strictObject({ state: z.enum(contradictionStates).default('open') }),
    answer: z.object({ data: z.array(ContradictionSchema).readonly() }).openapi('Contradictions'),
    example: { data: [contradictionExample] },
    handle: async (call) => {
      const found = await helpOf(call).contradictions.list(call.query.state)
      return { body: { data: found.map(contradictionJson) } }
    },
  }),
  settling('dismiss', 'dismissed', {
    summary: 'Dismiss a contradiction',
    description: 'It does not come back until one of the two texts changes.',
  }),
  settling('reopen', 'open', {
    summary: 'Open a dismissed contradiction again',
    description: 'It stands in the list again.',
  }),
  defineRoute({
    ...common,
    id: 'getContradictionCheck',
    method: 'get',
    path: '/knowledge/contradiction-check',
    summary: 'See how far the latest look for contradictions is',
    answer: CheckSchema,
    example: checkExample,
    handle: async (call) => ({ body: checkJson(await helpOf(call).contradictions.check()) }),
  }),
  defineRoute({
    ...posting,
    id: 'startContradictionCheck',
    path: '/knowledge/contradiction-check',
    summary: 'Look for contradictions between articles',
    description:
      'In the background, within the budget of the language model. Pairs that were compared as they stand are not compared again: a look that paused goes on.',
    status: 202,
    answer: CheckSchema,
    example: checkExample,
    handle: async (call) => ({ body: checkJson(await helpOf(call).contradictions.start(actorOf(call))) }),
  }),
  defineRoute({
    ...common,
    id: 'listUncheckedPairs',
    method: 'get',
    path: '/knowledge/unchecked-pairs',
    summary: 'List pairs of articles that the model would not compare',
    description:
      'The latest first; of articles as they are live. A changed article is compared again by itself.',
    answer: z.object({ data: z.array(RefusalSchema).readonly() }).openapi('UncheckedPairs'),
    example: { data: [refusalExample] },
    handle: async (call) => {
      const refused = await helpOf(call).contradictions.refused()
      return { body: { data: refused.map(refusalJson) } }
    },
  }),
  defineRoute({
    ...posting,
    id: 'retryUncheckedPairs',
    path: '/knowledge/unchecked-pairs/retry',
    summary: 'Have pairs compared that the model would not compare',
    description: 'All of them, in a look for contradictions in the background.',
    status: 202,
    answer: CheckSchema,
    example: checkExample,
    handle: async (call) => ({ body: checkJson(await helpOf(call).contradictions.retry(actorOf(call))) }),
  }),
]
