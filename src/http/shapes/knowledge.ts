import { z } from '@hono/zod-openapi'
import { articleContent } from '../../core/article.ts'
import {
  draftStates,
  editActions,
  type ArticleState,
  type Draft,
  type EditingActor,
  type KnowledgeVersion,
} from '../../core/editing.ts'
import type { Evaluation } from '../../core/evaluation.ts'
import { exchangeFormats, type ImportRow, type KnowledgeImport } from '../../core/exchange.ts'
import { ActorSchema } from './incident.ts'
import { Moment } from './message.ts'

// Made anew: a schema from before the API's own zod was extended cannot be named.
/** An article as editors write it. */
export const ArticleContentSchema = z.strictObject(articleContent.shape).openapi('ArticleContent')

/** Leaves out what is undefined. */
const present = <Value extends object>(value: Value): Value =>
  Object.fromEntries(Object.entries(value).filter(([, one]) => one !== undefined)) as Value

export const actorJson = (actor: EditingActor): z.output<typeof ActorSchema> =>
  actor.kind === 'system' ? { kind: 'system' } : { kind: actor.kind, id: actor.id, name: actor.name }

export const DraftSchema = z
  .object({
    id: z.string(),
    articleId: z.string(),
    action: z.enum(editActions).openapi({
      description: '`save`: the article as `content`; `retire`: none; `use-file`: its file speaks again',
    }),
    content: ArticleContentSchema.optional(),
    reason: z.string(),
    state: z.enum(draftStates),
    author: ActorSchema.openapi({ description: 'Who wrote it last; somebody else approves it' }),
    reviewer: ActorSchema.optional(),
    note: z.string().optional().openapi({ description: 'What the reviewer says' }),
    source: z
      .object({
        kind: z.enum(['import', 'proposal', 'tickets']),
        id: z.string(),
        model: z.string().optional().openapi({ description: 'The language model that wrote its words' }),
      })
      .optional(),
    base: z.string().optional().openapi({ description: 'Hash of the live article it was written on' }),
    baseVersion: z.number(),
    fileHash: z.string().optional(),
    publishedIn: z.number().optional(),
    createdAt: Moment,
    updatedAt: Moment,
    version: z.number(),
  })
  .openapi('KnowledgeDraft')

export const draftJson = (draft: Draft): z.output<typeof DraftSchema> => {
  const { author, reviewer, createdAt, updatedAt, ...rest } = draft
  return present({
    ...rest,
    author: actorJson(author),
    reviewer: reviewer === undefined ? undefined : actorJson(reviewer),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  })
}

const OpenDraft = z.object({
  id: z.string(),
  state: z.enum(draftStates),
  action: z.enum(editActions),
  version: z.number(),
  updatedAt: Moment,
})

const articleFacts = {
  articleId: z.string(),
  hash: z.string().optional().openapi({ description: 'Of the live article' }),
  origin: z.enum(['file', 'published', 'retired', 'draft']).openapi({
    description: 'Where what is live comes from; `retired`: it hides the file; `draft`: nothing is live yet',
  }),
  conflict: z.boolean().openapi({
    description: 'The file was changed after something was published over it; compare, then publish a draft',
  }),
  drafts: z.array(OpenDraft).readonly(),
}

export const ArticleRowSchema = z
  .object({
    ...articleFacts,
    topic: z.string().optional(),
    question: z.string().optional(),
    file: z.string().optional(),
  })
  .openapi('ArticleRow')
export const ArticleSchema = z
  .object({
    ...articleFacts,
    live: ArticleContentSchema.optional(),
    file: z.object({ content: ArticleContentSchema, hash: z.string(), file: z.string() }).optional(),
  })
  .openapi('Article')

const openDrafts = ({ drafts }: ArticleState) =>
  drafts.map(({ updatedAt, ...rest }) => ({ ...rest, updatedAt: updatedAt.toISOString() }))

export const articleRowJson = (state: ArticleState): z.output<typeof ArticleRowSchema> => {
  const { articleId, hash, origin, conflict, live, file } = state
  const { topic, question } = live ?? file?.content ?? {}
  return present({
    articleId,
    topic,
    question,
    hash,
    origin,
    conflict,
    file: file?.file,
    drafts: openDrafts(state),
  })
}

export const articleJson = (state: ArticleState): z.output<typeof ArticleSchema> => ({
  ...state,
  drafts: openDrafts(state),
})

const DiffKind = z.enum(['added', 'changed', 'removed'])
export const ArticleDiffSchema = z
  .object({
    articleId: z.string(),
    kind: DiffKind,
    fields: z
      .array(z.object({ field: z.string(), before: z.unknown().optional(), after: z.unknown().optional() }))
      .readonly(),
  })
  .openapi('ArticleDiff')

export const FindingSchema = z
  .object({
    level: z
      .enum(['error', 'warning'])
      .openapi({ description: '`error`: it keeps the drafts from being published' }),
    articleId: z.string(),
    problem: z.string(),
    fix: z.string(),
  })
  .openapi('KnowledgeFinding')

export const PreviewSchema = z
  .object({
    inboxId: z.string(),
    channel: z.string(),
    language: z.enum(['zh', 'en']),
    messages: z.array(z.object({ text: z.string(), bytes: z.number(), characters: z.number() })).readonly(),
    limit: z.object({ max: z.number(), unit: z.enum(['bytes', 'characters']) }),
  })
  .openapi('ArticlePreview')

