import { z } from '@hono/zod-openapi'
import { proposalKinds, proposalStates, type Proposal, type ProposalAct } from '../../../core/learning.ts'
import { ArticleContentSchema, evaluationJson, EvaluationSchema } from '../../shapes/knowledge.ts'
import {
  proposalJson,
  ProposalSchema,
  proposedJson,
  ProposedSchema,
  questionJson,
  QuestionSchema,
} from '../../shapes/proposals.ts'
import { createCursors, cutPage, pageOf, pageQuery } from '../cursor.ts'
import { defineRoute, nothing, type ApiRoute, type RawCall, type Reply } from '../define-route.ts'
import { actorOf, showingCurrent } from '../writing.ts'
import { evaluationExample } from './knowledge-examples.ts'
import { proposalExample, proposedExample, questionExample } from './proposal-examples.ts'

type ProposalCall = Pick<RawCall, 'api' | 'caller' | 'version' | 'idempotencyKey'> & {
  readonly params: { readonly id: string }
  readonly body: unknown
}
type ProposalReply = Reply<z.output<typeof ProposalSchema>>
interface Writer {
  readonly actor: ReturnType<typeof actorOf>
  readonly version: number | undefined
  readonly idempotencyKey: string | undefined
}

const reply = (proposal: Proposal): ProposalReply => ({
  body: proposalJson(proposal),
  version: proposal.version,
})

/** Writes to a proposal and answers it as it is then. */
const writing = async (
  call: ProposalCall,
  write: (by: Writer) => Promise<Proposal>,
): Promise<ProposalReply> => {
  const { api, version, idempotencyKey, params, body } = call
  const current = async () => proposalJson(await api.learning.proposals.get(params.id, api.clock.now()))
  return reply(
    await showingCurrent(() => write({ actor: actorOf(call), version, idempotencyKey }), current, {
      ...{ version, changes: body },
    }),
  )
}

const acting = (call: ProposalCall, act: ProposalAct): Promise<ProposalReply> =>
  writing(call, (by) => call.api.learning.proposals.act(call.params.id, act, by, call.api.clock.now()))

/** One or several words of a list, with commas. */
const several = <const Words extends readonly [string, ...string[]]>(words: Words, example: string) =>
  z
    .string()
    .max(200)
    .transform((text) => text.split(','))
    .pipe(z.array(z.enum(words)).min(1).max(words.length))
    .optional()
    .openapi({ type: 'string', description: 'One or several, with commas', example })

const ListQuery = z.strictObject({
  ...pageQuery,
  state: several(proposalStates, 'open,accepted'),
  kind: several(proposalKinds, 'new_article'),
  article: z.string().min(1).max(80).optional().openapi({ description: 'The article that it is about' }),
})

const cursors = createCursors('knowledge-proposals', z.object({ count: z.int(), id: z.uuid() }))
const questionCursors = createCursors(
  'knowledge-questions',
  z.object({ saidAt: z.iso.datetime(), id: z.uuid() }),
)

const Accept = z
  .strictObject({
    articleId: z
      .string()
      .min(1)
      .max(80)
      .optional()
      .openapi({ description: 'The article that the questions belong to, where it is another one' }),
    content: ArticleContentSchema.optional().openapi({ description: 'The whole article instead' }),
    similar: z
      .array(z.string().trim().min(1).max(200))
      .min(1)
      .max(50)
      .optional()
      .openapi({ description: 'Similar questions to add, instead of those proposed' }),
  })
  .refine(
    ({ articleId, content, similar }) => content === undefined || (articleId ?? similar) === undefined,
    {
      path: ['content'],
      error: 'is given alone',
    },
  )

const own = {
  tag: 'knowledge',
  permission: 'knowledge.edit',
  params: z.strictObject({ id: z.uuid() }),
  query: nothing,
  body: nothing,
  answer: ProposalSchema,
  example: proposalExample,
} as const
/** Its answers show what contacts asked. */
const common = { ...own, ofContacts: true } as const
const reading = { ...common, method: 'get', permission: 'knowledge.read' } as const
/** Not masked: what it shows of articles is written back. What contacts wrote was masked when it was kept. */
const previewing = { ...own, method: 'get', permission: 'knowledge.read' } as const
const posting = { ...common, method: 'post', versioned: true } as const