const Reaction = z.union([
  z.object({ kind: z.literal('answer'), articleId: z.string() }),
  z.object({ kind: z.enum(['clarify', 'none']) }),
])
const Shares = z.object({
  answered: z.number(),
  wrong: z.number().openapi({ description: 'Of those answered' }),
  clarified: z.number(),
  coverage: z.number().openapi({ description: 'Of those that an article should answer' }),
})
const Counts = z.object({ answer: z.number(), clarify: z.number(), none: z.number() })
const ReplaySchema = z
  .object({
    since: Moment,
    of: z.number().openapi({ description: 'The messages were drawn from so many' }),
    seed: z.string().openapi({ description: 'The same seed draws the same' }),
    before: Counts,
    after: Counts,
    gained: z.number().openapi({ description: 'Answered only with the drafts' }),
    lost: z.number().openapi({ description: 'Not answered any more' }),
    lostUnquestioned: z
      .number()
      .openapi({ description: 'Of those lost, the ones with whose answer nobody found fault' }),
    other: z.number().openapi({ description: 'Answered by another article' }),
  })
  .openapi('KnowledgeReplay')
const summaryFacts = {
  labelled: z
    .object({ rows: z.number(), before: Shares, after: Shares, changed: z.number() })
    .optional()
    .openapi({ description: 'On `knowledge.labelled`' }),
  conversations: z.object({ messages: z.number(), changed: z.number(), replay: ReplaySchema.optional() }),
  concerns: z.array(z.string()).readonly().openapi({ description: 'Why publishing needs a reason' }),
}
const Changed = z.object({
  messageId: z
    .string()
    .optional()
    .openapi({ description: 'Of what a contact wrote; it goes with the message' }),
  text: z.string(),
  before: Reaction,
  after: Reaction,
  right: z.object({ before: z.boolean(), after: z.boolean() }).optional(),
})

export const EvaluationSchema = z
  .object({
    id: z.string(),
    state: z.enum(['waiting', 'done', 'failed']),
    draftIds: z.array(z.string()).readonly(),
    questions: z.array(z.string()).readonly(),
    whole: z.boolean(),
    by: ActorSchema,
    createdAt: Moment,
    doneAt: Moment.optional(),
    failure: z.string().optional(),
    result: z
      .object({
        ...summaryFacts,
        labelledChanges: z.array(Changed).readonly(),
        conversationChanges: z.array(Changed).readonly().openapi({ description: 'Personal data is masked' }),
        tried: z.array(z.object({ question: z.string(), before: Reaction, after: Reaction })).readonly(),
      })
      .optional(),
  })
  .openapi('KnowledgeEvaluation')

export const evaluationJson = (evaluation: Evaluation): z.output<typeof EvaluationSchema> => {
  const { id, state, draftIds, questions, whole, by, createdAt, doneAt, failure, result } = evaluation
  return present({
    ...{ id, state, draftIds, questions, whole, by: actorJson(by), failure, result },
    createdAt: createdAt.toISOString(),
    doneAt: doneAt?.toISOString(),
  })
}

const versionFacts = {
  number: z.number(),
  kind: z.enum(['publish', 'rollback']),
  at: Moment,
  by: ActorSchema,
  reason: z.string(),
  override: z
    .string()
    .optional()
    .openapi({ description: 'Why it was published whatever the evaluation said' }),
  restored: z.number().optional().openapi({ description: 'The version whose state it has again' }),
  evaluation: z.object(summaryFacts).optional(),
  contentHash: z.string(),
}
export const VersionRowSchema = z.object(versionFacts).openapi('KnowledgeVersionRow')
export const VersionSchema = z
  .object({
    ...versionFacts,
    changes: z
      .array(
        z.object({
          articleId: z.string(),
          before: ArticleContentSchema.optional(),
          after: ArticleContentSchema.optional(),
        }),
      )
      .readonly(),
  })
  .openapi('KnowledgeVersion')

export const versionRowJson = (
  version: Omit<KnowledgeVersion, 'changes'>,
): z.output<typeof VersionRowSchema> => ({
  ...version,
  at: version.at.toISOString(),
  by: actorJson(version.by),
})

export const versionJson = (version: KnowledgeVersion): z.output<typeof VersionSchema> => ({
  ...versionRowJson(version),
  changes: version.changes,
})

export const ImportSchema = z
  .object({
    id: z.string(),
    format: z.enum(exchangeFormats),
    name: z.string(),
    state: z.enum(['read', 'applied', 'undone']),
    counts: z.object({
      add: z.number(),
      change: z.number(),
      retire: z.number(),
      same: z.number(),
      faulty: z.number(),
    }),
    rows: z
      .array(
        z.object({
          row: z.string().openapi({ description: 'Line in the table, or the file’s name' }),
          articleId: z.string().optional(),
          does: z.enum(['add', 'change', 'retire', 'same', 'faulty']),
          fields: ArticleDiffSchema.shape.fields,
          faults: z.array(z.object({ column: z.string(), problem: z.string(), fix: z.string() })).readonly(),
        }),
      )
      .readonly(),
    draftIds: z.array(z.string()).readonly(),
    by: ActorSchema,
    createdAt: Moment,
    updatedAt: Moment,
  })
  .openapi('KnowledgeImport')

export const importJson = (file: KnowledgeImport): z.output<typeof ImportSchema> => {
  const { id, format, name, state, rows, draftIds, by, createdAt, updatedAt } = file
  const count = (what: ImportRow['does']): number => rows.filter(({ does }) => does === what).length
  return {
    ...{ id, format, name, state, draftIds, by: actorJson(by) },
    counts: {
      ...{ add: count('add'), change: count('change'), retire: count('retire') },
      ...{ same: count('same'), faulty: count('faulty') },
    },
    rows: rows.map(({ row, articleId, does, fields, faults }) =>
      present({ row, articleId, does, fields, faults }),
    ),
    createdAt: createdAt.toISOString(),
    updatedAt: updatedAt.toISOString(),
  }
}