const readingRoutes: readonly ApiRoute[] = [
  defineRoute({
    ...reading,
    id: 'listProposals',
    path: '/knowledge/proposals',
    summary: 'List what conversations that went wrong propose',
    description: 'The one with most questions first.',
    params: nothing,
    query: ListQuery,
    answer: pageOf(ProposalSchema).openapi('ProposalPage'),
    example: { data: [proposalExample] },
    handle: async ({ api, query: { limit, cursor, state, kind, article } }) => {
      const rows = await api.learning.proposals.list(
        { states: state, kinds: kind, articleId: article },
        { after: cursors.read(cursor), limit: limit + 1 },
        api.clock.now(),
      )
      const page = cutPage(rows, limit, {
        json: proposalJson,
        cursor: ({ count, id }) => cursors.write({ count, id }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getProposal',
    path: '/knowledge/proposals/{id}',
    summary: 'Read a proposal',
    versioned: true,
    handle: async ({ api, params }) => reply(await api.learning.proposals.get(params.id, api.clock.now())),
  }),
  defineRoute({
    ...previewing,
    id: 'previewProposal',
    path: '/knowledge/proposals/{id}/edits',
    summary: 'See what accepting a proposal would write',
    description: 'Of an open one. With `article`, as if the questions belonged to that one.',
    query: z.strictObject({ article: z.string().min(1).max(80).optional() }),
    answer: ProposedSchema,
    example: proposedExample,
    handle: async ({ api, params, query: { article } }) => ({
      body: proposedJson(await api.learning.service.propose(params.id, { articleId: article })),
    }),
  }),
  defineRoute({
    ...reading,
    id: 'listProposalQuestions',
    path: '/knowledge/proposals/{id}/questions',
    summary: 'List the questions of a proposal',
    description: 'The latest first.',
    query: z.strictObject(pageQuery),
    answer: pageOf(QuestionSchema).openapi('FailedQuestionPage'),
    example: { data: [questionExample] },
    handle: async ({ api, params, query: { limit, cursor } }) => {
      const { id } = await api.learning.proposals.get(params.id, api.clock.now())
      const place = questionCursors.read(cursor)
      const after = place === undefined ? undefined : { id: place.id, saidAt: new Date(place.saidAt) }
      const rows = await api.learning.proposals.questions(id, { after, limit: limit + 1 })
      const page = cutPage(rows, limit, {
        json: questionJson,
        cursor: ({ saidAt, id: last }) => questionCursors.write({ saidAt: saidAt.toISOString(), id: last }),
      })
      return { body: page, ...(page.next === undefined ? {} : { next: page.next }) }
    },
  }),
  defineRoute({
    ...reading,
    id: 'getProposalReplay',
    path: '/knowledge/proposals/{id}/replay',
    summary: 'See what last week’s conversations would have got',
    description: 'The evaluation that accepting it began; read it until its state is done.',
    answer: EvaluationSchema,
    example: evaluationExample,
    handle: async ({ api, params }) => ({
      body: evaluationJson(await api.learning.service.replay(params.id)),
    }),
  }),
]

/** What conversations that went wrong propose. */
export const knowledgeProposalRoutes: readonly ApiRoute[] = [
  ...readingRoutes,
  defineRoute({
    ...common,
    id: 'nameProposal',
    method: 'patch',
    path: '/knowledge/proposals/{id}',
    summary: 'Name a proposal',
    description: 'A proposal with a name never ends by itself.',
    body: z.strictObject({ name: z.string().trim().min(1).max(100) }),
    versioned: true,
    handle: (call) => acting(call, { act: 'name', name: call.body.name }),
  }),
  defineRoute({
    ...posting,
    id: 'acceptProposal',
    path: '/knowledge/proposals/{id}/accept',
    summary: 'Make drafts of a proposal',
    description:
      'They are measured, and last week is replayed, in the background: `/replay`. They are reviewed and published as all drafts are; the proposal is done when they are.',
    body: Accept,
    handle: (call) => writing(call, (by) => call.api.learning.service.accept(call.params.id, call.body, by)),
  }),
  defineRoute({
    ...posting,
    id: 'dismissProposal',
    path: '/knowledge/proposals/{id}/dismiss',
    summary: 'Dismiss a proposal',
    description: 'It comes back when there are twice as many questions.',
    body: z.strictObject({ reason: z.string().trim().min(1).max(2_000) }),
    handle: (call) => acting(call, { act: 'dismiss', reason: call.body.reason }),
  }),
  defineRoute({
    ...posting,
    id: 'reopenProposal',
    path: '/knowledge/proposals/{id}/reopen',
    summary: 'Open a settled proposal again',
    description: 'Drafts that were made of it stay as they are.',
    handle: (call) => acting(call, { act: 'reopen' }),
  }),
  defineRoute({
    ...posting,
    id: 'mergeProposal',
    path: '/knowledge/proposals/{id}/merge',
    summary: 'Bring the questions of another proposal into this one',
    description: 'They stay together from then on.',
    body: z.strictObject({ from: z.uuid() }),
    handle: (call) => acting(call, { act: 'merge', from: call.body.from }),
  }),
  defineRoute({
    ...common,
    id: 'moveProposalQuestion',
    method: 'patch',
    path: '/knowledge/questions/{id}',
    summary: 'Put a question into another proposal',
    description: 'It stays there.',
    body: z.strictObject({ proposalId: z.uuid() }),
    answer: QuestionSchema,
    example: questionExample,
    handle: async (call) => {
      const { api, params, body, version, idempotencyKey } = call
      const by = { actor: actorOf(call), version, idempotencyKey }
      const question = await api.learning.proposals.move(params.id, body.proposalId, by, api.clock.now())
      return { body: questionJson(question) }
    },
  }),
]
